// Operators that no guest may use, and that the specification's test suite uses: constants of floats, references,
// tables. The scanner skips them.
import type { Cursor } from './cursor.js';
import { Op, Prefixed } from './opcodes.js';

/** Skips the immediates of an operator, and returns its net effect on the operand stack. */
export function passOther(cursor: Cursor, op: number): number {
  switch (op) {
    case Op.f32Const:
      cursor.skip(4);
      return 1;
    case Op.f64Const:
      cursor.skip(8);
      return 1;
    case Op.selectTyped:
      for (let left = cursor.u32(); left > 0; left -= 1) cursor.u8();
      return -2;
    case Op.tableGet:
      cursor.u32();
      return 0;
    case Op.tableSet:
      cursor.u32();
      return -2;
    case Op.refNull:
      cursor.u8();
      return 1;
    case Op.refFunc:
      cursor.u32();
      return 1;
    default: // ref.is_null
      return 0;
  }
}

/**
 * The same for an operator after the prefix `0xfc` at `at`. Those below 8 are saturating conversions, without
 * immediates.
 */
export function passOtherPrefixed(cursor: Cursor, op: number, at: number): number {
  if (op < 8) return 0;
  if (op > Prefixed.tableFill) cursor.fail(`opcode 0xfc ${op} is not allowed`, at);
  cursor.u32();
  if (op === Prefixed.tableInit || op === Prefixed.tableCopy) cursor.u32();
  if (op === Prefixed.tableGrow) return -1;
  if (op === Prefixed.tableSize) return 1;
  return op === Prefixed.elemDrop ? 0 : -3;
}
