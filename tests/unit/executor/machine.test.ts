// ext_corejam_machine_invoke: a runtime runs a guest, and the guest's host calls come back into the runtime.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, concat, Reader, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { Runtime, RuntimeTrap } from '../../../host/executor/index.js';
import type { Overlay } from '../../../host/state/index.js';
import { emptyOverlay, REQUIRED, wat } from './fixtures.js';

const PLENTY = 50_000_000_000n;

/** The fat pointer of an address and a length. */
const FAT = `(func $fat (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 1)) (i64.const 32)) (i64.extend_i32_u (local.get 0))))`;

/**
 * A runtime that passes its arguments on to the machine: code hash (32), entry (8 bytes: `accumula` or `prune___`),
 * weight (u64), length of the guest's arguments (u32), those, and the code. Its exports for guests:
 *   get_work_storage     None for the key `none`, a trap for `trap`, a bad answer for `bad!`, a refusal for `deny`, an endless
 *                        memory.grow for `grow`, a second machine for `deep`; otherwise Some(the tuple it was given)
 *   set_work_storage     stores value under key and answers 1
 *   checkpoint           answers one byte;   remove_work_storage  refuses
 */
const RUNTIME = wat(`(module
  (import "env" "ext_corejam_machine_invoke_version_1" (func $invoke (param i32 i64 i64 i64 i64) (result i64)))
  (import "env" "ext_storage_set_version_1" (func $set (param i64 i64)))
  (import "env" "ext_logging_log_version_1" (func $log (param i32 i64 i64)))
  (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 32768))
  (global $args (mut i32) (i32.const 0)) (global $length (mut i32) (i32.const 0))
  (data (i32.const 0) "\\00") (data (i32.const 16) "the runtime panicked") (data (i32.const 64) "\\01\\00\\00\\00")
  ${REQUIRED}
  ${FAT}
  (func $run (result i64) (local $p i32) (local $n i32)
    (local.set $p (global.get $args))
    (local.set $n (i32.load offset=48 (local.get $p)))
    (call $invoke (local.get $p)
      (call $fat
        (i32.add (i32.add (local.get $p) (i32.const 52)) (local.get $n))
        (i32.sub (global.get $length) (i32.add (i32.const 52) (local.get $n))))
      (call $fat (i32.add (local.get $p) (i32.const 32)) (i32.const 8))
      (call $fat (i32.add (local.get $p) (i32.const 52)) (local.get $n))
      (i64.load offset=40 (local.get $p))))
  (func (export "Test_run") (param i32 i32) (result i64)
    (global.set $args (local.get 0)) (global.set $length (local.get 1)) (call $run))
  (func (export "Test_twice") (param i32 i32) (result i64)
    (global.set $args (local.get 0)) (global.set $length (local.get 1)) (drop (call $run)) (call $run))
  (func (export "ext_corejam_get_work_storage_version_1") (param $p i32) (param $n i32) (result i64) (local $key i32)
    (local.set $key (i32.load offset=1 (local.get $p)))
    (if (i32.eq (local.get $key) (i32.const 0x656e6f6e)) (then (return (call $fat (i32.const 0) (i32.const 1)))))
    (if (i32.eq (local.get $key) (i32.const 0x796e6564)) (then (return (i64.const 0))))
    (if (i32.eq (local.get $key) (i32.const 0x21646162)) (then (return (call $fat (i32.const 64) (i32.const 1)))))
    (if (i32.eq (local.get $key) (i32.const 0x776f7267))
      (then (drop (memory.grow (i32.const 1))) (return (call $fat (i32.const 0) (i32.const 1)))))
    (if (i32.eq (local.get $key) (i32.const 0x70656564)) (then (drop (call $run))))
    (if (i32.eq (local.get $key) (i32.const 0x70617274)) (then
      (call $log (i32.const 0) (call $fat (i32.const 16) (i32.const 3)) (call $fat (i32.const 16) (i32.const 20))) unreachable))
    ;; Some(Vec of the tuple): the tuple is short, so its length takes one byte
    (i32.store8 (i32.const 128) (i32.const 1)) (i32.store8 (i32.const 129) (i32.shl (local.get $n) (i32.const 2)))
    (i64.store (i32.const 130) (i64.load (local.get $p))) (call $fat (i32.const 128) (i32.add (local.get $n) (i32.const 2))))
  (func (export "ext_corejam_set_work_storage_version_1") (param $p i32) (param $n i32) (result i64)
    ;; key and value of 4 bytes each behind their length bytes
    (call $set
      (call $fat (i32.add (local.get $p) (i32.const 1)) (i32.const 4))
      (call $fat (i32.add (local.get $p) (i32.const 6)) (i32.const 4)))
    (call $fat (i32.const 64) (i32.const 4)))
  (func (export "ext_corejam_get_work_storage_len_version_1") (param $p i32) (param $n i32) (result i64)
    (if (i32.eq (i32.load offset=1 (local.get $p)) (i32.const 0x656e6f6e))
      (then (return (call $fat (i32.const 0) (i32.const 1)))))
    (i64.store (i32.const 136) (i64.const 0x1234567801)) (call $fat (i32.const 136) (i32.const 5)))
  (func (export "ext_corejam_checkpoint_version_1") (param i32 i32) (result i64) (call $fat (i32.const 0) (i32.const 1)))
  (func (export "ext_corejam_remove_work_storage_version_1") (param i32 i32) (result i64) (i64.const 0)))`);

