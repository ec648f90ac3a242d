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
//     it back. Who leaves a loop does not count: that happens once. A loop's head is arrived at owing what its turns end with,
//     found by a first pass over the body. The targets of a `br_table` and of branches that carry values, where nothing can be
//     put on the way, are arrived at owing nothing
//
// The counter's global is written only when somebody may read it: `stale` says that the local is ahead of it. Where it must be
// written after ways have come together, with nothing to pay there, and on some of them it has been already (a call, say), it
// is written on the others: who comes from a call has nothing to do.
import { Edit } from './body-plan.js';
import type { Edits } from './body-plan.js';
import type { Flow } from './flow.js';
import { Leave, Step } from './flow.js';

/** The least of a turn that comes from a `br_table`. */
const NEVER_OWED = -Infinity;
/** So many ways to one label may pay apart: beyond, branches pay before they are taken, which takes fewer bytes and less time. */
const WAYS_MAX = 64;

/** What a label has before there is a way to it. */
const NO_WAYS: number[] = [];

/** A label, and what is owed where control comes together at it. */
class Label {
  /** Which loop of the function it heads, in order; −1 for other labels. */
  loop = -1;
  /** How many loops are open outside it. */
  loops = 0;
  /** What was owed where it opened: the second arm of an `if` starts from it. */
  owed = 0;
  stale = false;
  /** Nothing may be owed at it. */
  paid = false;
  /** The local is ahead of the global on a way where nothing can be put. */
  paidStale = false;
  /**
   * Edits that stand on the ways to it. Until it ends `pay` holds what is owed there, `write` whether the local is ahead, and
   * `owes` whether the way leaves a loop.
   */
  ways = NO_WAYS;
}

/** Adds the edits of bodies to those of the module: of one after the other. */
export class Ledger {
  private segment = -1;
  private owed = 0;
  private stale = false;
  /** Where the open segment starts at a label: the ways to it, if on some of them the local is ahead and on others not. */
  private mixed: readonly number[] = NO_WAYS;
  private loops = 0;
  /** Those that are open, and others that were: each serves many blocks, one after another. */
  private readonly labels: Label[] = [];
  private depth = 0;
  /** Of each loop in order: the least that a turn ends with owing, `Infinity` where there is no second turn. */
  private readonly turns: number[] = [];
  /** What is owed at the head of each loop, in order. */
  private heads: readonly number[] = NO_WAYS;

  constructor(readonly edits: Edits) {}

  /** Adds the edits of a body, and answers the index of the first. */
  settle(flow: Flow): number {
    const first = this.edits.length;
    this.run(flow, NO_WAYS);
    const heads = headsFrom(this.turns);
    if (heads !== undefined) {
      this.edits.truncate(first);
      this.run(flow, heads);
    }
    return first;
  }

  /** Once through a body. `heads`: what is owed at the head of each of its loops, in order; nothing where it is left out. */
  private run(flow: Flow, heads: readonly number[]): void {
    this.heads = heads;
    this.owed = this.loops = this.depth = this.turns.length = 0;
    this.stale = false;
    this.segment = -1;
    this.mixed = NO_WAYS;
    for (let index = 0; index < flow.length; index += 1) this.step(flow, index);
  }

  private step(flow: Flow, index: number): void {
    const kind = flow.kind[index]!;
    const at = flow.at[index]!;
    const value = flow.value[index]!;
    const resume = flow.resume[index]!;
    switch (flow.step[index]) {
      case Step.open:
        this.segment = this.edit(kind, at, 0);
        return;
      case Step.close:
        return this.close(value, kind === 1);
      case Step.enter:
        return this.enter(false, at, kind === 1);
      case Step.enterLoop:
        return this.enter(true, at, kind === 1);
      case Step.otherwise:
        return this.otherwise(at, kind === 1);
      case Step.leave:
        return this.leave(at, (kind & Leave.live) !== 0, (kind & Leave.joined) !== 0, (kind & Leave.implied) !== 0);
      case Step.jump:
        return this.jump(value, at);
      case Step.branch:
        return this.branch(value, at, resume, kind === 1);
      case Step.table:
        return this.table(flow.depths.slice(value, resume), at);
      case Step.edit:
        this.edit(kind, at, value, resume);
    }
  }

  private edit(kind: number, at: number, value: number, resume = at): number {
    return this.edits.add(kind, at, value, resume);
  }

  /** Ends the open segment, of this price; `observes`: somebody may read the counter in it. */
  private close(fuel: number, observes: boolean): void {
    const { segment, edits } = this;
    this.owed += fuel;
    edits.value[segment] = fuel;
    if (observes) {
      edits.pay[segment] = this.owed;
      const elsewhere = this.owed === 0 && this.mixed.length > 0;
      edits.write[segment] = !elsewhere && (this.stale || this.owed !== 0) ? 1 : 0;
      if (elsewhere) this.mixed = NO_WAYS; // they write, as they are marked
      this.owed = 0;
      this.stale = false;
    }
    for (const way of this.mixed) edits.write[way] = 0;
    this.mixed = NO_WAYS;
    edits.owes[segment] = this.owed;
    this.segment = -1;
  }

