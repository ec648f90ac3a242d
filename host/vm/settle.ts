// Where a function pays: turns the segments of `scan.ts` into as few subtractions as the exactness of the figure allows.
//
// The figure (`scan.ts` defines it) must be right wherever somebody may read it: where an instruction may trap, where a
// function is called or left, and at a check. Elsewhere what is due may be *owed*: known to us, not yet subtracted.
//
//   due figure = counter − owed        owed is a constant at every point of the code, so it costs nothing at run time
//
//   - a segment in which somebody may read pays all that is owed, its own price included, as it is entered
//   - any other adds its price to what is owed
//   - a check needs no payment: it compares the counter with what is owed instead of with zero
//   - where control comes together, all must owe the same: what most of them owe, the least of it where several are as many.
//     Who owes more pays the difference on the way, in an arm of an `if` or beside a branch that is taken; who owes less takes
//     it back. Who leaves a loop does not count: that happens once. A loop's head is arrived at owing nothing, and so are the
//     targets of a `br_table` and of branches that carry values, where nothing can be put on the way
//
// The counter's global is written only when somebody may read it: `stale` says that the local is ahead of it. Where it must be
// written after ways have come together, with nothing to pay there, and on some of them it has been already (a call, say), it
// is written on the others: who comes from a call has nothing to do.
import { Edit } from './body-plan.js';
import type { Edits } from './body-plan.js';

/** The least of a turn that comes from a `br_table`. */
const NEVER_OWED = -Infinity;
/** So many ways to one label may pay apart: beyond, branches pay before they are taken, which takes fewer bytes. */
const WAYS_MAX = 64;

/** A label, and what is owed where control comes together at it. */
interface Label {
  /** Which loop of the function it heads, in order; −1 for other labels. */
  readonly loop: number;
  /** How many loops are open outside it. */
  readonly loops: number;
  /** What was owed where it opened: the second arm of an `if` starts from it. */
  readonly owed: number;
  readonly stale: boolean;
  /** Nothing may be owed at it. */
  paid: boolean;
  /** The local is ahead of the global on a way where nothing can be put. */
  paidStale: boolean;
  /**
   * Edits that stand on the ways to it, apart those that leave a loop. Until it ends their column `pay` holds what is owed
   * there, and `write` whether the local is ahead.
   */
  readonly ways: number[];
  readonly exits: number[];
}

/** Adds the edits of one body to those of the module, as the scanner comes upon them. */
export class Ledger {
  /** The body's first edit. */
  readonly first: number;
  /** Price of the open segment so far, and whether somebody may read the counter in it. */
  fuel = 0;
  observes = false;
  private segment = -1;
  private owed = 0;
  private stale = false;
  /** Where the open segment starts at a label: the ways to it on which the local is ahead, if there are others. */
  private ahead: readonly number[] | undefined;
  private loops = 0;
  private readonly labels: Label[] = [];
  /** Of each loop in order: the least that a turn ends with owing, `Infinity` where there is no second turn. */
  readonly turns: number[] = [];

  /** `heads`: what is owed at the head of each loop, in order; nothing where it is left out. */
  constructor(readonly edits: Edits, private readonly heads: readonly number[] = []) {
    this.first = edits.length;
  }

  /** Adds an edit. */
  edit(kind: number, at: number, value: number, resume = at): number {
    return this.edits.add(kind, at, value, resume);
  }

  /** Ends the open segment and starts another at `at`. */
  open(kind: number, at: number): void {
    this.close();
    this.segment = this.edit(kind, at, 0);
  }

  /** Ends the open segment. */
  close(): void {
    const { segment, edits } = this;
    if (segment >= 0) {
      this.owed += this.fuel;
      edits.value[segment] = this.fuel;
      if (this.observes) {
        edits.pay[segment] = this.owed;
        if (this.owed !== 0) edits.write[segment] = 1;
        else if (this.ahead !== undefined) for (const way of this.ahead) edits.write[way] = 1;
        else if (this.stale) edits.write[segment] = 1;
        this.owed = 0;
        this.stale = false;
      }
      edits.owes[segment] = this.owed;
      this.ahead = undefined;
    }
    this.segment = -1;
    this.fuel = 0;
    this.observes = false;
  }

  /** A block, loop or `if` opens at `at`. The segment before a loop or an `if` has been closed; a block's goes on. */
  enter(isLoop: boolean, at: number, live: boolean): void {
    const loop = isLoop ? this.turns.push(Infinity) - 1 : -1;
    if (isLoop && live) {
      this.payTo(this.heads[loop] ?? 0, at);
      this.stale = true; // whoever comes back to the head may be ahead of the global
    }
    const { owed, stale, loops } = this;
    this.labels.push({ loop, loops, owed, stale, paid: false, paidStale: false, ways: [], exits: [] });
    if (isLoop) this.loops += 1;
  }

