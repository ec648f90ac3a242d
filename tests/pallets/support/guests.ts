// Minimal guests for tests, in Wat.
import wabt from 'wabt';
import { concat, utf8 } from '../../../host/bytes/index.js';

const tools = await wabt();

/**
 * 16 KB of empty loops in four functions: the code that was found to take a node the longest for its length among what is
 * refused, since only its instrumented form is too long.
 */
export function loops(): Uint8Array {
  return stubWith(`(func ${'(loop)'.repeat(1_300)})`.repeat(4));
}

/** A fat pointer, as a constant of Wat. */
export function fat(address: number, length: number): string {
  return `(i64.const ${(BigInt(length) << 32n) | BigInt(address)})`;
}

/** Addresses of texts in the guest's memory. */
const TEXTS = { one: 16, two: 32, args: 48 } as const;
/** Fat pointers of the keys "one", "two" and "args". */
export const ONE = fat(TEXTS.one, 3);
export const TWO = fat(TEXTS.two, 3);
export const ARGS = fat(TEXTS.args, 4);
/** The arguments that the entry point was given, as a fat pointer. */
export const GIVEN =
  '(i64.or (i64.shl (i64.extend_i32_u (local.get 1)) (i64.const 32)) (i64.extend_i32_u (local.get 0)))';
/** Results of `prune`: SCALE Vec<u32> of [], [0], [9] and [0, 0]; and malformed bytes. */
export const NOTHING = fat(64, 1);
export const FIRST = fat(72, 5);
export const NINTH = fat(80, 5);
export const GARBAGE = fat(88, 3);
export const TWICE_FIRST = fat(96, 9);
/** The result of `accumulate`. */
export const UNIT = '(i64.const 0)';

const IMPORTS: Record<string, string> = {
  set_work_storage: '(param i64 i64) (result i32)',
  get_work_storage: '(param i64) (result i64)',
  get_work_storage_len: '(param i64) (result i64)',
  remove_work_storage: '(param i64)',
  checkpoint: '(result i64)',
  weight_remaining: '(result i64)',
  get_storage: '(param i64) (result i64)',
  get_class_storage: '(param i32 i64) (result i64)',
  transfer: '(param i64 i64) (result i32)',
  free_balance: '(param i64) (result i64)',
  storage_lookup: '(param i64) (result i64)',
  storage_request: '(param i64 i32) (result i32)',
  storage_unrequest: '(param i64) (result i32)',
  storage_provide: '(param i64) (result i32)',
  storage_expunge: '(param i64) (result i32)',
  state_root: '(param i32) (result i64)',
};

/** The entry points of a module that can be registered as a class and as an Authorizer. */
const ENTRY_POINTS = ['is_authorized', 'refine', 'prune', 'accumulate'];

/**
 * The smallest module that exports these entry points, which trap: for tests that register code and never run it. `note`
 * makes the code another one.
 */
export function stub({ entries = ENTRY_POINTS, pages = 1, note = '' } = {}): Uint8Array {
  const code = stubWith('', entries, pages);
  return note === '' ? code : concat(code, Uint8Array.of(0, note.length + 1, note.length), utf8(note)); // a custom section
}

function stubWith(functions: string, entries = ENTRY_POINTS, pages = 1): Uint8Array {
  const exports = entries.map((name) => `(export "${name}")`).join(' ');
  return assemble(
    `(module (memory (export "memory") ${pages}) (global (export "__heap_base") i32 (i32.const 64))
    (func ${exports} (param i32 i32) (result i64) unreachable) ${functions})`,
  );
}

/**
 * A module whose entry points have these bodies, which may call `$set_work_storage` and similar, and use `$free`.
 * Its `refine` traps.
 */
export function guest(parts: { prune?: string; accumulate?: string; data?: string; pages?: number }): Uint8Array {
  const { prune = NOTHING, accumulate = UNIT, data = '', pages = 2 } = parts;
  const bodies = prune + accumulate;
  const imports = Object.entries(IMPORTS)
    .filter(([name]) => bodies.includes(`$${name} `) || bodies.includes(`$${name})`))
    .map(([name, type]) => `(import "env" "ext_corejam_${name}_version_1" (func $${name} ${type}))`);
  if (bodies.includes('$free ')) imports.push('(import "env" "ext_allocator_free_version_1" (func $free (param i32)))');
  return assemble(
    `(module ${imports.join('\n')}
    (memory (export "memory") ${pages}) (global (export "__heap_base") i32 (i32.const 4096))
    (data (i32.const ${TEXTS.one}) "one") (data (i32.const ${TEXTS.two}) "two") (data (i32.const ${TEXTS.args}) "args")
    (data (i32.const 64) "\\00") (data (i32.const 72) "\\04\\00\\00\\00\\00") (data (i32.const 80) "\\04\\09\\00\\00\\00")
    (data (i32.const 88) "\\ff\\ff\\ff") (data (i32.const 96) "\\08\\00\\00\\00\\00\\00\\00\\00\\00") ${data}
    (func (export "refine") (param i32 i32) (result i64) unreachable)
    (func (export "prune") (param i32 i32) (result i64) (local i32 i64) ${prune})
    (func (export "accumulate") (param i32 i32) (result i64) (local i32 i64) ${accumulate}))`,
  );
}

/** The binary of a module in Wat. */
export function assemble(source: string): Uint8Array {
  const module = tools.parseWat('guest.wat', source);
  module.validate();
  return new Uint8Array(module.toBinary({}).buffer);
}

/** The code, made `bytes` long by a custom section without a name. */
export function padded(code: Uint8Array, bytes: number): Uint8Array {
  const content = bytes - code.length - 4; // the id, and a size of three bytes
  const size = [(content & 0x7f) | 0x80, ((content >> 7) & 0x7f) | 0x80, content >> 14];
  return concat(code, Uint8Array.of(0, ...size), new Uint8Array(content));
}
