// The plan of one function: what `scan.ts` finds out and `emit.ts` carries out. Nothing else passes between the two.
//
// A module may have many thousand edits, so they are parallel columns of numbers: entry i of each column belongs to
// edit i. Each column has one meaning, given at its declaration.

/** Kinds of edits: what is done at a position beside paying. */
export const Edit = {
  /** A segment starts. */
  segment: 0,
  /** The first segment of the function starts: check. */
  entry: 1,
  /** The head of a loop, where a segment starts: check. */
  loop: 2,
  /** Nothing else. */
  pay: 3,
  /** A `br_if` that pays only if it is taken. */
  branch: 4,
  /** The end of an `if` without `else`: pays only if the `if` was not entered. */
  otherwise: 5,
  /** Before a `return`. */
  leave: 6,
  /** A call: pass what is left of the stack, and reload the counter afterwards, because the callee has changed it. */
  call: 7,
  /** A call of a helper in place of the instruction. */
  helper: 8,
} as const;

/** What a call calls: the index of a function, or `-1 - type` for an indirect call. */
export type Callee = number;

/** Functions in place of `memory.grow` and bulk operations, whose price depends on a size known only at run time. */
export const Helper = { grow: 0, copy: 1, fill: 2, init: 3 } as const;
/** A helper and, for `init`, its data segment: `helper + 4 × segment`. */
export type HelperKey = number;

/** Most modules need no more edits than this for each byte of code. Room that is not touched costs nothing. */
const EDITS_PER_BYTE = 1 / 4;
const EDITS_LEAST = 64;

/**
 * The edits of all functions, in order of position. One set of columns serves a whole module, because most functions
 * have an edit or two; the columns are as narrow as their values allow, because touching fresh memory is most of what
 * they cost.
 */
export class Edits {
  length = 0;
  /** Position of the edit in the source. */
  at: Int32Array;
  /** Position from which the source is copied on: after the instruction if the edit replaces or wraps it, else `at`. */
  resume: Int32Array;
  kind: Uint8Array;
  /** The instruction's own operand: relative depth of a `branch`, `Callee` of a `call`, `HelperKey` of a `helper`. */
  operand: Int32Array;
  /** Of an edit that starts a segment: its price, which tracing counts. */
  fuel: Float64Array;
  /** What is subtracted from the counter. Negative: what is added, and owed again. */
  pay: Float64Array;
  /** What is owed after the payment, which a check compares with; see `settle.ts`. */
  owes: Float64Array;
  /** 1 if the counter's global is written. */
  write: Uint8Array;

  /** `codeBytes`: of all bodies together. */
  constructor(codeBytes: number) {
    const room = EDITS_LEAST + Math.ceil(codeBytes * EDITS_PER_BYTE);
    this.at = new Int32Array(room);
    this.resume = new Int32Array(room);
    this.kind = new Uint8Array(room);
    this.operand = new Int32Array(room);
    this.fuel = new Float64Array(room);
    this.pay = new Float64Array(room);
    this.owes = new Float64Array(room);
    this.write = new Uint8Array(room);
  }

  /** Adds an edit that pays nothing, and returns its index. */
  add(kind: number, at: number, operand: number, resume: number): number {
    const index = this.length;
    if (index === this.at.length) this.#grow();
    this.length = index + 1;
    this.at[index] = at;
    this.resume[index] = resume;
    this.kind[index] = kind;
    this.operand[index] = operand;
    this.pay[index] = 0;
    this.owes[index] = 0;
    this.write[index] = 0;
    return index;
  }

  /** Drops the edits from `length` on. */
  truncate(length: number): void {
    this.length = length;
  }

  #grow(): void {
    const size = this.at.length * 2;
    const copied = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.at = copied(new Int32Array(size), this.at);
    this.resume = copied(new Int32Array(size), this.resume);
    this.kind = copied(new Uint8Array(size), this.kind);
    this.operand = copied(new Int32Array(size), this.operand);
    this.fuel = copied(new Float64Array(size), this.fuel);
    this.pay = copied(new Float64Array(size), this.pay);
    this.owes = copied(new Float64Array(size), this.owes);
    this.write = copied(new Uint8Array(size), this.write);
  }
}

/** The plan of one function. */
export interface BodyPlan {
  /** Positions at which the groups of local declarations start and end, and their number. */
  readonly groupsStart: number;
  readonly groupsEnd: number;
  readonly groups: number;
  /** Parameters and declared locals. */
  readonly locals: number;
  /** Position of the final `end`. */
  readonly endAt: number;
  /** The most values on the operand stack at once. */
  readonly operands: number;
  /** See `effort.ts`. */
  readonly merges: number;
  readonly loops: number;
  /** The most blocks open at once. */
  readonly nesting: number;
  /** The most targets of a `br_table`. */
  readonly targets: number;
  /** Edits that pay or check. */
  readonly charges: number;
  /** Its edits are those in [first, end). */
  readonly edits: Edits;
  readonly first: number;
  readonly end: number;
  /** Functions called directly, and types called indirectly, each once. */
  readonly calls: readonly number[];
  readonly indirectTypes: readonly number[];
}
