// Ctrl-C as a terminal sends it, to a node and its children at once: no process and no file is left behind.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ApiPromise } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { blake2_256, fromHex, toHex } from '../../host/bytes/index.js';
import { connect, devAccount, idFrom, send, type Account, type Done } from '../../host/cli/demo/client.js';
import { buildPackage, signPackage } from '../../host/incore/index.js';
import { wat } from '../unit/executor/fixtures.js';
import { eventually } from '../eventually.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const build = join(root, 'build');
const CHASED_BYTES = 1 << 25;

/** Dependent loads all over the 32 MiB below its heap: 2 s of weight take many times as long. */
const SPINNING = wat(`(module
  (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const ${CHASED_BYTES}))
  (func (export "refine") (param $p i32) (param $n i32) (result i64) (local $i i32)
    (loop $fill
      (i32.store (i32.mul (local.get $i) (i32.const 4)) (i32.mul (i32.const 4) (i32.and (i32.const ${CHASED_BYTES / 4 - 1})
        (i32.add (i32.const 1013904223) (i32.mul (local.get $i) (i32.const 1664525))))))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${CHASED_BYTES / 4}))))
    (loop $chase (local.set $p (i32.load (i32.and (local.get $p) (i32.const ${CHASED_BYTES - 4})))) (br $chase))
    (i64.const 0))
  (func (export "prune") (export "accumulate") (param i32 i32) (result i64) unreachable))`);

let temporary: string;
let node: ChildProcess;
let url: string;
let said = '';
let api: ApiPromise | undefined;

beforeEach(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'corejam-interrupt-'));
  // A process group of its own, as a shell makes for each job.
  node = spawn(process.execPath, [join(root, 'bin/corejam.mjs'), 'dev', '--tmp', '--port', '0', '--log', 'info'], {
    detached: true,
    stdio: 'pipe',
    env: { ...process.env, TMPDIR: temporary },
  });
  said = '';
  node.stderr!.on('data', (data: Buffer) => {
    said += data.toString();
  });
  url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: node.stdout! }).on('line', (line) => {
      const found = /ws:\/\/\S+/.exec(line);
      if (found !== null) resolve(found[0]);
    });
    node.once('exit', () => reject(new Error(`it ended first: ${said}`)));
  });
});

afterEach(async () => {
  await api?.disconnect();
  api = undefined;
  for (const { pid } of group()) process.kill(pid, 'SIGKILL');
  if (node.exitCode === null && node.signalCode === null) await once(node, 'exit');
  rmSync(temporary, { recursive: true, force: true });
});

/** The running processes of the node's group, with their processor time in ticks of 10 ms. */
function group(): { pid: number; ticks: number }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [state, , pgrp, ...rest] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ');
        return Number(pgrp) === node.pid && state !== 'Z'
          ? [{ pid: Number(name), ticks: Number(rest[8]) + Number(rest[9]) }]
          : [];
      } catch {
        return []; // exited meanwhile
      }
    });
}

const childrenOf = (): { pid: number; ticks: number }[] => group().filter(({ pid }) => pid !== node.pid);

/** Waits for what a running node does. */
const until = (what: () => boolean): Promise<true> =>
  eventually(() => {
    if (node.exitCode !== null || node.signalCode !== null) throw new Error(`the node ended; it printed: ${said}`);
    return what() || undefined;
  });

/** Sends Ctrl-C to the whole group. Returns the node's exit code and how long its exit took. */
async function interrupt(): Promise<{ code: number | null; ms: number }> {
  const ended = once(node, 'exit') as Promise<[number | null]>;
  const started = performance.now();
  process.kill(-node.pid!, 'SIGINT');
  const [code] = await ended;
  return { code, ms: performance.now() - started };
}

/** Assigns core 0 to packages signed by `owner`, and registers a class that spins. Returns its id. */
async function deployed({ tx }: ApiPromise, root: Account, owner: Uint8Array): Promise<number> {
  const by = (call: SubmittableExtrinsic<'promise'>): Promise<Done> => send(api!, call, root);
  const signature = new Uint8Array(readFileSync(join(build, 'guests/signature.wasm')));
  for (const code of [signature, SPINNING]) await by(tx.storage!.store!(toHex(code)));
  const authorizer = { codeHash: toHex(blake2_256(signature)), param: toHex(owner) };
  const authId = idFrom(await by(tx.authorizations!.register!(authorizer)), 'authorizations', 'Registered');
  await by(tx.sudo!.sudo!(tx.coretime!.assign!(0, authId)));
  const requirements = { prune: 2_000_000_000n, accumulate: 2_000_000_000n };
  const register = tx.workClasses!.register!(toHex(blake2_256(SPINNING)), requirements);
  return idFrom(await by(tx.sudo!.sudo!(register)), 'workClasses', 'Registered');
}

test('Ctrl-C while the processes for guests start', async () => {
  await until(() => childrenOf().length > 0);
  expect((await interrupt()).code).toBe(0);
  expect(group()).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
});

test('Ctrl-C while a guest has seconds left to run: its process is killed and the chain closed', async () => {
  api = await connect(url);
  const [alice, bob] = [devAccount('//Alice'), devAccount('//Bob')];
  const classId = await deployed(api, alice, bob.publicKey);
  const context = fromHex((await api.rpc.chain.getBlockHash()).toHex());
  const unsigned = buildPackage([{ class: classId, payload: new Uint8Array() }], context);
  const { encoded } = signPackage(unsigned, { publicKey: bob.publicKey, sign: (message) => bob.sign(message) });
  const before = new Map(childrenOf().map(({ pid, ticks }) => [pid, ticks]));
  const { corejam } = api.rpc as unknown as { corejam: { submitPackage(bytes: string): Promise<unknown> } };
  await corejam.submitPackage(toHex(encoded));
  // A second of processor time: far into the guest, and far from its end.
  await until(() => childrenOf().some(({ pid, ticks }) => ticks > (before.get(pid) ?? 0) + 100));
  await api.disconnect();
  api = undefined;

  const { code, ms } = await interrupt();
  expect(code).toBe(0);
  expect(ms).toBeLessThan(5_000); // the guest would take longer: the clock of its child stops it at 10 s
  expect(group()).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
  expect(said).not.toMatch(/fault|unhandled|lost/i);
});
