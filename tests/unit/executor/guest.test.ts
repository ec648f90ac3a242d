// Guests on the metered VM, with the functions that every guest has: outcomes, weights, host functions.
import { describe, expect, test } from '@jest/globals';
import { ed25519PairFromSeed, ed25519Sign } from '@polkadot/util-crypto';
import { blake2_256, concat, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import {
  GUEST_FUNCTIONS,
  OUTPUT_BYTES_MAX,
  guestRow,
  runGuest,
  type GuestResult,
} from '../../../host/executor/index.js';
import { trieRoot } from '../../../host/trie/index.js';
import type { HostFunction } from '../../../host/vm/index.js';
import { wat } from './fixtures.js';

const HEAD = '(memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 4096))';
const PLENTY = 10_000_000_000n;

function guest(body: string, imports = ''): Uint8Array {
  return wat(`(module ${imports} ${HEAD} (func (export "run") (param $p i32) (param $n i32) (result i64) ${body}))`);
}

function start(code: Uint8Array, options: Partial<Parameters<typeof runGuest>[0]> = {}): GuestResult {
  return runGuest({
    code,
    codeHash: blake2_256(code),
    entry: 'run',
    args: new Uint8Array(),
    weight: PLENTY,
    functions: {},
    ...options,
  });
}

const ECHO = '(i64.or (i64.shl (i64.extend_i32_u (local.get $n)) (i64.const 32)) (i64.extend_i32_u (local.get $p)))';
const fat = (pointer: number, length: number): string => `(i64.const ${(BigInt(length) << 32n) | BigInt(pointer)})`;

describe('outcomes', () => {
  test('returned: the output, and the same weight every time', () => {
    const args = utf8('some arguments');
    const [one, two] = [start(guest(ECHO), { args }), start(guest(ECHO), { args })];
    expect(one).toMatchObject({ outcome: 'returned', output: args });
    expect(one).toEqual(two);
    expect(one.weightUsed).toBeGreaterThan(0n);
  });

  test('longer arguments cost more', () => {
    const used = (length: number): bigint => start(guest(ECHO), { args: new Uint8Array(length) }).weightUsed;
    expect(used(2_000)).toBeGreaterThan(used(1_000));
  });

  test('trapped', () => {
    expect(start(guest('unreachable'))).toMatchObject({ outcome: 'trapped', reason: 'unreachable' });
  });

  test('out of weight: all of it is used, to the picosecond', () => {
    expect(start(guest('(loop $l (br $l)) (i64.const 0)'), { weight: 1_000_000_123n })).toEqual({
      outcome: 'outOfWeight',
      reason: 'the weight is used up',
      weightUsed: 1_000_000_123n,
    });
    expect(start(guest(ECHO), { weight: 0n })).toMatchObject({ outcome: 'outOfWeight', weightUsed: 0n });
  });

  test('exactly the weight used is enough, and one unit of fuel less is not', () => {
    const args = new Uint8Array(100);
    const { weightUsed } = start(guest(ECHO), { args });
    expect(start(guest(ECHO), { args, weight: weightUsed })).toMatchObject({ outcome: 'returned', weightUsed });
    expect(start(guest(ECHO), { args, weight: weightUsed - 500n })).toMatchObject({ outcome: 'outOfWeight' });
  });

  test('stack exhausted', () => {
    const code = wat(`(module ${HEAD}
      (func $deep (param i32) (result i32) (i32.add (i32.const 1) (call $deep (i32.add (local.get 0) (i32.const 1)))))
      (func (export "run") (param i32 i32) (result i64) (i64.extend_i32_u (call $deep (i32.const 0)))))`);
    expect(start(code).outcome).toBe('stackExhausted');
  });

  const malloc = '(import "env" "ext_allocator_malloc_version_1" (func (param i64) (result i32)))';
  const illTyped = '(func (export "run") (param i32) (result i64) (i64.const 0))';
  const noHeapBase =
    '(module (memory (export "memory") 1) (func (export "run") (param i32 i32) (result i64) (i64.const 0)))';
  test.each([
    ['no Wasm', utf8('nonsense'), 'at byte 0'],
    [
      'an unknown import',
      guest(ECHO, '(import "env" "ext_nothing_version_1" (func))'),
      'env.ext_nothing_version_1 is unknown',
    ],
    ['an ill-typed import', guest(ECHO, malloc), '(i32) -> (i32)'],
    ['no such entry point', wat(`(module ${HEAD})`), 'it exports no function run'],
    ['an ill-typed entry point', wat(`(module ${HEAD} ${illTyped})`), 'its run is (i32) -> (i64)'],
    ['no heap base', wat(noHeapBase), '__heap_base'],
    ['floats', guest('(drop (f32.add (f32.const 1) (f32.const 2))) (i64.const 0)'), ''],
  ])('invalid: %s', (_, code, reason) => {
    const result = start(code);
    // Reading it is charged: 200,000 of fuel, and 20 for each byte, of 500 ps.
    const weightUsed = (200_000n + 20n * BigInt(code.length)) * 500n;
    expect(result).toMatchObject({ outcome: 'invalid', reason: expect.stringContaining(reason), weightUsed });
    expect(start(code)).toEqual(result); // also from the cache
  });

  test('a module is not prepared before its preparing is paid', () => {
    const length = 1_000;
    const price = (200_000n + 20n * 1_000n) * 500n;
    let copied = 0;
    const copy = (): Uint8Array => (copied++, new Uint8Array(length));
    const run = (weight: bigint): GuestResult =>
      start(utf8(''), { code: { length, copy }, codeHash: blake2_256(utf8('of this test')), weight });
    expect(run(price - 1n)).toMatchObject({ outcome: 'outOfWeight', weightUsed: price - 1n });
    expect(copied).toBe(0);
    expect(run(price)).toMatchObject({ outcome: 'invalid', weightUsed: price });
    expect(copied).toBe(1);
  });

  test('a result outside of the memory is a trap', () => {
    const trap = { outcome: 'trapped', reason: expect.stringContaining('outside of its memory') };
    expect(start(guest(fat(65_530, 10)))).toMatchObject(trap);
  });

  test('a result that is longer than the caller accepts is malformed, by its length: its bytes are not charged', () => {
    const malformed = (most: number): object => ({
      outcome: 'malformed',
      reason: expect.stringContaining(`more than ${most}`),
    });
    expect(start(guest(fat(0, OUTPUT_BYTES_MAX + 1)))).toMatchObject(malformed(OUTPUT_BYTES_MAX));
    const code = guest(fat(0, 100));
    expect(start(code, { outputBytesMax: 2 * OUTPUT_BYTES_MAX })).toMatchObject({ outcome: 'returned' });
    const taken = start(code, { outputBytesMax: 100 });
    expect(taken.outcome).toBe('returned');
    const refused = start(code, { outputBytesMax: 99 });
    expect(refused).toMatchObject(malformed(99));
    expect(taken.weightUsed - refused.weightUsed).toBe(100n * 500n); // a unit of fuel for each byte
  });

  test('each run has a fresh instance', () => {
    const code = guest(`(i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))) ${fat(0, 4)}`);
    for (let i = 0; i < 3; i++) expect(start(code)).toMatchObject({ output: Uint8Array.of(1, 0, 0, 0) });
  });
});

describe('host functions', () => {
  const imported = (name: string): string => {
    const { params, results } = GUEST_FUNCTIONS[name]!;
    return `(import "env" "${name}" (func $f (param ${params.join(' ')}) (result ${results.join(' ')})))`;
  };
  const output = (result: GuestResult): string => {
    if (result.outcome !== 'returned') throw new Error(result.reason);
    return toHex(result.output);
  };

  test("the allocator is Substrate's", () => {
    const name = 'ext_allocator_malloc_version_1';
    // The empty arguments took the first block: 8 bytes at 4,104. Then a header and 32 bytes: 4,120.
    const code = guest(`(i32.store (i32.const 0) (call $f (i32.const 20))) ${fat(0, 4)}`, imported(name));
    expect(output(start(code))).toBe('0x18100000');
    const tooMuch = guest('(drop (call $f (i32.const 33554433))) (i64.const 0)', imported(name));
    expect(start(tooMuch)).toMatchObject({ outcome: 'trapped' });
  });

  test('memory growth by the allocator is charged and bounded', () => {
    const name = 'ext_allocator_malloc_version_1';
    const grow = (bytes: number): GuestResult =>
      start(guest(`(drop (call $f (i32.const ${bytes}))) (i64.const 0)`, imported(name)));
    expect(grow(1_000_000).weightUsed - grow(8).weightUsed).toBeGreaterThan(15n * 4_096n * 500n);
    const most = '(drop (call $f (i32.const 33554432)))';
    const twice = guest(`${most} ${most} (i64.const 0)`, imported(name));
    expect(start(twice)).toMatchObject({ outcome: 'trapped', reason: expect.stringContaining('out of memory') });
  });

  test('hashing', () => {
    const body = `(i64.or (i64.const ${32n << 32n}) (i64.extend_i32_u (call $f ${ECHO})))`;
    const code = guest(body, imported('ext_hashing_blake2_256_version_1'));
    expect(output(start(code, { args: utf8('data') }))).toBe(toHex(blake2_256(utf8('data'))));
  });

  test('verifying', () => {
    const pair = ed25519PairFromSeed(new Uint8Array(32).fill(1));
    const [message, name] = [utf8('signed'), 'ext_crypto_ed25519_verify_version_1'];
    // Arguments: signature (64), key (32), message.
    const body = `(i32.store (i32.const 0) (call $f (local.get $p)
        (i64.or
          (i64.shl (i64.extend_i32_u (i32.sub (local.get $n) (i32.const 96))) (i64.const 32))
          (i64.extend_i32_u (i32.add (local.get $p) (i32.const 96))))
        (i32.add (local.get $p) (i32.const 64)))) ${fat(0, 4)}`;
    const code = guest(body, imported(name));
    const verify = (said: Uint8Array): GuestResult =>
      start(code, { args: concat(ed25519Sign(message, pair), pair.publicKey, said) });
    expect(output(verify(message))).toBe('0x01000000');
    expect(output(verify(utf8('other')))).toBe('0x00000000');
    expect(verify(message).weightUsed).toBeGreaterThan(guestRow(name).price.fixed * 500n);
    // A key and R of small order, and s = 0: valid by ZIP-215 (sp-io's own test has this signature).
    expect(output(start(code, { args: new Uint8Array(96) }))).toBe('0x01000000');
  });

  test('log lines are truncated to 2,048 bytes, and do not affect the run', () => {
    const heard: unknown[] = [];
    const code = guest(
      `(call $f (i32.const 2) ${fat(0, 3)} ${ECHO}) (i64.const 0)`,
      imported('ext_logging_log_version_1'),
    );
    const log: Parameters<typeof runGuest>[0]['log'] = (...line) => heard.push(line);
    const loud = start(code, { args: utf8('x'.repeat(3_000)), log });
    expect(heard).toEqual([[2, '\0\0\0', 'x'.repeat(2_048)]]);
    expect(start(code, { args: utf8('x'.repeat(3_000)) })).toEqual(loud);
  });

  test('a bad pointer traps the guest', () => {
    const code = guest(`(drop (call $f ${fat(65_530, 100)})) (i64.const 0)`, imported('ext_hashing_twox_64_version_1'));
    expect(start(code)).toMatchObject({ outcome: 'trapped' });
  });

  test('tries, charged for each item; a key that is too long traps', () => {
    const code = guest(
      `(i64.or (i64.const ${32n << 32n}) (i64.extend_i32_u (call $f ${ECHO} (i32.const 1))))`,
      imported('ext_trie_blake2_256_root_version_2'),
    );
    const entries = (key: Uint8Array): Uint8Array => new Writer().compact(1).bytes(key).bytes(utf8('value')).finish();
    const key = new Uint8Array(32_767).fill(1);
    expect(output(start(code, { args: entries(key) }))).toBe(toHex(trieRoot([[key, utf8('value')]], 1)));
    expect(start(code, { args: entries(new Uint8Array(32_768)) })).toMatchObject({ outcome: 'trapped' });
    const nested = new Writer()
      .vec(
        Array.from({ length: 1_025 }, (_, index) => new Uint8Array(index + 1)),
        (writer, deep) => writer.bytes(deep).bytes(utf8('value')),
      )
      .finish();
    expect(start(code, { args: nested, weight: 10n * PLENTY })).toMatchObject({
      outcome: 'trapped',
      reason: 'a trie of more than 1024 levels',
    });
    expect(start(code, { args: Uint8Array.of(4) })).toMatchObject({ outcome: 'trapped' });
    // A list with a length of 2^29 is charged before any item is decoded.
    expect(start(code, { args: Uint8Array.of(2, 0, 0, 128) })).toMatchObject({ outcome: 'outOfWeight' });
  });

  test('functions of other entry points link, and trap when they are called', () => {
    const name = 'ext_corejam_lookup_version_1';
    expect(start(guest('(i64.const 0)', imported(name)))).toMatchObject({ outcome: 'returned' });
    expect(start(guest('(drop (call $f (i32.const 0))) (i64.const 0)', imported(name)))).toMatchObject({
      outcome: 'trapped',
      reason: `this entry point may not call ${name}`,
    });
  });

  test('functions of the caller are called with unsigned numbers', () => {
    const seen: unknown[] = [];
    const lookup: HostFunction = {
      ...GUEST_FUNCTIONS['ext_corejam_lookup_version_1']!,
      price: { fixed: 1_000n, perByte: 0n },
      call: (context, pointer) => {
        seen.push(pointer, context.read(0, 2));
        return 7n;
      },
    };
    const body = `(i64.store (i32.const 0) (call $f (i32.const -1))) ${fat(0, 8)}`;
    const code = guest(body, imported('ext_corejam_lookup_version_1'));
    expect(output(start(code, { functions: { ext_corejam_lookup_version_1: lookup } }))).toBe('0x0700000000000000');
    expect(seen).toEqual([0xffff_ffff, Uint8Array.of(0, 0)]);
  });

  test('an exception in a host function is not an outcome', () => {
    const broken: HostFunction = {
      ...GUEST_FUNCTIONS['ext_corejam_lookup_version_1']!,
      price: { fixed: 0n, perByte: 0n },
      call: () => {
        throw new TypeError('a mistake in the host');
      },
    };
    const code = guest('(drop (call $f (i32.const 0))) (i64.const 0)', imported('ext_corejam_lookup_version_1'));
    expect(() => start(code, { functions: { ext_corejam_lookup_version_1: broken } })).toThrow(
      new TypeError('a mistake in the host'),
    );
  });

  test('every function that a guest may import has a price', () => {
    for (const name of Object.keys(GUEST_FUNCTIONS)) expect(guestRow(name).price.fixed).toBeGreaterThan(0n);
  });
});
