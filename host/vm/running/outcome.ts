// How a run of a guest ends, and how the ways are told apart.

/** What a call of a guest came to. `fuelUsed` never exceeds the fuel given. */
export interface CallResult {
  /**
   * `returned`: the function returned. `trapped`: the guest did what has no meaning, or a host function refused it.
   * `outOfFuel`: it needed more than it was given; `fuelUsed` is then all of it. `stackExhausted`: it called too deep.
   */
  readonly outcome: 'returned' | 'trapped' | 'outOfFuel' | 'stackExhausted';
  /** The first result of a function that returned one. */
  readonly value?: number | bigint;
  /** All results of a function that returned. */
  readonly values?: readonly (number | bigint)[];
  /** Why it trapped. For people: its words may change with V8, the outcome does not. */
  readonly trap?: string;
  readonly fuelUsed: bigint;
}

/** Thrown by `GuestContext` to unwind the guest; never leaves `Guest.call`. */
export class Unwind extends Error {
  constructor(
    readonly ending: 'trapped' | 'outOfFuel',
    reason: string,
  ) {
    super(reason);
    this.name = 'Unwind';
  }
}

/** The host could not do what the guest was entitled to: no answer about the guest follows from it. */
export class HostFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HostFault';
  }
}

/** V8's wording to ours, so that one cause has one name in every version. */
const TRAPS: readonly (readonly [RegExp, string])[] = [
  [/unreachable/, 'unreachable'],
  [/memory access out of bounds/, 'memory access out of bounds'],
  [/divide by zero|remainder by zero/, 'integer divide by zero'],
  [/divide result unrepresentable/, 'integer overflow'],
  [/table index is out of bounds|table access out of bounds|table or segment access/, 'undefined element'],
  [/null function or function signature|signature mismatch/, 'null function or signature mismatch'],
];

/** Is this how V8 reports a trap of WebAssembly code? Its stack overflow is a `RangeError`, and is not. */
export function isTrap(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && (error as Partial<Error>).name === 'RuntimeError';
}

/** The trap's name. */
export function trapName(error: Error): string {
  return TRAPS.find(([wording]) => wording.test(error.message))?.[1] ?? error.message;
}
