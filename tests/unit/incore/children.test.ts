// Guests in child processes: the same results as in this process, and failures that affect only their own child.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blake2_256, concat, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { runGuest, type GuestResult } from '../../../host/executor/index.js';
import { ChildRunner, GuestStopped } from '../../../host/incore/index.js';
import type { ChildRunnerOptions, GuestView, InCoreRun } from '../../../host/incore/index.js';
import { functionsOf } from '../../../host/incore/functions.js';
import { bundle } from '../bundle.js';
import { wat } from '../executor/fixtures.js';

const job = new URL('./children-job.mjs', import.meta.url);
const PLENTY = 10n ** 10n;
/** Weight for 15 minutes. */
const ENDLESS = 10n ** 15n;

const runners: ChildRunner[] = [];
let folder: string;

beforeAll(() => {
  bundle('host/incore/worker.ts', 'incore-worker');
  folder = mkdtempSync(join(tmpdir(), 'corejam-children-'));
});

afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.close()));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function children(options: Partial<ChildRunnerOptions> = {}): ChildRunner {
  const runner = new ChildRunner({ size: 2, wallClockMs: 20_000, job, ...options });
  runners.push(runner);
  return runner;
}

/** Resolves once the process has used some processor time beyond what it takes to start. */
async function untilBusy(pid: number): Promise<void> {
  const ticks = (): number => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return Number(fields[11]) + Number(fields[12]);
  };
  for (let start = ticks(); ticks() < start + 30;) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Private memory of the process, as the pool counts it. */
function ownMiB(pid: number): number {
  const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number);
  return ((resident! - shared!) * 4_096) / 2 ** 20;
}

/** The result with its output hashed, because jest is slow at comparing half a megabyte. */
function hashed(result: GuestResult): object {
  return result.outcome === 'returned' ? { ...result, output: toHex(blake2_256(result.output)) } : result;
}

const HEAD = '(memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 4096))';
const ECHO = '(i64.or (i64.shl (i64.extend_i32_u (local.get $n)) (i64.const 32)) (i64.extend_i32_u (local.get $p)))';

function guest(body: string, imports = ''): Uint8Array {
  return wat(`(module ${imports} ${HEAD} (func (export "refine") (param $p i32) (param $n i32) (result i64) ${body}))`);
}

const NOTHING_TO_SEE: GuestView = { message: () => new Uint8Array(32).fill(9) };

function runOf(code: Uint8Array, change: Partial<InCoreRun> = {}): InCoreRun {
  const view = change.view ?? NOTHING_TO_SEE;
  return {
    code,
    codeHash: blake2_256(code),
    entry: 'refine',
    args: utf8('arguments'),
    weight: PLENTY,
    functions: functionsOf(view),
    view,
    ...change,
  };
}

const FILLING =
  '(drop (memory.grow (i32.const 1000))) (loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 65000000)) (br $l)) (i64.const 0)';
const DEEP = wat(`(module ${HEAD}
  (func $deep (param i32) (result i32) (i32.add (i32.const 1) (call $deep (i32.add (local.get 0) (i32.const 1)))))
  (func (export "refine") (param i32 i32) (result i64) (i64.extend_i32_u (call $deep (i32.const 0)))))`);
const SLOW = guest(
  '(loop $l (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1000000000)))) (i64.const 0)',
);
const MESSAGE = '(import "env" "ext_corejam_package_message_version_1" (func $message (result i32)))';
const ROOT = '(import "env" "ext_corejam_state_root_version_1" (func $root (param i32) (result i64)))';
const LOG = '(import "env" "ext_logging_log_version_1" (func $log (param i32 i64 i64)))';

