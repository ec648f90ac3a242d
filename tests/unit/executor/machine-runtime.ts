// A runtime in Wat that runs a guest with ext_corejam_machine_invoke and serves its host calls, and the guests that it
// runs.
import { blake2_256, concat, Reader, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { OUTPUT_BYTES_MAX, Runtime, RuntimeTrap } from '../../../host/executor/index.js';
import type { Overlay } from '../../../host/state/index.js';
import { emptyOverlay, REQUIRED, wat } from './fixtures.js';

/** A weight, in picoseconds, that is enough for everything except an endless loop. */
export const PLENTY = 50_000_000_000n;

/** In Wat: `$fat`, which makes a fat pointer of an address and a length. */
export const FAT = `(func $fat (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 1)) (i64.const 32)) (i64.extend_i32_u (local.get 0))))`;

/** The size of the runtime's longest reply. */
export const BULK_BYTES = 200_000;

/**
 * A runtime that passes its arguments to the machine: code hash (32), entry point (8 bytes: `accumula` or `prune___`),
 * weight (u64), length of the guest's arguments (u32), the arguments, and the code. Its exports for guests:
 *   get_work_storage     by key: None for `none`, a trap for `trap`, a bad reply for `bad!`, a refusal for `deny`, a second
 *                        guest for `deep`, endless recursion for `over`; for `bulk` Some of BULK_BYTES times 0x5a, which it
 *                        reserves first, in memory that it grows for them; for `undo` a trap in a storage transaction that has written;
 *                        otherwise Some(the tuple that it was passed)
 *   set_work_storage     stores value under key and replies 1; both have 4 bytes
 *   checkpoint           replies with one byte;   remove_work_storage  refuses
 */
const RUNTIME = wat(`(module
  (import "env" "ext_corejam_machine_invoke_version_1" (func $invoke (param i32 i64 i64 i64 i64 i32) (result i64)))
  (import "env" "ext_corejam_machine_reserve_version_1" (func $reserve (param i32) (result i32)))
  (import "env" "ext_storage_set_version_1" (func $set (param i64 i64)))
  (import "env" "ext_storage_start_transaction_version_1" (func $begin))
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
      (i64.load offset=40 (local.get $p)) (i32.const ${OUTPUT_BYTES_MAX})))
  (func $over (call $over) (call $over))
  ;; Some, the compact of the length, and the bytes: in pages that were not there when the host called
  (func $bulk (result i64) (local $at i32)
    (local.set $at (i32.shl (memory.grow (i32.const ${Math.ceil((BULK_BYTES + 5) / 65_536)})) (i32.const 16)))
    (i32.store8 (local.get $at) (i32.const 1))
    (i32.store offset=1 (local.get $at) (i32.const ${BULK_BYTES * 4 + 2}))
    (memory.fill (i32.add (local.get $at) (i32.const 5)) (i32.const 0x5a) (i32.const ${BULK_BYTES}))
    (call $fat (local.get $at) (i32.const ${BULK_BYTES + 5})))
  (func (export "Test_run") (param i32 i32) (result i64)
    (global.set $args (local.get 0)) (global.set $length (local.get 1)) (call $run))
  (func (export "Test_twice") (param i32 i32) (result i64)
    (global.set $args (local.get 0)) (global.set $length (local.get 1)) (drop (call $run)) (call $run))
  (func (export "ext_corejam_get_work_storage_version_1") (param $p i32) (param $n i32) (result i64) (local $key i32)
    (local.set $key (i32.load offset=1 (local.get $p)))
    (if (i32.eq (local.get $key) (i32.const 0x656e6f6e)) (then (return (call $fat (i32.const 0) (i32.const 1)))))
    (if (i32.eq (local.get $key) (i32.const 0x796e6564)) (then (return (i64.const 0))))
    (if (i32.eq (local.get $key) (i32.const 0x21646162)) (then (return (call $fat (i32.const 64) (i32.const 1)))))
    (if (i32.eq (local.get $key) (i32.const 0x6b6c7562)) (then
      (if (i32.eqz (call $reserve (i32.const ${BULK_BYTES}))) (then (return (call $fat (i32.const 0) (i32.const 1)))))
      (return (call $bulk))))
    (if (i32.eq (local.get $key) (i32.const 0x7265766f)) (then (call $over)))
    (if (i32.eq (local.get $key) (i32.const 0x6f646e75)) (then
      (call $begin) (call $set (call $fat (i32.const 16) (i32.const 3)) (call $fat (i32.const 16) (i32.const 3))) unreachable))
    (if (i32.eq (local.get $key) (i32.const 0x70656564)) (then (drop (call $run))))
    (if (i32.eq (local.get $key) (i32.const 0x70617274)) (then
      (call $log (i32.const 0) (call $fat (i32.const 16) (i32.const 3)) (call $fat (i32.const 16) (i32.const 20))) unreachable))
    ;; Some(Vec of the tuple): the tuple is short, so its length takes one byte
    (i32.store8 (i32.const 128) (i32.const 1)) (i32.store8 (i32.const 129) (i32.shl (local.get $n) (i32.const 2)))
    (i64.store (i32.const 130) (i64.load (local.get $p))) (call $fat (i32.const 128) (i32.add (local.get $n) (i32.const 2))))
  (func (export "ext_corejam_set_work_storage_version_1") (param $p i32) (param $n i32) (result i64)
    ;; key and value of 4 bytes each after their length bytes
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

/** The imports of the guests, by short names. */
const GUEST_IMPORTS = `
  (import "env" "ext_corejam_get_work_storage_version_1" (func $get (param i64) (result i64)))
  (import "env" "ext_corejam_get_work_storage_len_version_1" (func $len (param i64) (result i64)))
  (import "env" "ext_corejam_set_work_storage_version_1" (func $set (param i64 i64) (result i32)))
  (import "env" "ext_corejam_remove_work_storage_version_1" (func $remove (param i64)))
  (import "env" "ext_corejam_get_storage_version_1" (func $relay (param i64) (result i64)))
  (import "env" "ext_corejam_checkpoint_version_1" (func $checkpoint (result i64)))
  (import "env" "ext_corejam_weight_remaining_version_1" (func $remaining (result i64)))
  (import "env" "ext_allocator_free_version_1" (func $free (param i32)))`;

/** The parts of a guest besides its entry points: memory, of one page by default, `__heap_base`, and data. */
export const head = (pages = '1'): string => `${GUEST_IMPORTS}
  (memory (export "memory") ${pages}) (global (export "__heap_base") i32 (i32.const 4096)) (data (i32.const 8) "keyA1234")`;

/** A guest whose entry point `accumula` has this body; its arguments are at $p, "keyA1234" at 8. */
export const guest = (body: string, pages?: string): Uint8Array =>
  wat(`(module ${head(pages)}
  ${FAT}
  (func (export "accumula") (param $p i32) (param $n i32) (result i64) (local $i i32) (local $w i64) ${body}))`);

/** The machine's result, as the runtime receives it. */
export interface MachineResult {
  outcome: number;
  weightUsed: bigint;
  output: string;
}

/** Options of an invocation. */
export interface Options {
  args?: Uint8Array;
  weight?: bigint;
  entry?: string;
  overlay?: Overlay;
  method?: string;
}

/** Makes the runtime run a guest. */
export function invoke(code: Uint8Array, options: Options = {}): MachineResult {
  const {
    args = new Uint8Array(),
    weight = PLENTY,
    entry = 'accumula',
    overlay = emptyOverlay(),
    method = 'Test_run',
  } = options;
  const input = concat(blake2_256(code), utf8(entry), new Writer().u64(weight).u32(args.length).finish(), args, code);
  const reader = new Reader(Runtime.load(RUNTIME).call(method, input, overlay));
  const result = { outcome: reader.u8(), weightUsed: reader.u64(), output: toHex(reader.bytes()) };
  reader.end();
  return result;
}

/** The trap of the runtime with which `work` must end. */
export function trapOf(run: () => unknown): RuntimeTrap {
  try {
    run();
  } catch (error) {
    if (error instanceof RuntimeTrap) return error;
    throw error;
  }
  throw new Error('the call went on');
}
