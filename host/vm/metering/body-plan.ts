// The plan of one function: what `scan.ts` found out and `emit.ts` carries out, and nothing else passes between the two.

/** What an edit does at its position, beside paying. */
export const Edit = {
  /** A segment starts. */
  segment: 0,
  /** The function's first segment starts: check. */
  entry: 1,
  /** A loop's head: check. */
  loop: 2,
  /** Nothing else. */
  pay: 3,
  /** A `br_if` so many labels out: who takes it pays. */
  branch: 4,
  /** The end of an `if` without `else`: who did not enter it pays. */
  otherwise: 5,
  /** A `return`. */
  leave: 6,
  /** A call: tell the callee how much stack there is, and read the counter again, which it has changed. */
  call: 7,
  /** Put a call of a helper in place of the instruction. */
  helper: 8,
} as const;

/** Whom a call calls: a function by its index, or, indirectly, any of a type: `-1 - type`. */
export type Callee = number;

/** What stands in for `memory.grow` and bulk operations: they are priced by a size known only when they run. */
export const Helper = { grow: 0, copy: 1, fill: 2, init: 3 } as const;
/** A helper and, for `init`, its data segment: `helper + 4 × segment`. */
export type HelperKey = number;

/** Room for so many edits at first, for each byte of code: most modules need no more, and what is not touched costs nothing. */
const EDITS_PER_BYTE = 1 / 4;
const FIRST_EDITS = 64;

/**
 * The edits of all functions, in columns, in order of position. One set of columns for a module, since it may have thousands
 * of functions of an edit or two; as narrow as their values allow, since touching fresh memory is most of what they cost.
 */
export class Edits {
  length = 0;
  at: Int32Array;
  kind: Uint8Array;
  /** Fuel of a segment; labels out of a branch; the callee of a call; the helper's key of a helper. */
  value: Float64Array;
  /** What is subtracted from the counter; below zero: what is taken back, and owed again. */
  pay: Float64Array;
  /** What is owed once it is done, where it checks: see `settle.ts`. */
  owes: Float64Array;
  /** 1 where the global is written afterwards. */
  write: Uint8Array;
  /** Where copying goes on: after the instruction that a helper or a branch replaces, at the position itself otherwise. */
  resume: Int32Array;

  /** `codeBytes`: of all bodies. */
  constructor(codeBytes: number) {
    const room = FIRST_EDITS + Math.ceil(codeBytes * EDITS_PER_BYTE);
    this.at = new Int32Array(room);
    this.kind = new Uint8Array(room);
    this.value = new Float64Array(room);
    this.pay = new Float64Array(room);
    this.owes = new Float64Array(room);
    this.write = new Uint8Array(room);
    this.resume = new Int32Array(room);
  }

  /** Adds an edit that pays nothing, and answers its index. */
  add(kind: number, at: number, value: number, resume: number): number {
    const index = this.length;
    if (index === this.at.length) this.#grow();
    this.length = index + 1;
    this.at[index] = at;
    this.kind[index] = kind;
    this.value[index] = value;
    this.pay[index] = 0;
    this.owes[index] = 0;
    this.write[index] = 0;
    this.resume[index] = resume;
    return index;
  }

  /** Forgets the last ones. */
  truncate(length: number): void {
    this.length = length;
  }

  #grow(): void {
    const size = this.at.length * 2;
    const widened = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.at = widened(new Int32Array(size), this.at);
    this.kind = widened(new Uint8Array(size), this.kind);
    this.value = widened(new Float64Array(size), this.value);
    this.pay = widened(new Float64Array(size), this.pay);
    this.owes = widened(new Float64Array(size), this.owes);
    this.write = widened(new Uint8Array(size), this.write);
    this.resume = widened(new Int32Array(size), this.resume);
  }
}

/** The plan of one function. */
export interface BodyPlan {
  /** Where the local declarations' groups start and end, their count, and how many locals there are with the parameters. */
  readonly groupsStart: number;
  readonly groupsEnd: number;
  readonly groups: number;
  readonly locals: number;
  /** Position of the final `end`. */
  readonly endAt: number;
  readonly operands: number;
  readonly merges: number;
  readonly loops: number;
  /** Blocks open at once, and targets of a `br_table`, where they are most. */
  readonly nesting: number;
  readonly targets: number;
  /** Edits that pay or check. */
  readonly charges: number;
  /** Its edits are those from `first` to before `end`. */
  readonly edits: Edits;
  readonly first: number;
  readonly end: number;
  /** Functions called directly, and types called indirectly, each once. */
  readonly calls: readonly number[];
  readonly indirectTypes: readonly number[];
}
