// How a run of a guest ends, and how its endings are told apart.
import { Failure } from '../../bytes/index.js';

/** The outcome of a call of a guest. `fuelUsed` never exceeds the fuel given. */
export type CallResult =
  /** The function returned; `value` is its first result, if it has any. */
  | {
      readonly outcome: 'returned';
      readonly value?: number | bigint;
      readonly values: readonly (number | bigint)[];
      readonly fuelUsed: bigint;
    }
  /**
   * An instruction trapped, or a host function refused the guest. `trap` is for people: its wording may change with V8.
   */
  | { readonly outcome: 'trapped'; readonly trap: string; readonly fuelUsed: bigint }
  /**
   * The run needed more than it was given (`outOfFuel`: `fuelUsed` is all of it), or its calls were nested too deep.
   */
  | { readonly outcome: 'outOfFuel' | 'stackExhausted'; readonly fuelUsed: bigint };

type WithoutFuel<R> = R extends CallResult ? Omit<R, 'fuelUsed'> : never;
/** How a run ended, before its fuel is counted. */
export type Ending = WithoutFuel<CallResult>;

/** Thrown by `GuestContext` to unwind the guest; never leaves `Guest.call`. */
export class Unwind extends Error {
  constructor(
    readonly ending: Ending,
    message: string,
  ) {
    super(message);
    this.name = 'Unwind';
  }
}

/** The host could not do what the guest was entitled to. Nothing about the guest follows from it. */
export class HostFault extends Failure {}

/** Names of traps by V8's wording, so that a cause has the same name in every version. */
const TRAPS: readonly (readonly [RegExp, string])[] = [
  [/unreachable/, 'unreachable'],
  [/memory access out of bounds/, 'memory access out of bounds'],
  [/divide by zero|remainder by zero/, 'integer divide by zero'],
  [/divide result unrepresentable/, 'integer overflow'],
  [/table index is out of bounds|table access out of bounds|table or segment access/, 'undefined element'],
  [/null function or function signature|signature mismatch/, 'null function or signature mismatch'],
];

/** Whether V8 reports a trap of WebAssembly code by this. A stack overflow is a `RangeError`, and no trap. */
export function isTrap(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && (error as Partial<Error>).name === 'RuntimeError';
}

/** The name of a trap. */
export function trapName(error: Error): string {
  return TRAPS.find(([wording]) => wording.test(error.message))?.[1] ?? error.message;
}
