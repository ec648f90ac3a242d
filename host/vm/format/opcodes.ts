// The allow-list: every opcode that may occur, the form of its immediates, and its effect on the operand stack. Any
// other is refused by its number. Prices are in `prices.ts`.

/** Value types by their byte. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export const F32 = 0x7d;
export const F64 = 0x7c;
export const FUNCREF = 0x70;
export const EXTERNREF = 0x6f;

/** Opcodes that a pass refers to by name. */
export const Op = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  selectTyped: 0x1c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  tableGet: 0x25,
  tableSet: 0x26,
  i32Load: 0x28,
  i32Store: 0x36,
  i64Store32: 0x3e,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32Eqz: 0x45,
  i32LtS: 0x48,
  i32GtU: 0x4b,
  i64LtS: 0x53,
  i64LeU: 0x58,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32DivU: 0x6e,
  i32RemU: 0x70,
  i32And: 0x71,
  i32Or: 0x72,
  i32Xor: 0x73,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64DivU: 0x80,
  i64RemU: 0x82,
  i64And: 0x83,
  i64Or: 0x84,
  i64Xor: 0x85,
  i64Shl: 0x86,
  i64ShrU: 0x88,
  i32WrapI64: 0xa7,
  i64ExtendI32S: 0xac,
  i64ExtendI32U: 0xad,
  refNull: 0xd0,
  refIsNull: 0xd1,
  refFunc: 0xd2,
  prefixed: 0xfc,
} as const;

/** Second opcodes after `0xfc`. */
export const Prefixed = {
  memoryInit: 8,
  dataDrop: 9,
  memoryCopy: 10,
  memoryFill: 11,
  tableInit: 12,
  elemDrop: 13,
  tableCopy: 14,
  tableGrow: 15,
  tableSize: 16,
  tableFill: 17,
} as const;

/**
 * How the scanner reads an opcode: `simple` has no immediate, `refused` is not on the list, `special` is handled by
 * name.
 */
export const Form = { refused: 0, simple: 1, local: 2, memory: 3, special: 4 } as const;

/** Bits of an opcode's entry in `TRAITS`. */
export const Trait = {
  /** Mask of its `Form`. */
  form: 7,
  /** Uses floats: refused in a guest, because NaN bits differ between V8's compilers. */
  float: 8,
  /** Uses reference types or tables: refused in a guest, because their sizes are not priced. */
  reference: 16,
  /** Signed division or remainder. */
  signedDivision: 32,
  /** The counter can be observed at it: it may trap (but see `operands.ts`), calls, or leaves the function. */
  observes: 64,
} as const;

/** Traits of each opcode; 0 if it is not on the list. */
export const TRAITS = new Uint8Array(256);
/** Net effect on the operand stack of each opcode that is not special. */
export const DELTA = new Int8Array(256);

function row(from: number, to: number, form: number, delta: number): void {
  for (let op = from; op <= to; op += 1) {
    TRAITS[op] = form;
    DELTA[op] = delta;
  }
}

function mark(trait: number, ...ranges: readonly (number | readonly [from: number, to: number])[]): void {
  for (const range of ranges) {
    const [from, to] = typeof range === 'number' ? [range, range] : range;
    for (let op = from; op <= to; op += 1) TRAITS[op]! |= trait;
  }
}

row(0x00, 0x05, Form.special, 0); // unreachable nop block loop if else
row(0x0b, 0x11, Form.special, 0); // end br br_if br_table return call call_indirect
row(0x1a, 0x1a, Form.simple, -1); // drop
row(0x1b, 0x1b, Form.simple, -2); // select
row(0x1c, 0x1c, Form.special, 0); // select with types
row(0x20, 0x20, Form.local, 1); //   local.get
row(0x21, 0x21, Form.local, -1); //  local.set
row(0x22, 0x22, Form.local, 0); //   local.tee
row(0x23, 0x26, Form.special, 0); // globals, table.get and .set
row(0x28, 0x35, Form.memory, 0); //  loads
row(0x36, 0x3e, Form.memory, -2); // stores
row(0x3f, 0x44, Form.special, 0); // memory.size memory.grow constants
row(0x45, 0x45, Form.simple, 0); //  i32.eqz
row(0x46, 0x4f, Form.simple, -1); // i32 comparison
row(0x50, 0x50, Form.simple, 0); //  i64.eqz
row(0x51, 0x66, Form.simple, -1); // i64, f32, f64 comparison
row(0x67, 0x69, Form.simple, 0); //  i32 clz ctz popcnt
row(0x6a, 0x78, Form.simple, -1); // i32 arithmetic
row(0x79, 0x7b, Form.simple, 0); //  i64 clz ctz popcnt
row(0x7c, 0x8a, Form.simple, -1); // i64 arithmetic
row(0x8b, 0x91, Form.simple, 0); //  f32 unary
row(0x92, 0x98, Form.simple, -1); // f32 binary
row(0x99, 0x9f, Form.simple, 0); //  f64 unary
row(0xa0, 0xa6, Form.simple, -1); // f64 binary
row(0xa7, 0xc4, Form.simple, 0); //  conversions and sign extension
row(0xd0, 0xd2, Form.special, 0); // ref.null ref.is_null ref.func
row(0xfc, 0xfc, Form.special, 0); // saturating conversions, bulk memory, tables

mark(Trait.float, 0x2a, 0x2b, 0x38, 0x39, 0x43, 0x44, [0x5b, 0x66], [0x8b, 0xa6], [0xa8, 0xab], [0xae, 0xbf]);
mark(Trait.reference, 0x1c, 0x25, 0x26, [0xd0, 0xd2]);
mark(Trait.signedDivision, 0x6d, 0x6f, 0x7f, 0x81);
mark(Trait.observes, 0x00, 0x0f, 0x10, 0x11, [0x28, 0x3e], 0x40, [0x6d, 0x70], [0x7f, 0x82], 0xfc);
// Only in the specification's test suite: table access, and the conversions of floats that trap.
mark(Trait.observes, 0x25, 0x26, [0xa8, 0xab], 0xae, 0xaf, 0xb0, 0xb1);
