// How integers cross the boundary between the host and a guest. Results are unsigned; what is given may be signed or
// unsigned.
import type { HostFunction, IntegerType } from './host-functions.js';

const I64_MIN = -(1n << 63n);
const I64_END = 1n << 64n;
const I32_MIN = -(2 ** 31);
const I32_END = 2 ** 32;

export function unsigned(value: number | bigint): number | bigint {
  return typeof value === 'bigint' ? BigInt.asUintN(64, value) : value >>> 0;
}

/** Whether the arguments are of these types, in number and range. */
export function fits(args: readonly (number | bigint)[], types: readonly IntegerType[]): boolean {
  return args.length === types.length && types.every((type, index) => isOf(type, args[index]));
}

/** Checks the result of a host function against its signature. A wrong one is a bug of the host. */
export function checkedResult(
  name: string,
  { results: [type] }: HostFunction,
  result: number | bigint | void,
): number | bigint | undefined {
  if (type === undefined) {
    if (result !== undefined) throw new TypeError(`host function ${name} must return nothing, not ${result}`);
    return undefined;
  }
  if (!isOf(type, result)) throw new TypeError(`host function ${name} must return an ${type}, not ${String(result)}`);
  return result as number | bigint;
}

function isOf(type: IntegerType, value: unknown): boolean {
  if (type === 'i64') return typeof value === 'bigint' && value >= I64_MIN && value < I64_END;
  return typeof value === 'number' && Number.isInteger(value) && value >= I32_MIN && value < I32_END;
}
