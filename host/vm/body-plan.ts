// The plan of one function: what `scan.ts` found out and `emit.ts` carries out, and nothing else passes between the two.

/** What an edit does at its position. */
export const Edit = {
  /** Charge a segment. */
  segment: 0,
  /** Charge the entry's segment and check. */
  entry: 1,
  /** Charge a loop's head and check. */
  loop: 2,
  /** Give the frame back before `return`. */
  leave: 3,
  /** Read the counter again: a callee has changed it. */
  reload: 4,
  /** Put a call of a helper in place of the instruction. */
  helper: 5,
} as const;

/** What stands in for `memory.grow` and bulk operations: they are priced by a size known only when they run. */
export const Helper = { grow: 0, copy: 1, fill: 2, init: 3 } as const;
/** A helper and, for `init`, its data segment: `helper + 4 × segment`. */
export type HelperKey = number;

/** The plan of one function. Edits are columns, in order of position. */
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
  /** Segments that cost anything. */
  readonly charges: number;
  readonly at: number[];
  readonly kind: number[];
  /** Fuel of a charge; the helper's key of a helper. */
  readonly value: number[];
  /** Of a charge: 1 when something in its segment may observe the counter (see `OBSERVES`), 0 otherwise. */
  readonly observed: number[];
  /** Where copying goes on: after the instruction that a helper replaces, at the position itself otherwise. */
  readonly resume: number[];
  /** Functions called directly, and types called indirectly, each once. */
  readonly calls: ReadonlySet<number>;
  readonly indirectTypes: ReadonlySet<number>;
}
