// Integer instructions of the reference meter, straight from the specification: i32 as signed numbers, i64 as signed
// bigints. Traps are thrown.

/** A trap of the reference, by the name the VM gives it. */
export class ReferenceTrap extends Error {}

const i32 = (value: number): number => value | 0;
const i64 = (value: bigint): bigint => BigInt.asIntN(64, value);
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const bit = (value: boolean): number => (value ? 1 : 0);

function nonZero<T extends number | bigint>(divisor: T): T {
  if (divisor == 0) throw new ReferenceTrap('integer divide by zero'); // eslint-disable-line eqeqeq -- a number or a bigint
  return divisor;
}

function rotate(value: bigint, by: bigint, width: bigint): bigint {
  const mask = (1n << width) - 1n;
  const shift = by % width;
  return ((value << shift) | (value >> (width - shift))) & mask;
}

function zeros(value: bigint, width: number, fromTop: boolean): number {
  const digits = value.toString(2).padStart(width, '0');
  const one = fromTop ? digits.indexOf('1') : [...digits].reverse().join('').indexOf('1');
  return one < 0 ? width : one;
}

const ones = (value: bigint): number => value.toString(2).replaceAll('0', '').length;

/** Unary instructions by opcode. */
export const UNARY: Record<number, (value: never) => number | bigint> = {
  0x45: (v: number) => bit(v === 0),
  0x67: (v: number) => zeros(BigInt(v >>> 0), 32, true),
  0x68: (v: number) => zeros(BigInt(v >>> 0), 32, false),
  0x69: (v: number) => ones(BigInt(v >>> 0)),
  0x50: (v: bigint) => bit(v === 0n),
  0x79: (v: bigint) => BigInt(zeros(u64(v), 64, true)),
  0x7a: (v: bigint) => BigInt(zeros(u64(v), 64, false)),
  0x7b: (v: bigint) => BigInt(ones(u64(v))),
  0xa7: (v: bigint) => Number(BigInt.asIntN(32, v)),
  0xac: (v: number) => BigInt(v),
  0xad: (v: number) => BigInt(v >>> 0),
  0xc0: (v: number) => (v << 24) >> 24,
  0xc1: (v: number) => (v << 16) >> 16,
  0xc2: (v: bigint) => BigInt.asIntN(8, v),
  0xc3: (v: bigint) => BigInt.asIntN(16, v),
  0xc4: (v: bigint) => BigInt.asIntN(32, v),
};

/** Binary instructions by opcode. */
export const BINARY: Record<number, (x: never, y: never) => number | bigint> = {
  0x46: (x: number, y: number) => bit(x === y),
  0x47: (x: number, y: number) => bit(x !== y),
  0x48: (x: number, y: number) => bit(x < y),
  0x49: (x: number, y: number) => bit(x >>> 0 < y >>> 0),
  0x4a: (x: number, y: number) => bit(x > y),
  0x4b: (x: number, y: number) => bit(x >>> 0 > y >>> 0),
  0x4c: (x: number, y: number) => bit(x <= y),
  0x4d: (x: number, y: number) => bit(x >>> 0 <= y >>> 0),
  0x4e: (x: number, y: number) => bit(x >= y),
  0x4f: (x: number, y: number) => bit(x >>> 0 >= y >>> 0),
  0x51: (x: bigint, y: bigint) => bit(x === y),
  0x52: (x: bigint, y: bigint) => bit(x !== y),
  0x53: (x: bigint, y: bigint) => bit(x < y),
  0x54: (x: bigint, y: bigint) => bit(u64(x) < u64(y)),
  0x55: (x: bigint, y: bigint) => bit(x > y),
  0x56: (x: bigint, y: bigint) => bit(u64(x) > u64(y)),
  0x57: (x: bigint, y: bigint) => bit(x <= y),
  0x58: (x: bigint, y: bigint) => bit(u64(x) <= u64(y)),
  0x59: (x: bigint, y: bigint) => bit(x >= y),
  0x5a: (x: bigint, y: bigint) => bit(u64(x) >= u64(y)),
  0x6a: (x: number, y: number) => i32(x + y),
  0x6b: (x: number, y: number) => i32(x - y),
  0x6c: (x: number, y: number) => Math.imul(x, y),
  0x6d: (x: number, y: number) => {
    if (x === -(2 ** 31) && y === -1) throw new ReferenceTrap('integer overflow');
    return i32(x / nonZero(y));
  },
  0x6e: (x: number, y: number) => i32(Math.floor((x >>> 0) / (nonZero(y) >>> 0))),
  0x6f: (x: number, y: number) => i32(x % nonZero(y)),
  0x70: (x: number, y: number) => i32((x >>> 0) % (nonZero(y) >>> 0)),
  0x71: (x: number, y: number) => x & y,
  0x72: (x: number, y: number) => x | y,
  0x73: (x: number, y: number) => x ^ y,
  0x74: (x: number, y: number) => x << y,
  0x75: (x: number, y: number) => x >> y,
  0x76: (x: number, y: number) => i32(x >>> y),
  0x77: (x: number, y: number) => Number(BigInt.asIntN(32, rotate(BigInt(x >>> 0), BigInt(y >>> 0), 32n))),
  0x78: (x: number, y: number) =>
    Number(BigInt.asIntN(32, rotate(BigInt(x >>> 0), 32n - (BigInt(y >>> 0) % 32n), 32n))),
  0x7c: (x: bigint, y: bigint) => i64(x + y),
  0x7d: (x: bigint, y: bigint) => i64(x - y),
  0x7e: (x: bigint, y: bigint) => i64(x * y),
  0x7f: (x: bigint, y: bigint) => {
    if (x === -(2n ** 63n) && y === -1n) throw new ReferenceTrap('integer overflow');
    return x / nonZero(y);
  },
  0x80: (x: bigint, y: bigint) => i64(u64(x) / u64(nonZero(y))),
  0x81: (x: bigint, y: bigint) => x % nonZero(y),
  0x82: (x: bigint, y: bigint) => i64(u64(x) % u64(nonZero(y))),
  0x83: (x: bigint, y: bigint) => x & y,
  0x84: (x: bigint, y: bigint) => x | y,
  0x85: (x: bigint, y: bigint) => x ^ y,
  0x86: (x: bigint, y: bigint) => i64(x << (u64(y) % 64n)),
  0x87: (x: bigint, y: bigint) => x >> (u64(y) % 64n),
  0x88: (x: bigint, y: bigint) => i64(u64(x) >> (u64(y) % 64n)),
  0x89: (x: bigint, y: bigint) => i64(rotate(u64(x), u64(y), 64n)),
  0x8a: (x: bigint, y: bigint) => i64(rotate(u64(x), 64n - (u64(y) % 64n), 64n)),
};