describe('a run in a child', () => {
  let one: ChildRunner;
  beforeAll(() => {
    one = new ChildRunner({ size: 1, wallClockMs: 20_000, job });
  });
  afterAll(() => one.close());

  const view: GuestView = {
    ...NOTHING_TO_SEE,
    chain: {
      height: 300,
      stateRoot: (height) => blake2_256(new Writer().u32(height).finish()),
      lookup: () => undefined,
    },
  };
  const ofRoot = (height: number): Uint8Array => guest(`(call $root (i32.const ${height}))`, ROOT);
  test.each<[string, InCoreRun, string]>([
    ['returns', runOf(guest(ECHO)), 'returned'],
    ['traps', runOf(guest('unreachable')), 'trapped'],
    ['divides by zero', runOf(guest('(i64.extend_i32_u (i32.div_u (local.get $p) (i32.const 0)))')), 'trapped'],
    ['uses up its weight', runOf(guest('(loop $l (br $l)) (i64.const 0)'), { weight: 1_000_000_123n }), 'outOfWeight'],
    ['exhausts its stack', runOf(DEEP), 'stackExhausted'],
    ['is no module', runOf(utf8('nonsense')), 'invalid'],
    ['lacks the entry point', runOf(guest(ECHO), { entry: 'prune' }), 'invalid'],
    [
      'reads the package message',
      runOf(guest('(i64.or (i64.const 0x2000000000) (i64.extend_i32_u (call $message)))', MESSAGE)),
      'returned',
    ],
    ['reads the newest state root', runOf(ofRoot(300), { view }), 'returned'],
    ['reads the oldest state root in reach', runOf(ofRoot(45), { view }), 'returned'],
    ['requests one out of reach', runOf(ofRoot(44), { view }), 'malformed'], // none is u64::MAX, a result that is too long
    ['requests the chain where it is not available', runOf(ofRoot(300)), 'trapped'],
  ])('that %s ends as it does in this process, to the unit', async (_, run, outcome) => {
    const there = await one.run(run);
    expect(there).toEqual(runGuest(run));
    expect(there.outcome).toBe(outcome);
  });

  test('passes on what the guest logged', async () => {
    const heard: unknown[] = [];
    const code = guest(`(call $log (i32.const 2) ${ECHO} ${ECHO}) ${ECHO}`, LOG);
    await one.run(runOf(code, { args: utf8('words'), log: (...line) => heard.push(line) }));
    expect(heard).toEqual([[2, 'words', 'words']]);
  });

  test('sends long arguments through the channel if no file can be written', async () => {
    const scratch = join(folder, 'full');
    const runner = children({ size: 1, scratch });
    const run = runOf(guest(ECHO), { args: new Uint8Array(400_000).fill(7) });
    const expected = hashed(runGuest(run));
    expect(hashed(await runner.run(run))).toEqual(expected);
    rmSync(join(scratch, '0'));
    symlinkSync('/dev/full', join(scratch, '0')); // can't be written
    expect(hashed(await runner.run(run))).toEqual(expected);
    rmSync(scratch, { recursive: true }); // the folder is gone
    expect(hashed(await runner.run(run))).toEqual(expected);
  });

  test('removes no files of others from the folder for long arguments', () => {
    const [scratch, others] = [join(folder, 'mixed'), join(folder, 'others')];
    for (const made of [scratch, join(scratch, '1'), others]) mkdirSync(made);
    for (const file of ['0', 'notes.txt', '1/notes.txt', '../others/0']) writeFileSync(join(scratch, file), 'mine');
    children({ scratch });
    expect(readdirSync(scratch).sort()).toEqual(['1', 'notes.txt']);
    expect(readdirSync(join(scratch, '1'))).toEqual(['notes.txt']);
    symlinkSync(others, join(folder, 'linked'));
    children({ scratch: join(folder, 'linked') });
    expect([readdirSync(join(folder, 'linked')), readdirSync(others)]).toEqual([[], ['0']]);
  });

  test('sends long arguments through files that are reused, and removes those of an earlier process', async () => {
    const scratch = join(folder, 'scratch');
    children({ scratch });
    writeFileSync(join(scratch, '7'), 'left behind');
    const runner = children({ size: 2, scratch });
    const long = [400_000, 500_000, 300_000].map((length, index) => new Uint8Array(length).fill(index + 1));
    const results = await Promise.all(long.map((args) => runner.run(runOf(guest(ECHO), { args }))));
    results.forEach((result, index) =>
      expect(hashed(result)).toEqual(hashed(runGuest(runOf(guest(ECHO), { args: long[index]! })))),
    );
    expect((await runner.run(runOf(guest(ECHO), { args: long[2]! }))).outcome).toBe('returned');
    expect(readdirSync(scratch).length).toBeLessThanOrEqual(3);
    expect(readdirSync(scratch)).not.toContain('7');
  });
});

