// What `settle.ts` has to know of a body, as `scan.ts` comes upon it: its segments, its blocks, the ways between them, and what
// else stands in the code. It is gone through twice where there are loops, so it is written down, instead of looking at every
// instruction again.

/** What happens at a step, where the columns tell more. */
export const Step = {
  /** Nothing: the body's end. */
  none: 0,
  /** A block or an `if` opens, or a loop; `kind` 1 where it can be entered. */
  enter: 1,
  enterLoop: 2,
  /** The second arm of an `if`; `kind` 1 where control falls through to it. */
  otherwise: 3,
  /** A label's end; `kind`: `Leave`. */
  leave: 4,
  /** `br` so many labels out: `value`. */
  jump: 5,
  /** `br_if` so many labels out; `kind` 1 where it carries values. */
  branch: 6,
  /** `br_table`: its labels are those of `depths` from `value` to before `resume`. */
  table: 7,
  /** An edit of this `kind` and `value`, whatever is paid. */
  edit: 8,
} as const;

/** Whence control comes to a label's end: it falls through; from elsewhere too; from the condition of an `if` without `else`. */
export const Leave = { live: 1, joined: 2, implied: 4 } as const;

/** How a segment ends before a step. */
export const Ending = { none: 0, unread: 1, read: 2 } as const;
/** No segment opens after a step. */
export const OPENS_NONE = 0xff;

/** The steps of one body, in columns. One serves all bodies of a module. */
export class Flow {
  length = 0;
  /** How the open segment ends before the step, if it does, and then its price. */
  readonly ending: Uint8Array;
  readonly fuel: Float64Array;
  readonly step: Uint8Array;
  readonly kind: Uint8Array;
  readonly at: Int32Array;
  readonly value: Float64Array;
  /** Where the code goes on behind the instruction, or the table's labels end. */
  readonly resume: Int32Array;
  /** The kind of edit with which a segment opens after the step, at `resume`, if one does. */
  readonly opens: Uint8Array;
  readonly depths: number[] = [];
  /** Price of the open segment so far, and whether somebody may read the counter in it. */
  price = 0;
  observes = false;
  #isOpen = false;
  /** How the segment ended that the next step is behind. */
  #ended: number = Ending.none;
  #endedFuel = 0;

  /** `bodyBytes`: of the longest body. Each step is an instruction's, but for the function's own label and the end. */
  constructor(bodyBytes: number) {
    const room = bodyBytes + 2;
    this.ending = new Uint8Array(room);
    this.fuel = new Float64Array(room);
    this.step = new Uint8Array(room);
    this.kind = new Uint8Array(room);
    this.at = new Int32Array(room);
    this.value = new Float64Array(room);
    this.resume = new Int32Array(room);
    this.opens = new Uint8Array(room);
  }

  /** Starts a body. */
  begin(): void {
    this.length = this.depths.length = this.price = 0;
    this.observes = this.#isOpen = false;
    this.#ended = Ending.none;
  }

  /** A segment starts at `at`, behind the last step. */
  open(kind: number, at: number): void {
    const last = this.length - 1;
    this.opens[last] = kind;
    this.resume[last] = at;
    this.#isOpen = true;
    this.observes = false;
    this.price = 0;
  }

  /** Ends the open segment, if there is one. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#ended = this.observes ? Ending.read : Ending.unread;
    this.#endedFuel = this.price;
  }

  /** A block, loop or `if` opens at `at`. The segment before a loop or an `if` has been closed; a block's goes on. */
  enter(isLoop: boolean, at: number, live: boolean): void {
    this.#add(isLoop ? Step.enterLoop : Step.enter, live ? 1 : 0, at);
  }

  /** The second arm of an `if` starts at `at`; `live`: the first falls through. */
  otherwise(at: number, live: boolean): void {
    this.#add(Step.otherwise, live ? 1 : 0, at);
  }

  /** A label's end at `at`; see `Leave`. */
  leave(at: number, live: boolean, joined: boolean, implied: boolean): void {
    this.#add(Step.leave, (live ? Leave.live : 0) | (joined ? Leave.joined : 0) | (implied ? Leave.implied : 0), at);
  }

  /** Control goes to `depth` labels out by `br`: from here on the code is dead. */
  jump(depth: number, at: number): void {
    this.value[this.#add(Step.jump, 0, at)] = depth;
  }

  /** Control may go to `depth` labels out by `br_if`, whose bytes are [at, resume). */
  branch(depth: number, at: number, resume: number, carriesValues: boolean): void {
    const index = this.#add(Step.branch, carriesValues ? 1 : 0, at);
    this.value[index] = depth;
    this.resume[index] = resume;
  }

  /** Control goes to one of these labels by `br_table`. */
  table(depths: ReadonlySet<number>, at: number): void {
    const index = this.#add(Step.table, 0, at);
    this.value[index] = this.depths.length;
    for (const depth of depths) this.depths.push(depth);
    this.resume[index] = this.depths.length;
  }

  /** Something else stands here, at [at, resume). */
  edit(kind: number, at: number, value: number, resume = at): void {
    const index = this.#add(Step.edit, kind, at);
    this.value[index] = value;
    this.resume[index] = resume;
  }

  /** The body's end. */
  end(at: number): void {
    this.close();
    this.#add(Step.none, 0, at);
  }

  /** Adds a step and answers its index. `value` and `resume` stay as they are. */
  #add(step: number, kind: number, at: number): number {
    const index = this.length;
    this.length = index + 1;
    this.ending[index] = this.#ended;
    if (this.#ended !== Ending.none) {
      this.fuel[index] = this.#endedFuel;
      this.#ended = Ending.none;
    }
    this.step[index] = step;
    this.kind[index] = kind;
    this.at[index] = at;
    this.opens[index] = OPENS_NONE;
    return index;
  }
}
