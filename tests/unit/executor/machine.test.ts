// ext_corejam_machine_invoke: a runtime runs a guest, and the guest's host calls call into the runtime.
// For failures inside such a call see machine-nested.test.ts, for the limits of guests machine-limits.test.ts.
import { describe, expect, test } from '@jest/globals';
import { concat, Reader, toHex, utf8 } from '../../../host/bytes/index.js';
import { emptyOverlay, run, wat } from './fixtures.js';
import { guest, invoke, PLENTY } from './machine-runtime.js';

const ECHO = '(call $fat (local.get $p) (local.get $n))';
const KEY_OF_ARGS = ECHO;

describe('a guest run by a runtime', () => {
  test('takes arguments and returns a result', () => {
    expect(invoke(guest(ECHO), { args: utf8('input') })).toMatchObject({ outcome: 0, output: toHex(utf8('input')) });
  });

  test.each([
    ['trap', 1, guest('unreachable'), {}],
    ['out of weight', 2, guest('(loop $l (br $l)) (i64.const 0)'), {}],
    ['invalid code', 4, utf8('nonsense'), {}],
    ['a missing entry point', 4, guest(ECHO), { entry: 'prune___' }],
  ])('%s is a result for the runtime: %i', (_, outcome, code, options) => {
    expect(invoke(code, options)).toMatchObject({ outcome, output: '0x' });
  });

  test('an exhausted stack is a result for the runtime: 3', () => {
    const code = wat(`(module (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 4096))
      (func $deep (export "accumula") (param i32 i32) (result i64)
        (i64.add (i64.const 1) (call $deep (i32.const 0) (i32.const 0)))))`);
    expect(invoke(code).outcome).toBe(3);
  });

  test('can be run twice in one call', () => {
    expect(invoke(guest(ECHO), { method: 'Test_twice', args: utf8('x') })).toMatchObject({
      outcome: 0,
      output: toHex(utf8('x')),
    });
  });
});

test('a runtime that reserves space for a reply while no guest waits for one fails', () => {
  expect(() => run(emptyOverlay(), 'i32', [['ext_corejam_machine_reserve_version_1', 5]])).toThrow(
    'ext_corejam_machine_reserve_version_1: no guest waits for a reply of bytes',
  );
});

describe('host calls of the guest', () => {
  test('reach the runtime as a tuple, and return its Some', () => {
    expect(invoke(guest(`(call $get ${KEY_OF_ARGS})`), { args: utf8('keyB') })).toMatchObject({
      outcome: 0,
      output: toHex(concat(Uint8Array.of(16), utf8('keyB'))),
    });
  });

  test('None is 2^64 - 1', () => {
    const body = `(i64.store (i32.const 0) (call $get ${KEY_OF_ARGS})) (call $fat (i32.const 0) (i32.const 8))`;
    expect(invoke(guest(body), { args: utf8('none') }).output).toBe('0xffffffffffffffff');
  });

  test('a length, or none', () => {
    const body = `(i64.store (i32.const 0) (call $len ${KEY_OF_ARGS})) (call $fat (i32.const 0) (i32.const 8))`;
    expect(invoke(guest(body), { args: utf8('keyB') }).output).toBe('0x7856341200000000');
    expect(invoke(guest(body), { args: utf8('none') }).output).toBe('0xffffffffffffffff');
  });

  test('the runtime writes to the state, and its number is returned', () => {
    const overlay = emptyOverlay();
    const body = `(i32.store (i32.const 0)
        (call $set (call $fat (i32.const 8) (i32.const 4)) (call $fat (i32.const 12) (i32.const 4))))
      (call $fat (i32.const 0) (i32.const 4))`;
    expect(invoke(guest(body), { overlay }).output).toBe('0x01000000');
    expect(overlay.get(utf8('keyA'))).toEqual(utf8('1234'));
  });

  test('checkpoint and weight_remaining return the remaining weight, which falls', () => {
    const body = `(i64.store (i32.const 0) (call $remaining)) (i64.store (i32.const 8) (call $checkpoint))
      (call $fat (i32.const 0) (i32.const 16))`;
    const { output, weightUsed } = invoke(guest(body));
    const words = new Reader(Uint8Array.from(Buffer.from(output.slice(2), 'hex')));
    const [first, second] = [words.u64(), words.u64()];
    expect(first).toBeLessThan(PLENTY);
    expect(second).toBeLessThan(first);
    expect(PLENTY - weightUsed).toBeLessThan(second);
    expect(second % 500n).toBe(0n);
  });

  test('a refusal by the runtime traps the guest', () => {
    expect(invoke(guest(`(drop (call $get ${KEY_OF_ARGS})) (i64.const 0)`), { args: utf8('deny') }).outcome).toBe(1);
    expect(invoke(guest('(call $remove (i64.const 0)) (i64.const 0)')).outcome).toBe(1);
  });

  test('a bad pointer, or an argument that is too long, traps the guest', () => {
    expect(invoke(guest('(drop (call $get (i64.const 0x10_0000fffa))) (i64.const 0)')).outcome).toBe(1);
    const large = `(drop (memory.grow (i32.const 32)))
      (drop (call $get (call $fat (i32.const 0) (i32.const 1048577)))) (i64.const 0)`;
    expect(invoke(guest(large)).outcome).toBe(1);
  });

  test("on-chain guests can't use tries", () => {
    const code = wat(`(module
      (import "env" "ext_trie_blake2_256_ordered_root_version_2" (func $root (param i64 i32) (result i32)))
      (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 4096))
      (func (export "accumula") (param i32 i32) (result i64)
        (drop (call $root (i64.const ${1n << 32n}) (i32.const 1))) (i64.const 0)))`);
    expect(invoke(code).outcome).toBe(1);
  });

  test("a hundred thousand of them don't grow the runtime's memory", () => {
    // Arguments and replies of 64 KiB would need 6 GiB if they were not freed; the runtime may have 128 MiB.
    const body = `(local.set $i (i32.const 100000))
      (loop $again
        (local.set $w (call $get (call $fat (i32.const 8) (i32.const 4))))
        (call $free (i32.wrap_i64 (local.get $w)))
        (br_if $again (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
      ${ECHO}`;
    const input = { args: utf8('done'), weight: 10_000_000_000_000n };
    expect(invoke(guest(body), input)).toMatchObject({ outcome: 0, output: toHex(utf8('done')) });
  });
});
