// The control flow of one function body, as `scan.ts` meets it: segments, labels, branches, and the instructions that
// metering edits. `settle.ts` walks it twice if the body has loops, so it is recorded instead of decoding the body
// again.
//
// A body has up to one step for each of its bytes, so the steps are parallel columns of numbers: entry i of each column
// belongs to step i. Each column has one meaning, given at its declaration. One set of columns serves all bodies of a
// module: a column that a kind of step does not use still holds what an earlier body left in it.

/** Kinds of steps. */
export const Step = {
  /** The end of the body. */
  end: 0,
  /** A `block` or `if` opens. */
  block: 1,
  /** A `loop` opens. */
  loop: 2,
  /** The `else` of an `if`. */
  else: 3,
  /** The `end` of a block, loop or `if`. */
  labelEnd: 4,
  br: 5,
  brIf: 6,
  brTable: 7,
  /** An instruction that is edited whatever has to be paid. */
  edit: 8,
} as const;

/** How a segment ends before a step. */
export const Ending = {
  /** None ends here. */
  none: 0,
  /** The counter can't be observed in it. */
  unobserved: 1,
  observed: 2,
} as const;

/** How the `end` of a label is reached other than by fall-through: bits. */
const MERGES = 1;
const IMPLIED_ELSE = 2;

/** No segment opens after a step. */
export const OPENS_NONE = 0xff;

export class Flow {
  length = 0;
  /** Its `Step`. */
  readonly step: Uint8Array;
  /** Position of the instruction. */
  readonly at: Int32Array;
  /**
   * Position from which the code is copied on: after the instruction, or the instruction itself if an edit goes before
   * it.
   */
  readonly resume: Int32Array;
  /** The `Ending` of the segment that was open. */
  readonly ending: Uint8Array;
  /** Price of the segment that ends. */
  readonly fuel: Float64Array;
  /** The kind of edit with which a segment opens at `resume`, or `OPENS_NONE`. */
  readonly opens: Uint8Array;
  /** Of `block`, `loop`, `else` and `labelEnd`: 1 if control falls through to it. */
  readonly live: Uint8Array;
  /**
   * Of `labelEnd`: `MERGES` if it is reached other than by fall-through, `IMPLIED_ELSE` if from an `if` without `else`.
   */
  readonly reached: Uint8Array;
  /** Of `br` and `brIf`: relative depth of the label. */
  readonly depth: Int32Array;
  /** Of `brIf`: 1 if it carries values. */
  readonly carries: Uint8Array;
  /** Of `edit`: kind and operand, as in `Edits`. */
  readonly editKind: Uint8Array;
  readonly editOperand: Int32Array;
  /** Distinct relative depths of the targets of each `br_table`, in order of the tables. */
  readonly tables: (readonly number[])[] = [];
  /** Price of the open segment so far, and whether the counter can be observed in it. */
  price = 0;
  observed = false;
  #isOpen = false;
  /** The `Ending` that belongs to the next step, and the price of that segment. */
  #ended: number = Ending.none;
  #endedFuel = 0;

  /**
   * `bodyBytes`: of the longest body. Two steps belong to no instruction: the opening of the function's label, and the
   * end.
   */
  constructor(bodyBytes: number) {
    const room = bodyBytes + 2;
    this.step = new Uint8Array(room);
    this.at = new Int32Array(room);
    this.resume = new Int32Array(room);
    this.ending = new Uint8Array(room);
    this.fuel = new Float64Array(room);
    this.opens = new Uint8Array(room);
    this.live = new Uint8Array(room);
    this.reached = new Uint8Array(room);
    this.depth = new Int32Array(room);
    this.carries = new Uint8Array(room);
    this.editKind = new Uint8Array(room);
    this.editOperand = new Int32Array(room);
  }

  /** Starts a body. */
  begin(): void {
    this.length = this.tables.length = this.price = 0;
    this.observed = this.#isOpen = false;
    this.#ended = Ending.none;
  }

  /** Opens a segment at `at`, after the last step. */
  open(kind: number, at: number): void {
    const last = this.length - 1;
    this.opens[last] = kind;
    this.resume[last] = at;
    this.#isOpen = true;
    this.observed = false;
    this.price = 0;
  }

  /** Ends the open segment, if there is one. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#ended = this.observed ? Ending.observed : Ending.unobserved;
    this.#endedFuel = this.price;
  }

  /**
   * A block, loop or `if` opens. The caller has closed the segment before a loop or `if`; before a block it continues.
   */
  enter(isLoop: boolean, at: number, live: boolean): void {
    this.live[this.#add(isLoop ? Step.loop : Step.block, at)] = live ? 1 : 0;
  }

  /** An `else`; `live`: the first arm falls through to it. */
  else(at: number, live: boolean): void {
    this.live[this.#add(Step.else, at)] = live ? 1 : 0;
  }

  /** The `end` of a label. */
  labelEnd(at: number, live: boolean, merges: boolean, impliedElse: boolean): void {
    const index = this.#add(Step.labelEnd, at);
    this.live[index] = live ? 1 : 0;
    this.reached[index] = (merges ? MERGES : 0) | (impliedElse ? IMPLIED_ELSE : 0);
  }

  /** Whether the label end at step `index` is reached other than by fall-through. */
  merges(index: number): boolean {
    return (this.reached[index]! & MERGES) !== 0;
  }

  /** Whether the label end at step `index` is that of an `if` without `else`, whose condition leads to it. */
  hasImpliedElse(index: number): boolean {
    return (this.reached[index]! & IMPLIED_ELSE) !== 0;
  }

  br(depth: number, at: number): void {
    this.depth[this.#add(Step.br, at)] = depth;
  }

  /** A `br_if` whose bytes are [at, resume). */
  brIf(depth: number, at: number, resume: number, carriesValues: boolean): void {
    const index = this.#add(Step.brIf, at);
    this.depth[index] = depth;
    this.resume[index] = resume;
    this.carries[index] = carriesValues ? 1 : 0;
  }

  brTable(depths: readonly number[], at: number): void {
    this.#add(Step.brTable, at);
    this.tables.push(depths);
  }

  /** An instruction that is edited: the edit goes before it, or replaces it if `resume` is its end. */
  edit(kind: number, at: number, operand: number, resume = at): void {
    const index = this.#add(Step.edit, at);
    this.editKind[index] = kind;
    this.editOperand[index] = operand;
    this.resume[index] = resume;
  }

  /** The end of the body. */
  end(at: number): void {
    this.close();
    this.#add(Step.end, at);
  }

  /** Adds a step and returns its index. */
  #add(step: number, at: number): number {
    const index = this.length;
    this.length = index + 1;
    this.step[index] = step;
    this.at[index] = at;
    this.ending[index] = this.#ended;
    if (this.#ended !== Ending.none) {
      this.fuel[index] = this.#endedFuel;
      this.#ended = Ending.none;
    }
    this.opens[index] = OPENS_NONE;
    return index;
  }
}