describe('limits and failures of children', () => {
  test('endless `memory.fill` within its weight is stopped by the clock; a concurrent run is not affected', async () => {
    const runner = children({ wallClockMs: 3_000 });
    const endless = runner.run(runOf(guest(FILLING), { weight: ENDLESS }));
    const beside = runner.run(runOf(guest(ECHO)));
    await expect(beside).resolves.toMatchObject({ outcome: 'returned' });
    const stopped = await endless.catch((error: unknown) => error);
    expect(stopped).toBeInstanceOf(GuestStopped);
    expect((stopped as Error).message).toBe('was stopped: it ran for more than 3 s on this node');
    await expect(runner.run(runOf(guest(ECHO)))).resolves.toMatchObject({ outcome: 'returned' });
  });

  test('a child is killed at its memory limit', async () => {
    const runner = children({ size: 1, memoryMiB: 300 });
    await expect(runner.run(runOf(guest(ECHO), { args: utf8('host that takes all memory') }))).rejects.toThrow(
      'its process took more than 300 MiB',
    );
    await expect(runner.run(runOf(guest(ECHO)))).resolves.toMatchObject({ outcome: 'returned' });
  });

  test('memory that is allocated in the background for an earlier guest does not stop a later one', async () => {
    // Here a thread allocates it; V8's optimizing compiler takes gigabytes for some guests
    // (docs/decisions/0002-metering.md), but no known module makes all of V8 11, 12 and 13 do so.
    const runner = children({ size: 1, memoryMiB: 300 });
    const before = runOf(guest(ECHO), { args: utf8('host that takes memory in the background') });
    await expect(runner.run(before)).resolves.toMatchObject({ outcome: 'returned' });
    const [pid] = runner.pids;
    await expect(runner.run(runOf(SLOW, { weight: ENDLESS }))).resolves.toMatchObject({ outcome: 'returned' });
    expect(runner.pids).not.toContain(pid);
  });

  test('the run of a child that is killed from outside is repeated in another', async () => {
    const runner = children({ size: 1 });
    const slow = guest(
      '(loop $l (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 300000000)))) (i64.const 0)',
    );
    await runner.run(runOf(guest(ECHO)));
    const [pid] = runner.pids;
    const running = runner.run(runOf(slow, { weight: ENDLESS }));
    process.kill(pid!, 'SIGKILL');
    await expect(running).resolves.toMatchObject({ outcome: 'returned' });
    expect(runner.pids).not.toContain(pid);
  });

  test('a child that is killed from outside does not affect a concurrent run in another', async () => {
    const runner = children({ size: 2 });
    const spinning = (rounds: number): Uint8Array =>
      guest(`(loop $l (br_if $l (i32.lt_u
      (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const ${rounds})))) (i64.const 0)`);
    // Long enough that both still run when the first is killed.
    const first = runner.run(runOf(spinning(1_200_000_000), { weight: ENDLESS }));
    const [killed] = runner.pids;
    const beside = runner.run(runOf(spinning(1_200_000_001), { weight: ENDLESS }));
    const kept = runner.pids.find((pid) => pid !== killed)!;
    await untilBusy(killed!);
    await untilBusy(kept);
    process.kill(killed!, 'SIGKILL');
    await expect(beside).resolves.toMatchObject({ outcome: 'returned' });
    await expect(first).resolves.toMatchObject({ outcome: 'returned' });
    expect(runner.pids).toContain(kept); // it ran there all the time
    expect(runner.pids).not.toContain(killed);
    expect(runner.pids).toHaveLength(2); // one replaces the killed child
  });

  test('a guest that takes more memory than a child may have is stopped; one that takes less is not', async () => {
    const taking = (pages: number): InCoreRun =>
      runOf(
        guest(`(drop (memory.grow (i32.const ${pages})))
      (memory.fill (i32.const 0) (i32.const 1) (i32.const ${pages * 65_536}))
      (local.set $n (i32.const 0))
      (loop $l (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 200000000)))) (i64.const 0)`),
        { weight: ENDLESS, args: utf8('host of a known size') },
      );
    // The memory of a child before it runs a guest differs between machines.
    const idle = children({ size: 1 });
    await idle.run(taking(1));
    const memoryMiB = Math.ceil(ownMiB(idle.pids[0]!)) + 32;
    const runner = children({ size: 1, memoryMiB });
    await expect(runner.run(taking(1_000))).rejects.toThrow(`its process took more than ${memoryMiB} MiB`);
    await expect(runner.run(taking(1_000))).rejects.toBeInstanceOf(GuestStopped);
    await expect(runner.run(taking(1))).resolves.toMatchObject({ outcome: 'returned' });
  });

  test('a run that is lost twice is refused', async () => {
    const lost = children({ size: 1 }).run(runOf(guest(ECHO), { args: utf8('host that crashes') }));
    await expect(lost).rejects.toThrow('was lost twice on this node: the child ended with code 9');
    await expect(lost).rejects.toBeInstanceOf(GuestStopped);
  });

  test('closing ends all processes, and refuses running and waiting runs', async () => {
    const runner = children({ size: 1 });
    const runs = [runOf(guest(FILLING), { weight: ENDLESS }), runOf(guest(ECHO))].map((run) =>
      expect(runner.run(run)).rejects.toThrow('this node is shutting down'),
    );
    const { pids } = runner;
    expect(pids).toHaveLength(1);
    await runner.close();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await Promise.all(runs);
  });
});

