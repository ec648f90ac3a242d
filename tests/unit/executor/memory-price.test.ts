// The price of a guest's memory on-chain, in a node with much in its heap: V8 goes through all of it for garbage that is
// memory, and the node does not know whose weight that time is. Spec: docs/decisions/0002-metering.md.
import { expect, test } from '@jest/globals';
import wabt from 'wabt';
import { storedInvocation } from '../../../bench/weights/constants.js';
import { blake2_256 } from '../../../host/bytes/index.js';
import { onChainModules, runGuest } from '../../../host/executor/guest.js';

const tools = await wabt();
const CALLS = 32;
/** The fastest counts, since other programs slow a round down. So many are tried until one is within the bound. */
const ROUNDS_MAX = 24;
/** Prices are those of Node 20 on a quiet machine; newer ones take up to 1.15 times as long. Without a pool it was 30 times. */
const BOUND = 1.5;
/** About 120 MB of small objects. */
const BALLAST = 140;

/** A guest that begins with so many pages, adds others, and has a segment of data by which its code is another one. */
function code(pages: number, more: number, salt: number): Uint8Array {
  const source = `(module (memory (export "memory") ${pages}) (global (export "__heap_base") i32 (i32.const 4096))
    (data (i32.const 2000) "${salt}")
    (func (export "accumulate") (param i32 i32) (result i64) (drop (memory.grow (i32.const ${more}))) (i64.const 0)))`;
  return new Uint8Array(tools.parseWat('guest.wat', source).toBinary({}).buffer);
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};

test.each([
  ['64 pages, that it begins with', 64, 0],
  ['2 pages, and grows by 62', 2, 62],
])('a guest of %s pays for the time that it takes', (_name, pages, more) => {
  const ballast = Array.from({ length: BALLAST }, (_, i) => Array.from({ length: 18_000 }, (_object, k) => ({ k, i })));
  const modules = onChainModules();
  const codes = Array.from({ length: CALLS }, (_, salt) => code(pages, more, salt));
  const hashes = codes.map((each) => blake2_256(each));
  let [best, weightMs] = [Infinity, 0];
  for (let round = 0; round < ROUNDS_MAX && !(best < BOUND * weightMs); round++) {
    const before = cpuMs();
    let used = 0n;
    codes.forEach((each, index) => {
      const [codeHash, args] = [hashes[index]!, new Uint8Array(100)];
      const run = { code: each, codeHash, entry: 'accumulate', args, weight: 10n ** 11n, functions: {}, modules };
      const result = runGuest(run);
      expect(result.outcome).toBe('returned');
      used += result.weightUsed;
    });
    best = Math.min(best, (cpuMs() - before) / CALLS);
    // What the runtime charges for a call comes first.
    weightMs = Number(storedInvocation(100, codes[0]!.length) + used / BigInt(CALLS)) / 1e9;
  }
  expect(ballast).toHaveLength(BALLAST);
  expect(best).toBeLessThan(BOUND * weightMs);
});
