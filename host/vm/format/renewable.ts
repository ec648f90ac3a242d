// Modules whose instance can be made as new after a call, so that it can serve the next one. A new instance maps a
// memory of its own and copies its data there, which costs ten times as much as restoring 1 MiB.
//
// Of an instance, a call can change its memory, its mutable globals, its tables, and whether a segment was dropped. A
// module is *renewable* if the first two are all that its code can change:
//   - its globals are reached through exports, which are added to its bytes; so does Substrate's `FastInstanceReuse`;
//   - no instruction changes a table or drops a segment. The parser has refused what an import could change, except by
//     a function.
// Restoring the content of the memory and the globals is the caller's part. A memory that has grown can't shrink, and its
// size can be observed; such an instance is not renewed.
import { Cursor } from './cursor.js';
import { InvalidModule } from './invalid-module.js';
import { LIMITS, type Limits } from './limits.js';
import { Form, Op, Prefixed, Trait, TRAITS } from './opcodes.js';
import { ExternKind, HEADER, parse, RESERVED, type ParsedModule } from './parse.js';
import { Sink } from './sink.js';

/** A module that may be renewable. */
export interface Renewable {
  /** The module with an export for each mutable global. */
  readonly code: Uint8Array;
  /** The names of these exports. */
  readonly globals: readonly string[];
  /** Whether it is renewable: reads all function bodies. The module must be valid. */
  isRenewable(): boolean;
}

const EXPORTS = 7;
/** For modules that need not be bounded, because they are trusted with the time that they take. */
const UNBOUNDED = Object.fromEntries(Object.keys(LIMITS).map((name) => [name, Infinity])) as unknown as Limits;

/** Adds the exports; undefined if the module is not renewable by its sections. */
export function exposeGlobals(bytes: Uint8Array): Renewable | undefined {
  let module: ParsedModule;
  try {
    module = parse(bytes, UNBOUNDED);
  } catch (error) {
    if (!(error instanceof InvalidModule)) throw error;
    return undefined;
  }
  const section = exportsOf(bytes);
  if (section === undefined) return undefined;
  const globals = module.mutableGlobals.map((index) => `${RESERVED}global.${index}`);
  const content = new Sink().u32(module.exports.length + globals.length).copy(bytes, section.entries, section.end);
  module.mutableGlobals.forEach((index, at) => content.ascii(globals[at]!).u8(ExternKind.global).u32(index));
  const code = new Sink(bytes.length + content.length)
    .copy(bytes, 0, section.at)
    .u8(EXPORTS)
    .sized(content)
    .copy(bytes, section.end, bytes.length)
    .view();
  return { code, globals, isRenewable: () => changesOnlyMemoryAndGlobals(module) };
}

/** The export section: the byte of its number, its first entry, and its end. */
function exportsOf(bytes: Uint8Array): { at: number; entries: number; end: number } | undefined {
  const cursor = new Cursor(bytes, HEADER.length);
  while (cursor.pos < bytes.length) {
    const at = cursor.pos;
    const id = cursor.u8();
    const size = cursor.u32();
    const end = cursor.pos + size;
    if (id === EXPORTS) {
      cursor.u32();
      return { at, entries: cursor.pos, end };
    }
    cursor.skip(size);
  }
  return undefined;
}

function changesOnlyMemoryAndGlobals({ bytes, bodies }: ParsedModule): boolean {
  const cursor = new Cursor(bytes);
  for (const { start, end } of bodies) {
    cursor.pos = start;
    cursor.end = end;
    for (let groups = cursor.u32(); groups > 0; groups -= 1) {
      cursor.u32();
      cursor.u8();
    }
    while (cursor.pos < end) if (!pass(cursor)) return false;
  }
  return true;
}

/** An alignment with this bit is followed by the index of a memory. */
const WITH_INDEX = 0x40;

/** Skips an instruction; false if it changes a table or a segment, or is not known. */
function pass(cursor: Cursor): boolean {
  const op = cursor.u8();
  const traits = TRAITS[op]!;
  if ((traits & Trait.reference) !== 0) return false;
  switch (traits & Trait.form) {
    case Form.simple:
      return true;
    case Form.local:
      cursor.u32();
      return true;
    case Form.memory: {
      const alignment = cursor.u32();
      cursor.u32();
      return (alignment & WITH_INDEX) === 0;
    }
    case Form.special:
      return passSpecial(cursor, op);
    default:
      return false;
  }
}

function passSpecial(cursor: Cursor, op: number): boolean {
  switch (op) {
    case Op.unreachable:
    case Op.nop:
    case Op.else:
    case Op.end:
    case Op.return:
      return true;
    case Op.block:
    case Op.loop:
    case Op.if:
      cursor.blockType();
      return true;
    case Op.brTable:
      for (let left = cursor.u32(); left >= 0; left -= 1) cursor.u32(); // one more: the default
      return true;
    case Op.br:
    case Op.brIf:
    case Op.call:
    case Op.globalGet:
    case Op.globalSet:
    case Op.memorySize:
    case Op.memoryGrow:
      cursor.u32();
      return true;
    case Op.callIndirect:
      cursor.u32();
      cursor.u32();
      return true;
    case Op.i32Const:
      cursor.i32();
      return true;
    case Op.i64Const:
      cursor.natural(10);
      return true;
    case Op.f32Const:
      cursor.skip(4);
      return true;
    case Op.f64Const:
      cursor.skip(8);
      return true;
    case Op.prefixed:
      return passPrefixed(cursor, cursor.u32());
    default:
      return false;
  }
}

/** The same after the prefix `0xfc`. */
function passPrefixed(cursor: Cursor, op: number): boolean {
  if (op < Prefixed.memoryInit) return true; // saturating conversions
  if (op === Prefixed.memoryFill) cursor.u32();
  else if (op === Prefixed.memoryCopy || op === Prefixed.memoryInit) {
    cursor.u32();
    cursor.u32();
  } else return false;
  return true;
}