describe('instrumented modules', () => {
  const filesIn = (path: string): [string, Uint8Array][] =>
    readdirSync(path).map((name) => [name, new Uint8Array(readFileSync(join(path, name)))]);

  test('are kept on disk for the next process, and rebuilt if damaged', async () => {
    const modules = { folder: join(folder, 'modules'), bytesMax: 2 ** 24 };
    const run = runOf(guest(`(drop (i32.const 77)) ${ECHO}`));
    const expected = runGuest(run);
    expect(await children({ modules }).run(run)).toEqual(expected);
    const [name, written] = filesIn(modules.folder)[0]!;
    // A process that reads the module from disk needs no code, so it is sent invalid code.
    const without = { ...run, code: utf8('not the code') };
    expect(await children({ modules }).run(without)).toEqual(expected);
    const damaged = concat(written.subarray(0, -1), Uint8Array.of(written.at(-1)! ^ 1));
    writeFileSync(join(modules.folder, name), damaged);
    expect(await children({ modules }).run(run)).toEqual(expected);
    expect(filesIn(modules.folder)).toEqual([[name, written]]);
    writeFileSync(join(modules.folder, name), written.subarray(0, 100));
    expect(await children({ modules }).run(run)).toEqual(expected);
    expect(filesIn(modules.folder)).toEqual([[name, written]]);
  });

  test('are not kept if the folder can not be created, which changes no result', async () => {
    writeFileSync(join(folder, 'a file'), '');
    const modules = { folder: join(folder, 'a file', 'modules'), bytesMax: 2 ** 24 };
    const run = runOf(guest(`(drop (i32.const 78)) ${ECHO}`));
    expect(await children({ modules }).run(run)).toEqual(runGuest(run));
  });
});