const GUEST_IMPORTS = `
  (import "env" "ext_corejam_get_work_storage_version_1" (func $get (param i64) (result i64)))
  (import "env" "ext_corejam_get_work_storage_len_version_1" (func $len (param i64) (result i64)))
  (import "env" "ext_corejam_set_work_storage_version_1" (func $set (param i64 i64) (result i32)))
  (import "env" "ext_corejam_remove_work_storage_version_1" (func $remove (param i64)))
  (import "env" "ext_corejam_get_storage_version_1" (func $relay (param i64) (result i64)))
  (import "env" "ext_corejam_checkpoint_version_1" (func $checkpoint (result i64)))
  (import "env" "ext_corejam_weight_remaining_version_1" (func $remaining (result i64)))
  (import "env" "ext_allocator_free_version_1" (func $free (param i32)))`;

/** A guest whose `accumula` entry has this body; the argument's bytes are at $p. */
const guest = (body: string): Uint8Array => wat(`(module ${GUEST_IMPORTS}
  (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 4096)) (data (i32.const 8) "keyA1234")
  ${FAT}
  (func (export "accumula") (param $p i32) (param $n i32) (result i64) (local $i i32) (local $w i64) ${body}))`);

interface Answer { outcome: number; weightUsed: bigint; output: string }

interface Options { args?: Uint8Array; weight?: bigint; entry?: string; overlay?: Overlay; method?: string }

function invoke(code: Uint8Array, options: Options = {}): Answer {
  const { args = new Uint8Array(), weight = PLENTY, entry = 'accumula', overlay = emptyOverlay(), method = 'Test_run' } = options;
  const input = concat(blake2_256(code), utf8(entry), new Writer().u64(weight).u32(args.length).finish(), args, code);
  const reader = new Reader(Runtime.load(RUNTIME).call(method, input, overlay));
  const answer = { outcome: reader.u8(), weightUsed: reader.u64(), output: toHex(reader.bytes()) };
  reader.end();
  return answer;
}

const ECHO = '(call $fat (local.get $p) (local.get $n))';
const KEY_OF_ARGS = ECHO;

describe('a guest run by a runtime', () => {
  test('takes arguments and answers', () => {
    expect(invoke(guest(ECHO), { args: utf8('input') })).toMatchObject({ outcome: 0, output: toHex(utf8('input')) });
  });

  test.each([
    ['trap', 1, guest('unreachable'), {}],
    ['out of weight', 2, guest('(loop $l (br $l)) (i64.const 0)'), {}],
    ['invalid code', 4, utf8('nonsense'), {}],
    ['a missing entry point', 4, guest(ECHO), { entry: 'prune___' }],
  ])('%s is data for the runtime: %i', (_, outcome, code, options) => {
    expect(invoke(code, options)).toMatchObject({ outcome, output: '0x' });
  });

  test('a stack that is too deep is data for the runtime: 3', () => {
    const code = wat(`(module (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 4096))
      (func $deep (export "accumula") (param i32 i32) (result i64)
        (i64.add (i64.const 1) (call $deep (i32.const 0) (i32.const 0)))))`);
    expect(invoke(code).outcome).toBe(3);
  });

  test('can be run again by the same call', () => {
    expect(invoke(guest(ECHO), { method: 'Test_twice', args: utf8('x') }))
      .toMatchObject({ outcome: 0, output: toHex(utf8('x')) });
  });
});

