// `npm run bench:load`: how long an easy request takes, and how much memory the node does, under each load that clients
// can put on the RPC server.
//
//   node build/js/bench/load.js [LOAD...]
//
// The client of the easy requests connects after the load is on. Exits non-zero if it was not served at all.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Rpc, startNode } from './process.js';
import { printMachine } from './report.js';
import { named } from './words.js';

const client = fileURLToPath(new URL('load-client.js', import.meta.url));
const MEASURED_MS = 5_000;
const PAUSE_MS = 5;
/** A connection that is younger does not give way to a new one. */
const SETTLED_MS = 1_000;
const P99_MS_GOAL = 100;
const MEMORY_MIB_GOAL = 600;

const LOADS = [
  'none',
  'transfers',
  'deep JSON',
  'wide JSON',
  'wide queries',
  'large answers',
  'heavy state_call',
  'subscriptions',
  'unread answers',
  'unfinished messages',
  'half-open requests',
  'idle sockets',
];

async function run(load: string): Promise<void> {
  const node = await startNode(['--log', 'error']);
  const child =
    load === 'none'
      ? undefined
      : spawn(process.execPath, [client, node.url, load], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    if (child !== undefined) await once(createInterface({ input: child.stdout }), 'line');
    await sleep(SETTLED_MS);
    const rpc = await Rpc.connect(node.url);
    const samples: number[] = [];
    const endMs = performance.now() + MEASURED_MS;
    for (let index = 0; performance.now() < endMs; index++) {
      const beganMs = performance.now();
      await (index % 2 === 0 ? rpc.call('chain_getHeader') : rpc.call('state_call', ['Core_version', '0x']));
      samples.push(performance.now() - beganMs);
      await sleep(PAUSE_MS);
    }
    samples.sort((a, b) => a - b);
    const at = (part: number): number => samples[Math.min(samples.length - 1, Math.floor(part * samples.length))]!;
    const peakMib = node.peakMemoryMib();
    const verdict = at(0.99) <= P99_MS_GOAL && peakMib <= MEMORY_MIB_GOAL ? 'met' : 'missed';
    const figures = `p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, ${samples.length} requests, ${peakMib.toFixed(0)} MiB`;
    console.log(`${load.padEnd(22)}${figures.padEnd(60)}goal ${P99_MS_GOAL} ms, ${MEMORY_MIB_GOAL} MiB: ${verdict}`);
    rpc.close();
  } finally {
    child?.kill('SIGKILL');
    await node.stop();
  }
}

const chosen = named('load', LOADS, (name) => name, process.argv.slice(2));
printMachine();
for (const load of chosen) await run(load);
