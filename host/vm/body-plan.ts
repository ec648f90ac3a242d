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
  /** Give the frame back before `return`. */
  leave: 6,
  /** Read the counter again: a callee has changed it. */
  reload: 7,
  /** Put a call of a helper in place of the instruction. */
  helper: 8,
} as const;

/** What stands in for `memory.grow` and bulk operations: they are priced by a size known only when they run. */
export const Helper = { grow: 0, copy: 1, fill: 2, init: 3 } as const;
/** A helper and, for `init`, its data segment: `helper + 4 × segment`. */
export type HelperKey = number;

/**
 * The edits of all functions, in columns, in order of position. One set of columns for a module, since it may have thousands
 * of functions of an edit or two.
 */
export class Edits {
  readonly at: number[] = [];
  readonly kind: number[] = [];
  /** Fuel of a segment; labels out of a branch; the helper's key of a helper. */
  readonly value: number[] = [];
  /** What is subtracted from the counter; below zero: what had been paid too early. */
  readonly pay: number[] = [];
  /** What is owed once it is done, where it checks: see `settle.ts`. */
  readonly owes: number[] = [];
  /** 1 where the global is written afterwards. */
  readonly write: number[] = [];
  /** Where copying goes on: after the instruction that a helper or a branch replaces, at the position itself otherwise. */
  readonly resume: number[] = [];

  get length(): number {
    return this.at.length;
  }

  /** Forgets the last ones. */
  truncate(length: number): void {
    for (const column of [this.at, this.kind, this.value, this.pay, this.owes, this.write, this.resume]) column.length = length;
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