describe('host calls of the guest', () => {
  test('go to the runtime as a tuple, and its Some comes back', () => {
    expect(invoke(guest(`(call $get ${KEY_OF_ARGS})`), { args: utf8('keyB') }))
      .toMatchObject({ outcome: 0, output: toHex(concat(Uint8Array.of(16), utf8('keyB'))) });
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

  test('the runtime writes to the state, and its number comes back', () => {
    const overlay = emptyOverlay();
    const body = `(i32.store (i32.const 0)
        (call $set (call $fat (i32.const 8) (i32.const 4)) (call $fat (i32.const 12) (i32.const 4))))
      (call $fat (i32.const 0) (i32.const 4))`;
    expect(invoke(guest(body), { overlay }).output).toBe('0x01000000');
    expect(overlay.get(utf8('keyA'))).toEqual(utf8('1234'));
  });

  test('checkpoint and weight_remaining answer the weight left, which falls', () => {
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

  test('a bad pointer, or more bytes than any call may pass, trap the guest', () => {
    expect(invoke(guest('(drop (call $get (i64.const 0x10_0000fffa))) (i64.const 0)')).outcome).toBe(1);
    const large = `(drop (memory.grow (i32.const 32)))
      (drop (call $get (call $fat (i32.const 0) (i32.const 1048577)))) (i64.const 0)`;
    expect(invoke(guest(large)).outcome).toBe(1);
  });

  test('tries are not for guests on-chain', () => {
    const code = wat(`(module
      (import "env" "ext_trie_blake2_256_ordered_root_version_2" (func $root (param i64 i32) (result i32)))
      (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 4096))
      (func (export "accumula") (param i32 i32) (result i64)
        (drop (call $root (i64.const ${1n << 32n}) (i32.const 1))) (i64.const 0)))`);
    expect(invoke(code).outcome).toBe(1);
  });

  test('memory that the runtime grows meanwhile is seen by the host', () => {
    expect(invoke(guest(`(drop (call $get ${KEY_OF_ARGS})) ${ECHO}`), { args: utf8('grow') }))
      .toMatchObject({ outcome: 0, output: toHex(utf8('grow')) });
  });

  test.each([0, 1, 20, 200])('made from as deep as the guest can go never exhaust the host (%i locals a call)', (locals) => {
    const code = wat(`(module ${GUEST_IMPORTS} (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 4096))
      (data (i32.const 8) "keyA") ${FAT}
      (func $deep (param $left i32) (result i32) (local ${'i64 '.repeat(locals)})
        (if (result i32) (local.get $left)
          (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get $left) (i32.const 1)))))
          (else (drop (call $get (call $fat (i32.const 8) (i32.const 4)))) (i32.const 0))))
      (func (export "accumula") (param $p i32) (param $n i32) (result i64)
        (i64.extend_i32_u (call $deep (i32.load (local.get $p))))))`);
    const at = (depth: number): number => invoke(code, { args: new Writer().u32(depth).finish() }).outcome;
    let [returns, exhausts] = [0, 1 << 20];
    while (exhausts - returns > 1) {
      const middle = (returns + exhausts) >> 1;
      const outcome = at(middle);
      expect([0, 3]).toContain(outcome);
      if (outcome === 0) returns = middle;
      else exhausts = middle;
    }
    expect(returns).toBeGreaterThan(50);
  });

  test('a hundred thousand of them leave the runtime\'s memory flat', () => {
    // Arguments and answers of 64 KiB in all would need 6 GiB if any of it stayed; the runtime may have 128 MiB.
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

describe('a fault of the runtime inside a guest\'s host call', () => {
  const trapOf = (key: string): RuntimeTrap => {
    try {
      invoke(guest(`(drop (call $get ${KEY_OF_ARGS})) (i64.const 0)`), { args: utf8(key) });
    } catch (error) {
      if (error instanceof RuntimeTrap) return error;
      throw error;
    }
    throw new Error('the call went on');
  };

  test('a trap fails the whole call, with the runtime\'s last words', () => {
    expect(trapOf('trap')).toMatchObject({ reason: 'unreachable', log: ['error the: the runtime panicked'] });
  });

  test('an answer that is malformed fails the whole call', () => {
    expect(trapOf('bad!').reason).toContain("the runtime's answer to ext_corejam_get_work_storage_version_1 is malformed");
  });

  test('so does a second machine inside the first', () => {
    expect(trapOf('deep').reason).toContain('a guest already runs');
  });

  test('and an export that the runtime lacks', () => {
    expect(() => invoke(guest('(drop (call $relay (i64.const 0))) (i64.const 0)'))).toThrow('which the runtime does not export');
  });

  test('afterwards the next call works', () => {
    trapOf('trap');
    expect(invoke(guest(ECHO), { args: utf8('x') }).outcome).toBe(0);
  });

  test('a fault of the host passes through as it is', () => {
    const overlay = emptyOverlay();
    overlay.set = () => { throw new TypeError('the database is gone'); };
    const body = `(drop (call $set (call $fat (i32.const 8) (i32.const 4)) (call $fat (i32.const 12) (i32.const 4))))
      (i64.const 0)`;
    expect(() => invoke(guest(body), { overlay })).toThrow(new TypeError('the database is gone'));
  });
});
