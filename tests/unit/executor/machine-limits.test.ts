// The limits of on-chain guests: 64 pages of memory, while in-core ones may have 1,024
// (docs/decisions/0002-metering.md).
import { describe, expect, test } from '@jest/globals';
import { blake2_256, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { ON_CHAIN_LIMITS, runGuest, type GuestResult } from '../../../host/executor/index.js';
import { FUEL_PS, LIMITS } from '../../../host/vm/index.js';
import { wat } from './fixtures.js';
import { FAT, guest, head, invoke, PLENTY } from './machine-runtime.js';

const ON_CHAIN = 64;
const IN_CORE = 1_024;
const ECHO = '(call $fat (local.get $p) (local.get $n))';

/** What a module is charged that is invalid: 40,000 of fuel, and 20 for each byte, of 500 ps. */
const preparing = (code: Uint8Array): bigint => (40_000n + 20n * BigInt(code.length)) * 500n;

/** The same guest in-core. */
function inCore(code: Uint8Array, entry = 'accumula'): GuestResult {
  return runGuest({ code, codeHash: blake2_256(code), entry, args: utf8('x'), weight: PLENTY, functions: {} });
}

const u32s = (...values: number[]): Uint8Array =>
  values.reduce((writer, value) => writer.u32(value), new Writer()).finish();

/** Grows by each of these in turn. Returns each result of `memory.grow`, and the number of pages at the end. */
function growing(steps: readonly number[]): string {
  const stores = steps.map(
    (pages, index) => `(i32.store (i32.const ${64 + index * 4}) (memory.grow (i32.const ${pages})))`,
  );
  return `${stores.join(' ')} (i32.store (i32.const ${64 + steps.length * 4}) (memory.size))
    (call $fat (i32.const 64) (i32.const ${(steps.length + 1) * 4}))`;
}

describe('the memory of a guest on-chain', () => {
  test('is the only limit that differs from those in-core', () => {
    expect(ON_CHAIN_LIMITS).toEqual({ ...LIMITS, memoryPages: ON_CHAIN });
    expect(LIMITS.memoryPages).toBe(IN_CORE);
  });

  test('64 initial pages are valid; 65 are invalid, except in-core', () => {
    expect(invoke(guest(ECHO, `${ON_CHAIN}`), { args: utf8('x') })).toMatchObject({
      outcome: 0,
      output: toHex(utf8('x')),
    });
    const more = guest(ECHO, `${ON_CHAIN + 1}`);
    expect(invoke(more, { args: utf8('x') })).toEqual({ outcome: 4, weightUsed: preparing(more), output: '0x' });
    expect(inCore(more)).toMatchObject({ outcome: 'returned', output: utf8('x') });
    // The verdicts are independent, in either order of the runs.
    expect(invoke(more, { args: utf8('x') }).outcome).toBe(4);
    const inCoreFirst = guest(ECHO, `${ON_CHAIN + 2}`);
    expect(inCore(inCoreFirst).outcome).toBe('returned');
    expect(invoke(inCoreFirst).outcome).toBe(4);
  });

  test.each(['1', '10 1024', '1 64', '1 65', '1 65536'])(
    '(memory %s) grows to 64 pages there, and no further',
    (pages) => {
      const first = Number(pages.split(' ')[0]);
      const steps = [ON_CHAIN - first + 1, ON_CHAIN - first, 1, 0];
      const refused = 2 ** 32 - 1; // −1
      const results = u32s(refused, first, refused, ON_CHAIN, ON_CHAIN);
      expect(invoke(guest(growing(steps), pages))).toMatchObject({ outcome: 0, output: toHex(results) });
    },
  );

  test('a lower maximum of the module applies', () => {
    expect(invoke(guest(growing([62, 63]), '1 63')).output).toBe(toHex(u32s(1, 2 ** 32 - 1, 63)));
  });

  test('refused growth is charged for the instruction, not for pages', () => {
    // Both have the same instructions and the same size; one requests a page too many.
    const used = (pages: number): bigint => invoke(guest(growing([pages]), '2')).weightUsed / FUEL_PS;
    expect(used(62) - used(63)).toBe(62n * 800_000n);
  });

  test('growth by the allocator ends at the limit too, and traps the guest', () => {
    const asking = (bytes: number): Uint8Array =>
      wat(`(module
      (import "env" "ext_allocator_malloc_version_1" (func $malloc (param i32) (result i32)))
      (memory (export "memory") 1 1024) (global (export "__heap_base") i32 (i32.const 4096))
      (func (export "accumula") (param $p i32) (param $n i32) (result i64)
        (drop (call $malloc (i32.const ${bytes}))) (i64.const 0)))`);
    // Blocks are powers of two: 2 MiB fit besides the existing blocks, 4 MiB and a header never fit.
    expect(invoke(asking(2 * 2 ** 20)).outcome).toBe(0);
    expect(invoke(asking(2 * 2 ** 20 + 1)).outcome).toBe(1);
    expect(inCore(asking(2 * 2 ** 20 + 1)).outcome).toBe('returned');
  });

  test('arguments that do not fit trap only the guest', () => {
    const args = (bytes: number): Uint8Array => new Uint8Array(bytes);
    expect(invoke(guest('(i64.const 0)'), { args: args(2 * 2 ** 20) }).outcome).toBe(0);
    expect(invoke(guest('(i64.const 0)'), { args: args(2 * 2 ** 20 + 1) }).outcome).toBe(1);
  });

  test('one module refines in 64 MiB in-core, and accumulates in 4 MiB on-chain', () => {
    const code = wat(`(module ${head('10')} ${FAT}
      (func (export "refine") (param $p i32) (param $n i32) (result i64) ${growing([IN_CORE - 10, 1])})
      (func (export "accumula") (param $p i32) (param $n i32) (result i64) ${growing([ON_CHAIN - 10, 1])}))`);
    const refined = inCore(code, 'refine');
    expect(refined).toMatchObject({ outcome: 'returned', output: u32s(10, 2 ** 32 - 1, IN_CORE) });
    expect(invoke(code)).toMatchObject({ outcome: 0, output: toHex(u32s(10, 2 ** 32 - 1, ON_CHAIN)) });
    expect(inCore(code, 'refine')).toEqual(refined);
  });
});