  private enter(isLoop: boolean, at: number, live: boolean): void {
    const loop = isLoop ? this.turns.push(Infinity) - 1 : -1;
    if (isLoop && live) {
      this.payTo(this.heads[loop] ?? 0, at);
      this.stale = true; // whoever comes back to the head may be ahead of the global
    }
    const label = this.labels[this.depth] ??= new Label();
    this.depth += 1;
    label.loop = loop;
    label.loops = this.loops;
    label.owed = this.owed;
    label.stale = this.stale;
    label.paid = label.paidStale = false;
    label.ways = NO_WAYS;
    if (isLoop) this.loops += 1;
  }

  private jump(depth: number, at: number): void {
    const label = this.target(depth);
    if (label.loop >= 0) this.turn(label, at);
    else this.way(label, this.edit(Edit.pay, at, 0));
  }

  private branch(depth: number, at: number, resume: number, carriesValues: boolean): void {
    const label = this.target(depth);
    if (this.depth - 1 === depth) return; // out of the function: the segment has paid
    if (label.loop >= 0) return this.turn(label, at);
    if (carriesValues || label.ways.length >= WAYS_MAX) {
      this.payTo(0, at);
      label.paid = true;
      label.paidStale ||= this.stale;
      return;
    }
    this.way(label, this.edit(Edit.branch, at, depth, resume));
  }

  private table(depths: readonly number[], at: number): void {
    this.payTo(0, at);
    for (const depth of depths) {
      const label = this.target(depth);
      if (label.loop >= 0) this.turns[label.loop] = NEVER_OWED;
      label.paid = true;
      label.paidStale ||= this.stale;
    }
  }

  private otherwise(at: number, live: boolean): void {
    const label = this.target(0);
    if (live) this.way(label, this.edit(Edit.pay, at, 0));
    this.owed = label.owed;
    this.stale = label.stale;
  }

  private leave(at: number, live: boolean, joined: boolean, implied: boolean): void {
    this.depth -= 1;
    const label = this.labels[this.depth]!;
    this.loops = label.loops;
    if (!joined) return;
    if (live) this.way(label, this.edit(Edit.pay, at, 0));
    if (implied) {
      this.owed = label.owed;
      this.stale = label.stale;
      this.way(label, this.edit(Edit.otherwise, at, 0));
    }
    const { ways, paid, paidStale } = label;
    const { pay, write, owes } = this.edits;
    this.owed = paid ? 0 : this.agreed(ways);
    let ahead = 0;
    for (const way of ways) {
      pay[way]! -= this.owed;
      owes[way] = 0;
      if (pay[way] !== 0) write[way] = 1;
      ahead += write[way]!;
    }
    this.stale = paidStale || ahead > 0;
    if (!paidStale && ahead > 0 && ahead < ways.length) this.mixed = ways;
    else for (const way of ways) write[way] = 0;
  }

  /**
   * What most of the ways owe that leave no loop, or of all where each leaves one; the least where several are as many, or where
   * there are too many to count.
   */
  private agreed(ways: readonly number[]): number {
    const { pay, owes } = this.edits;
    const all = ways.every((way) => owes[way] !== 0);
    const counts = (way: number): boolean => all || owes[way] === 0;
    let best = Infinity;
    for (const way of ways) if (counts(way) && pay[way]! < best) best = pay[way]!;
    if (ways.length < 3 || ways.length > WAYS_MAX) return best;
    const as = (owed: number): number => ways.reduce((sum, way) => (pay[way] === owed && counts(way) ? sum + 1 : sum), 0);
    let most = as(best);
    for (const way of ways) {
      const owed = pay[way]!;
      if (owed === best || !counts(way)) continue;
      const many = as(owed);
      if (many > most || (many === most && owed < best)) [best, most] = [owed, many];
    }
    return best;
  }

  private target(depth: number): Label {
    return this.labels[this.depth - 1 - depth]!;
  }

  private way(label: Label, edit: number): void {
    this.edits.pay[edit] = this.owed;
    this.edits.write[edit] = this.stale ? 1 : 0;
    this.edits.owes[edit] = this.loops > label.loops ? 1 : 0;
    if (label.ways.length === 0) label.ways = [edit];
    else label.ways.push(edit);
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
function headsFrom(turns: readonly number[]): number[] | undefined {
  const heads = turns.map((least) => (least === Infinity || least === NEVER_OWED ? 0 : least));
  return heads.some((least) => least !== 0) ? heads : undefined;
}