  /** Control goes to `depth` labels out by `br`: from here on the code is dead. */
  jump(depth: number, at: number): void {
    const label = this.target(depth);
    if (label.loop >= 0) this.turn(label, at);
    else this.way(label, this.edit(Edit.pay, at, 0));
  }

  /** Control may go to `depth` labels out by `br_if`, whose bytes are [at, resume). */
  branch(depth: number, at: number, resume: number, carriesValues: boolean): void {
    const label = this.target(depth);
    if (this.labels.length - 1 === depth) return; // out of the function: the segment has paid
    if (label.loop >= 0) return this.turn(label, at);
    if (carriesValues || label.ways.length + label.exits.length >= WAYS_MAX) {
      this.payTo(0, at);
      label.paid = true;
      label.paidStale ||= this.stale;
      return;
    }
    this.way(label, this.edit(Edit.branch, at, depth, resume));
  }

  /** Control goes to one of these labels by `br_table`. */
  table(depths: ReadonlySet<number>, at: number): void {
    this.payTo(0, at);
    for (const depth of depths) {
      const label = this.target(depth);
      if (label.loop >= 0) this.turns[label.loop] = NEVER_OWED;
      label.paid = true;
      label.paidStale ||= this.stale;
    }
  }

  /** The second arm of an `if` starts at `at`; `live`: the first falls through. */
  otherwise(at: number, live: boolean): void {
    const label = this.target(0);
    if (live) this.way(label, this.edit(Edit.pay, at, 0));
    this.owed = label.owed;
    this.stale = label.stale;
  }

  /**
   * A label's end at `at`. `live`: control falls through to it; `joined`: it comes from elsewhere too; `implied`: from the
   * condition of an `if` without `else`.
   */
  leave(at: number, live: boolean, joined: boolean, implied: boolean): void {
    const label = this.labels.pop()!;
    this.loops = label.loops;
    if (!joined) return;
    if (live) this.way(label, this.edit(Edit.pay, at, 0));
    if (implied) {
      this.owed = label.owed;
      this.stale = label.stale;
      this.way(label, this.edit(Edit.otherwise, at, 0));
    }
    const { pay, write } = this.edits;
    const ways = [...label.ways, ...label.exits];
    const owed = label.paid ? 0 : commonest((label.ways.length > 0 ? label.ways : label.exits).map((edit) => pay[edit]!));
    for (const edit of ways) pay[edit]! -= owed;
    const ahead = ways.filter((edit) => write[edit] !== 0 || pay[edit] !== 0);
    for (const edit of ways) write[edit] = 0;
    this.owed = owed;
    this.stale = label.paidStale || ahead.length > 0;
    this.ahead = label.paidStale || ahead.length === ways.length ? undefined : ahead;
  }

  private target(depth: number): Label {
    return this.labels[this.labels.length - 1 - depth]!;
  }

  private way(label: Label, edit: number): void {
    this.edits.pay[edit] = this.owed;
    this.edits.write[edit] = this.stale ? 1 : 0;
    (this.loops > label.loops ? label.exits : label.ways).push(edit);
  }

  /** Control comes back to a loop's head. */
  private turn(label: Label, at: number): void {
    this.turns[label.loop] = Math.min(this.turns[label.loop]!, this.owed);
    this.payTo(this.heads[label.loop] ?? 0, at);
  }

  /** From `at` on so much is owed. */
  private payTo(owed: number, at: number): void {
    if (this.owed === owed) return;
    const edit = this.edit(Edit.pay, at, 0);
    this.edits.pay[edit] = this.owed - owed;
    this.owed = owed;
    this.stale = true;
  }
}

/** What is owed at the head of each loop in a second pass; `undefined` where the first is as good. */
export function headsFrom(turns: readonly number[]): number[] | undefined {
  const heads = turns.map((least) => (least === Infinity || least === NEVER_OWED ? 0 : least));
  return heads.some((least) => least !== 0) ? heads : undefined;
}

/** The value that is there most often, the least where several are. */
function commonest(values: readonly number[]): number {
  const least = Math.min(...values);
  if (values.length < 3) return least;
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best = least;
  for (const [value, count] of counts) {
    const [most, ahead] = [counts.get(best)!, value < best];
    if (count > most || (count === most && ahead)) best = value;
  }
  return best;
}
