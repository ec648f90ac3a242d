// What `settle.ts` has to know of a body, as `scan.ts` comes upon it: its segments, its blocks, the ways between them, and what
// else stands in the code. It is gone through twice where there are loops, so it is written down, instead of looking at every
// instruction again.
import { widened } from './columns.js';

/** What happens; the columns say where, and how. */
export const Step = {
  /** A segment opens: `kind` of edit. */
  open: 0,
  /** The open segment ends: `value` is its price, `kind` 1 where somebody may read the counter in it. */
  close: 1,
  /** A block or an `if` opens, or a loop; `kind` 1 where it can be entered. */
  enter: 2,
  enterLoop: 3,
  /** The second arm of an `if`; `kind` 1 where control falls through to it. */
  otherwise: 4,
  /** A label's end; `kind`: `Leave`. */
  leave: 5,
  /** `br` so many labels out: `value`. */
  jump: 6,
  /** `br_if` so many labels out; `kind` 1 where it carries values. */
  branch: 7,
  /** `br_table`: its labels are those of `depths` from `value` to before `resume`. */
  table: 8,
  /** An edit of this `kind` and `value`, whatever is paid. */
  edit: 9,
} as const;

/** Whence control comes to a label's end: it falls through; from elsewhere too; from the condition of an `if` without `else`. */
export const Leave = { live: 1, joined: 2, implied: 4 } as const;

const FIRST_STEPS = 1_024;

/** The steps of one body, in columns. One serves all bodies of a module. */
export class Flow {
  length = 0;
  step = new Uint8Array(FIRST_STEPS);
  kind = new Uint8Array(FIRST_STEPS);
  at = new Int32Array(FIRST_STEPS);
  value = new Float64Array(FIRST_STEPS);
  /** Where the code goes on behind the instruction. */
  resume = new Int32Array(FIRST_STEPS);
  readonly depths: number[] = [];
  /** Price of the open segment so far, and whether somebody may read the counter in it. */
  fuel = 0;
  observes = false;
  private isOpen = false;

  /** Starts a body. */
  begin(): void {
    this.length = this.depths.length = this.fuel = 0;
    this.observes = this.isOpen = false;
  }

  /** Ends the open segment and starts another at `at`. */
  open(kind: number, at: number): void {
    this.close();
    this.isOpen = true;
    this.add(Step.open, kind, at);
  }

  /** Ends the open segment, if there is one. */
  close(): void {
    if (this.isOpen) this.add(Step.close, this.observes ? 1 : 0, 0, this.fuel);
    this.isOpen = this.observes = false;
    this.fuel = 0;
  }

  /** A block, loop or `if` opens at `at`. The segment before a loop or an `if` has been closed; a block's goes on. */
  enter(isLoop: boolean, at: number, live: boolean): void {
    this.add(isLoop ? Step.enterLoop : Step.enter, live ? 1 : 0, at);
  }

  /** The second arm of an `if` starts at `at`; `live`: the first falls through. */
  otherwise(at: number, live: boolean): void {
    this.add(Step.otherwise, live ? 1 : 0, at);
  }

  /** A label's end at `at`; see `Leave`. */
  leave(at: number, live: boolean, joined: boolean, implied: boolean): void {
    this.add(Step.leave, (live ? Leave.live : 0) | (joined ? Leave.joined : 0) | (implied ? Leave.implied : 0), at);
  }

  /** Control goes to `depth` labels out by `br`: from here on the code is dead. */
  jump(depth: number, at: number): void {
    this.add(Step.jump, 0, at, depth);
  }

  /** Control may go to `depth` labels out by `br_if`, whose bytes are [at, resume). */
  branch(depth: number, at: number, resume: number, carriesValues: boolean): void {
    this.add(Step.branch, carriesValues ? 1 : 0, at, depth, resume);
  }

  /** Control goes to one of these labels by `br_table`. */
  table(depths: ReadonlySet<number>, at: number): void {
    const from = this.depths.length;
    this.depths.push(...depths);
    this.add(Step.table, 0, at, from, this.depths.length);
  }

  /** Something else stands here, at [at, resume). */
  edit(kind: number, at: number, value: number, resume = at): void {
    this.add(Step.edit, kind, at, value, resume);
  }

  private add(step: number, kind: number, at: number, value = 0, resume = at): void {
    const index = this.length;
    if (index === this.at.length) this.grow();
    this.length = index + 1;
    this.step[index] = step;
    this.kind[index] = kind;
    this.at[index] = at;
    this.value[index] = value;
    this.resume[index] = resume;
  }

  private grow(): void {
    const size = this.at.length * 2;
    this.step = widened(new Uint8Array(size), this.step);
    this.kind = widened(new Uint8Array(size), this.kind);
    this.at = widened(new Int32Array(size), this.at);
    this.value = widened(new Float64Array(size), this.value);
    this.resume = widened(new Int32Array(size), this.resume);
  }
}
