// Instructions by operand and result types, for generating and damaging modules.
import { I32, I64 } from './vm-dice.js';
import type { Type } from './vm-dice.js';

type Ops = Readonly<Record<Type, readonly number[]>>;
type MemoryOps = Readonly<Record<Type, readonly (readonly [op: number, align: number])[]>>;

export const ARITHMETIC: Ops = {
  [I32]: [0x6a, 0x6b, 0x6c, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78],
  [I64]: [0x7c, 0x7d, 0x7e, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a],
};
export const DIVISION: Ops = { [I32]: [0x6d, 0x6e, 0x6f, 0x70], [I64]: [0x7f, 0x80, 0x81, 0x82] };
export const UNARY: Ops = { [I32]: [0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1], [I64]: [0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4] };
/** Of two operands of a type, an i32. */
export const COMPARISON: Ops = {
  [I32]: [0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f],
  [I64]: [0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a],
};
/** With the largest alignment. */
export const LOAD: MemoryOps = {
  [I32]: [
    [0x28, 2],
    [0x2c, 0],
    [0x2d, 0],
    [0x2e, 1],
    [0x2f, 1],
  ],
  [I64]: [
    [0x29, 3],
    [0x30, 0],
    [0x31, 0],
    [0x32, 1],
    [0x33, 1],
    [0x34, 2],
    [0x35, 2],
  ],
};
export const STORE: MemoryOps = {
  [I32]: [
    [0x36, 2],
    [0x3a, 0],
    [0x3b, 1],
  ],
  [I64]: [
    [0x37, 3],
    [0x3c, 0],
    [0x3d, 1],
    [0x3e, 2],
  ],
};

const opsOf = (table: MemoryOps, type: Type): number[] => table[type].map(([op]) => op);

/** Sets of instructions any of which may stand for any other, mostly. */
export const ALIKE: readonly (readonly number[])[] = [
  [0x02, 0x03],
  [0x0c, 0x0d],
  [0x20, 0x21, 0x22],
  [0x23, 0x24],
  ...([I32, I64] as const).flatMap((type) => [opsOf(LOAD, type), opsOf(STORE, type), UNARY[type], COMPARISON[type]]),
  [...ARITHMETIC[I32], ...DIVISION[I32], ...COMPARISON[I32]],
  [...ARITHMETIC[I64], ...DIVISION[I64]],
];
