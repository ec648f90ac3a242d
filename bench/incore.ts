// In-core guests in child processes: the cost of transferring a payload and its result.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import wabt from 'wabt';
import { blake2_256, equal } from '../host/bytes/index.js';
import { REFINE_WEIGHT_PS } from '../host/contract/index.js';
import { runGuest } from '../host/executor/index.js';
import { ChildRunner } from '../host/incore/index.js';
import type { InCoreRun } from '../host/incore/index.js';

const PAYLOAD_BYTES = 5 * 2 ** 20;
const WARM_UP = 3;

/** Returns the hash of its arguments, by the host function. */
const HASHING = `(module
  (import "env" "ext_hashing_blake2_256_version_1" (func $hash (param i64) (result i32)))
  (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 1024))
  (func (export "refine") (param $p i32) (param $n i32) (result i64)
    (i64.or (i64.const ${32n << 32n}) (i64.extend_i32_u (call $hash
      (i64.or (i64.shl (i64.extend_i32_u (local.get $n)) (i64.const 32)) (i64.extend_i32_u (local.get $p))))))))`;

/** A guest assembled from Wat. */
export async function guest(text: string): Promise<Uint8Array> {
  const module = (await wabt()).parseWat('guest.wat', text);
  return new Uint8Array(module.toBinary({}).buffer);
}

async function runOf(text: string, args: Uint8Array): Promise<InCoreRun> {
  const code = await guest(text);
  return {
    code,
    codeHash: blake2_256(code),
    entry: 'refine',
    args,
    weight: REFINE_WEIGHT_PS,
    functions: {},
    view: {
      message: () => {
        throw new Error('no guest of the benchmark asks for the message');
      },
    },
  };
}

/** Milliseconds of `work`, after a warm-up. */
async function timed(runs: number, work: () => unknown): Promise<number[]> {
  const samples: number[] = [];
  for (let run = -WARM_UP; run < runs; run++) {
    const started = performance.now();
    await work();
    if (run >= 0) samples.push(performance.now() - started);
  }
  return samples;
}

/** What `payloadRun` measured, in milliseconds. */
export interface PayloadRun {
  inChild: number[];
  inProcess: number[];
  hashing: number[];
  aboveHashing: number[];
}

/** A payload of 5 MiB into a child process, refined by a hashing guest, the result back. */
export async function payloadRun(runs: number): Promise<PayloadRun> {
  const folder = mkdtempSync(join(tmpdir(), 'corejam-bench-'));
  const modules = { folder: join(folder, 'modules'), bytesMax: 2 ** 26 };
  const children = new ChildRunner({ size: 1, modules, scratch: join(folder, 'scratch') });
  try {
    const payload = new Uint8Array(PAYLOAD_BYTES).map((_, index) => index * 31);
    const expected = blake2_256(payload);
    const run = await runOf(HASHING, payload);
    const inChild = await timed(runs, async () => {
      const result = await children.run(run);
      if (result.outcome !== 'returned' || !equal(result.output, expected))
        throw new Error('the guest hashed something else');
    });
    const inProcess = await timed(runs, () => runGuest(run));
    const hashing = await timed(runs, () => blake2_256(payload));
    return { inChild, inProcess, hashing, aboveHashing: inChild.map((ms, index) => ms - hashing[index]!) };
  } finally {
    await children.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
