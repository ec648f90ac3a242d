// Calls of host functions with wrong arguments, made from the table of guest functions (host/executor/guest-table.ts), so
// that a new function is covered without a new test. Arguments are operands of Wat.
import type { ArgumentForm, GuestFunction } from '../host/executor/index.js';

/** The memory of the guest that makes the calls: `data` is an address below which nothing is changed. */
export interface GuestMemory {
  readonly data: number;
  /** Its length in bytes. */
  readonly end: number;
}

/** One call; `mustTrap`: no other outcome is allowed. */
export interface WrongCall {
  readonly what: string;
  readonly operands: string;
  readonly mustTrap: boolean;
}

const i32 = (value: number): string => `(i32.const ${value})`;
const i64 = (value: bigint): string => `(i64.const ${value})`;
const fat = (address: number, length: number): string => i64((BigInt(length) << 32n) | BigInt(address));

const U32_MAX = 2 ** 32 - 1;

type Choice = readonly [what: string, operand: string, mustTrap?: boolean];

/** An argument with which a call can succeed. */
function good(form: ArgumentForm, { data }: GuestMemory): string {
  if (form === 'bytes') return fat(data, 32);
  if (form === 'u64') return i64(1n);
  return form === 'u32' ? i32(1) : i32(data);
}

/** Arguments that are too short, too long, at the edge of the memory and outside of it. */
function wrong(form: ArgumentForm, { data, end }: GuestMemory): readonly Choice[] {
  switch (form) {
    case 'bytes':
      return [
        ...[0, 1, 15, 17, 31, 33, 64, 257, 4_097, end - data].map((length): Choice => [
          `of ${length} bytes`,
          fat(data, length),
        ]),
        ['that ends with the memory', fat(end - 32, 32)],
        ['that ends a byte after the memory', fat(end - 31, 32), true],
        ['that ends where addresses wrap', fat(U32_MAX - 31, 32), true],
        ['outside of the memory', fat(U32_MAX, U32_MAX), true],
      ];
    case 'u32':
      return [
        ['0', i32(0)],
        ['2^32 - 1', i32(U32_MAX)],
      ];
    case 'u64':
      return [
        ['0', i64(0n)],
        ['2^64 - 1', i64(2n ** 64n - 1n)],
      ];
    case 'address':
      return [0, 1, data, end - 8, end, U32_MAX].map((address): Choice => [`the address ${address}`, i32(address)]);
    default:
      return [
        ['that ends with the memory', i32(end - form)],
        ['that ends a byte after the memory', i32(end - form + 1), true],
        ['that ends where addresses wrap', i32(U32_MAX - form + 1), true],
      ];
  }
}

/** Calls with one wrong argument each; the others are good ones. */
export function wrongCalls({ args }: GuestFunction, memory: GuestMemory): WrongCall[] {
  const forms = Object.entries(args);
  return forms.flatMap(([name, form], at) =>
    wrong(form, memory).map(([what, operand, mustTrap = false]) => ({
      what: `${name} ${what}`,
      operands: forms.map(([, each], index) => (index === at ? operand : good(each, memory))).join(' '),
      mustTrap,
    })),
  );
}

/** The import of a function as `$name` of Wat. */
export function importOf(name: string, { params, results }: GuestFunction, alias = 'f'): string {
  const list = (keyword: string, types: readonly string[]): string =>
    types.length > 0 ? `(${keyword} ${types.join(' ')})` : '';
  return `(import "env" "${name}" (func $${alias} ${list('param', params)} ${list('result', results)}))`;
}

/** A call of it whose result is dropped. */
export function dropped({ results }: GuestFunction, operands: string, alias = 'f'): string {
  const call = `(call $${alias} ${operands})`;
  return results.length > 0 ? `(drop ${call})` : call;
}
