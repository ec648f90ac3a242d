// `npm run bench`: the figures that the project promises, each as a median with its spread, beside its goal.
//
//   node build/js/bench/run.js [NAME...]    only the scenarios named: startup block cores transfers package incore rpc
//
// Exits non-zero if a scenario did not finish; a missed goal is printed, never asserted.
import { emptyBlockRun } from './empty-block.js';
import { type Block, type EndOfBlock, endOfBlockRun } from './end-of-block.js';
import { payloadRun } from './incore.js';
import { packageRun } from './package.js';
import { Rpc, startNode } from './process.js';
import { print, printMachine, spread, type Spread } from './report.js';
import { rpcLatencyRun } from './rpc-latency.js';
import { TRANSFERS, TRANSFERS_MANY, transfersRun } from './transfers.js';
import { named } from './words.js';

const RUNS = 5;

async function repeat<T>(runs: number, run: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < runs; index++) results.push(await run());
  return results;
}

/** From the start of the process to the response to the first request, in seconds. */
async function startup(): Promise<void> {
  const samples = await repeat(RUNS, async () => {
    const started = performance.now();
    const node = await startNode(['--log', 'error']);
    const rpc = await Rpc.connect(node.url);
    await rpc.call('system_chain');
    const seconds = (performance.now() - started) / 1000;
    rpc.close();
    await node.stop();
    return seconds;
  });
  print('start of the process to the first RPC response', 's', spread(samples), 1.0);
}

async function block(): Promise<void> {
  const executed = await repeat(3, () => emptyBlockRun(['--execute-own-blocks']));
  print('an empty block built, executed, committed', 'ms', spread(executed.flat()), 5);
  print('  the same without executing it again', 'ms', spread(await emptyBlockRun([])));
}

async function cores(): Promise<void> {
  const runs = await repeat(RUNS, () => Promise.resolve(endOfBlockRun(10)));
  const of = (which: (run: EndOfBlock) => Block[], part: keyof Block): Spread =>
    spread(runs.flatMap(which).map((block) => block[part]));
  print(
    'end of a block, 512 cores idle',
    'ms',
    of(({ idle }) => idle, 'end'),
    5,
  );
  print(
    '  its start',
    'ms',
    of(({ idle }) => idle, 'start'),
  );
  print(
    '  its inherents',
    'ms',
    of(({ idle }) => idle, 'inherents'),
  );
  print(
    'end of a block, 512 pending reports',
    'ms',
    of(({ pending }) => [pending], 'end'),
  );
  print(
    '  its inherents, one bitfield',
    'ms',
    of(({ pending }) => [pending], 'inherents'),
  );
  print(
    'end of a block, 512 packages available in it',
    'ms',
    of(({ available }) => [available], 'end'),
  );
  print(
    '  its inherents, signatures verified before',
    'ms',
    of(({ available }) => [available], 'inherents'),
  );
  print(
    'end of a block in which 64 of 512 reports time out',
    'ms',
    of(({ timedOut }) => timedOut, 'end'),
  );
}

async function transfers(): Promise<void> {
  const runs = await repeat(RUNS, () => transfersRun(TRANSFERS, true));
  print(`${TRANSFERS} signed transfers, submitted to all in blocks`, 's', spread(runs.map(({ ms }) => ms / 1000)), 2);
  print('  processor time of the node', 's', spread(runs.map(({ cpuSeconds }) => cpuSeconds)));
  print('  blocks they took', '', spread(runs.map(({ blocks }) => blocks)));
  print('  peak memory of the node through them', 'MiB', spread(runs.map(({ peakMemoryMib }) => peakMemoryMib)), 400);
  const without = await repeat(3, () => transfersRun(TRANSFERS, false));
  print('  the same without the cache of verifications', 's', spread(without.map(({ ms }) => ms / 1000)));
  const many = await repeat(3, () => transfersRun(TRANSFERS_MANY, true));
  const seconds = many.map(({ ms }) => ms / 1000);
  print(
    `${TRANSFERS_MANY} signed transfers, in the same way (1,000 a second)`,
    's',
    spread(seconds),
    TRANSFERS_MANY / 1000,
  );
  print('  processor time of the node', 's', spread(many.map(({ cpuSeconds }) => cpuSeconds)));
}

async function workPackage(): Promise<void> {
  const samples = await packageRun(RUNS * 2);
  print('a package of 4 × 64 KiB, submitted to accumulated', 'ms', spread(samples), 500);
}

async function incore(): Promise<void> {
  const { inChild, inProcess, hashing, aboveHashing } = await payloadRun(RUNS * 5);
  print('5 MiB refined in a child process, above the hashing', 'ms', spread(aboveHashing), 15);
  print('  all of it', 'ms', spread(inChild));
  print('  the same guest in this process', 'ms', spread(inProcess));
  print('  the hashing itself', 'ms', spread(hashing));
}

async function rpc(): Promise<void> {
  const { busy, idle, guests } = await rpcLatencyRun(RUNS);
  print('RPC response while a guest uses up its 2 s of weight', 'ms', spread(busy));
  print('  the same while none does', 'ms', spread(idle));
  print('  how long the guest ran in its child', 'ms', spread(guests));
}

const SCENARIOS: Record<string, () => Promise<void>> = {
  startup,
  block,
  cores,
  transfers,
  package: workPackage,
  incore,
  rpc,
};

const chosen = named('scenario', Object.entries(SCENARIOS), ([name]) => name, process.argv.slice(2));
printMachine();
for (const [, scenario] of chosen) await scenario();
