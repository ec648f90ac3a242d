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
//     it back. Who leaves a loop does not count: that happens once
//   - where nothing can be put on the way, at the targets of a `br_table` and of branches that carry values, nothing is owed, as
//     far as a first time through does not show otherwise
//
// A first time through a body finds out what a second makes use of, where the body has loops (`Survey`):
//
//   - a loop's head is arrived at owing what its turns end with
//   - the targets of a `br_table` that nobody else leads to without a place to pay are arrived at owing what is owed there
//   - where ways that owe different sums come together, and from there it goes straight on to a loop's head, they pay so much that
//     nothing is left to pay at the end of the turn: each turn of an interpreter pays once, in the arm that it takes
//
// The counter's global is written only when somebody may read it: `stale` says that the local is ahead of it. Where it must be
// written after ways have come together, with nothing to pay there, and on some of them it has been already (a call, say), it
// is written on the others: who comes from a call has nothing to do.
import { Edit } from './body-plan.js';
import type { Edits } from './body-plan.js';
import type { Flow } from './flow.js';
import { Ending, Leave, OPENS_NONE, Step } from './flow.js';
import { Survey } from './survey.js';

/** So many ways to one label may pay apart: beyond, branches pay before they are taken, which takes fewer bytes and less time. */
const WAYS_MAX = 64;

/** No label, or no table. */
const NONE = -1;
/** What a label has before there is a way to it. */
const NO_WAYS: number[] = [];

/** A label, and what is owed where control comes together at it. */
class Label {
  /** Which label of the function it is, in order. */
  index = 0;
  /** Which loop of the function it heads, in order; −1 for other labels. */
  loop = -1;
  /** How many loops are open outside it. */
  loops = 0;
  /** What was owed where it opened: the second arm of an `if` starts from it. */
  owed = 0;
  stale = false;
  /** Can nothing be put on some way to it? Then so much must be owed at it. */
  isFixed = false;
  fixed = 0;
  /** The last `br_table` that leads to it, in order; `NONE` where there is none. */
  table = NONE;
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
  #segment = -1;
  #owed = 0;
  #stale = false;
  /** Where the open segment starts at a label: the ways to it, if on some of them the local is ahead and on others not. */
  #mixed: readonly number[] = NO_WAYS;
  #loops = 0;
  /** Those that are open, and others that were: each serves many blocks, one after another. */
  readonly #labels: Label[] = [];
  #depth = 0;
  readonly #survey = new Survey();
  /** The second time: what is in `survey` holds. */
  #surveyed = false;
  /** Loops, labels and tables so far. */
  #loopCount = 0;
  #labelCount = 0;
  #tableCount = 0;
  /** The last label's end, if nothing has been paid since and no other way has come to it, and what was owed there. */
  #behind = NONE;
  #owedBehind = 0;

  constructor(readonly edits: Edits) {}

  /** Adds the edits of a body, and answers the index of the first. */
  settle(flow: Flow): number {
    const first = this.edits.length;
    this.#survey.clear();
    this.#surveyed = false;
    this.#run(flow);
    if (this.#survey.isOfUse) {
      this.edits.truncate(first);
      this.#surveyed = true;
      this.#run(flow);
    }
    return first;
  }

  /** Once through a body. */
  #run(flow: Flow): void {
    this.#owed = this.#loops = this.#depth = this.#loopCount = this.#labelCount = this.#tableCount = 0;
    this.#behind = NONE;
    this.#stale = false;
    this.#segment = -1;
    this.#mixed = NO_WAYS;
    for (let index = 0; index < flow.length; index += 1) this.#step(flow, index);
  }

  #step(flow: Flow, index: number): void {
    const ending = flow.ending[index];
    if (ending !== Ending.none) this.#close(flow.fuel[index]!, ending === Ending.read);
    this.#happens(flow, index);
    const opens = flow.opens[index]!;
    if (opens !== OPENS_NONE) this.#segment = this.#edit(opens, flow.resume[index]!, 0);
  }

  #happens(flow: Flow, index: number): void {
    const kind = flow.kind[index]!;
    const at = flow.at[index]!;
    switch (flow.step[index]) {
      case Step.enter:
        return this.#enter(false, at, kind === 1);
      case Step.enterLoop:
        return this.#enter(true, at, kind === 1);
      case Step.otherwise:
        return this.#otherwise(at, kind === 1);
      case Step.leave:
        return this.#leave(at, (kind & Leave.live) !== 0, (kind & Leave.joined) !== 0, (kind & Leave.implied) !== 0);
      case Step.jump:
        return this.#jump(flow.value[index]!, at);
      case Step.branch:
        return this.#branch(flow.value[index]!, at, flow.resume[index]!, kind === 1);
      case Step.table:
        return this.#table(flow, index);
      case Step.edit:
        this.#edit(kind, at, flow.value[index]!, flow.resume[index]);
    }
  }

  #edit(kind: number, at: number, value: number, resume = at): number {
    return this.edits.add(kind, at, value, resume);
  }

  /** Ends the open segment, of this price; `observes`: somebody may read the counter in it. */
  #close(fuel: number, observes: boolean): void {
    const { edits } = this;
    const segment = this.#segment;
    this.#owed += fuel;
    edits.value[segment] = fuel;
    if (observes) {
      edits.pay[segment] = this.#owed;
      const elsewhere = this.#owed === 0 && this.#mixed.length > 0;
      edits.write[segment] = !elsewhere && (this.#stale || this.#owed !== 0) ? 1 : 0;
      if (elsewhere) this.#mixed = NO_WAYS; // they write, as they are marked
      this.#owed = 0;
      this.#stale = false;
      this.#behind = NONE;
    }
    for (const way of this.#mixed) edits.write[way] = 0;
    this.#mixed = NO_WAYS;
    edits.owes[segment] = this.#owed;
    this.#segment = -1;
  }

  #enter(isLoop: boolean, at: number, live: boolean): void {
    const loop = isLoop ? this.#loopCount++ : -1;
    if (isLoop && !this.#surveyed) this.#survey.turns.push(Infinity);
    if (isLoop && live) {
      this.#payTo(this.#head(loop), at);
      this.#stale = true; // whoever comes back to the head may be ahead of the global
      this.#behind = NONE;
    }
    const label = (this.#labels[this.#depth] ??= new Label());
    this.#depth += 1;
    label.index = this.#labelCount++;
    label.loop = loop;
    label.loops = this.#loops;
    label.owed = this.#owed;
    label.stale = this.#stale;
    label.isFixed = label.paidStale = false;
    label.table = NONE;
    label.ways = NO_WAYS;
    if (isLoop) this.#loops += 1;
  }

  #jump(depth: number, at: number): void {
    const label = this.#target(depth);
    if (label.loop >= 0) this.#turn(label, at);
    else this.#way(label, this.#edit(Edit.pay, at, 0));
  }

  #branch(depth: number, at: number, resume: number, carriesValues: boolean): void {
    const label = this.#target(depth);
    if (this.#depth - 1 === depth) return; // out of the function: the segment has paid
    if (label.loop >= 0) return this.#turn(label, at);
    if (carriesValues || label.ways.length >= WAYS_MAX) {
      this.#payTo(0, at);
      this.#fix(label, NONE);
      return;
    }
    this.#way(label, this.#edit(Edit.branch, at, depth, resume));
  }

  #table(flow: Flow, index: number): void {
    const { alone, turns } = this.#survey;
    const table = this.#tableCount++;
    if (!this.#surveyed) alone[table] = true;
    if (!this.#surveyed || !alone[table]) this.#payTo(0, flow.at[index]!);
    for (let next = flow.value[index]!; next < flow.resume[index]!; next += 1) {
      const label = this.#target(flow.depths[next]!);
      if (label.loop >= 0) {
        turns[label.loop] = 0;
        alone[table] = false;
      }
      this.#fix(label, table);
    }
  }

  /** Control may go to a label, by this table or by none, where nothing can be put on the way: it is arrived at owing what is owed. */
  #fix(label: Label, table: number): void {
    const { alone } = this.#survey;
    if (label.isFixed) {
      if (table !== NONE) alone[table] = false;
      if (label.table !== NONE) alone[label.table] = false;
    }
    label.isFixed = true;
    label.fixed = this.#owed;
    label.table = table;
    label.paidStale ||= this.#stale;
  }

  #otherwise(at: number, live: boolean): void {
    const label = this.#target(0);
    if (live) this.#way(label, this.#edit(Edit.pay, at, 0));
    this.#owed = label.owed;
    this.#stale = label.stale;
    this.#behind = NONE;
  }

  #leave(at: number, live: boolean, joined: boolean, implied: boolean): void {
    this.#depth -= 1;
    const label = this.#labels[this.#depth]!;
    this.#loops = label.loops;
    if (!joined) return;
    if (live) this.#way(label, this.#edit(Edit.pay, at, 0));
    if (implied) {
      this.#owed = label.owed;
      this.#stale = label.stale;
      this.#way(label, this.#edit(Edit.otherwise, at, 0));
    }
    const { ways, isFixed, fixed, paidStale } = label;
    const { pay, write, owes } = this.edits;
    this.#owed = isFixed ? fixed : this.#agreed(ways, label.index);
    this.#behind = label.index;
    this.#owedBehind = this.#owed;
    let ahead = 0;
    for (const way of ways) {
      pay[way]! -= this.#owed;
      owes[way] = 0;
      if (pay[way] !== 0) write[way] = 1;
      ahead += write[way]!;
    }
    this.#stale = paidStale || ahead > 0;
    if (!paidStale && ahead > 0 && ahead < ways.length) this.#mixed = ways;
    else for (const way of ways) write[way] = 0;
  }

  /** What is owed where these ways come together, at the end of label `index`. */
  #agreed(ways: readonly number[], index: number): number {
    const { pay } = this.edits;
    if (ways.length === 1) return pay[ways[0]!]!;
    const loop = this.#surveyed ? this.#survey.loopAfter[index] : undefined;
    if (loop === undefined || ways.every((way) => pay[way] === pay[ways[0]!])) return this.#commonest(ways);
    return Math.max(0, this.#survey.head(loop) - this.#survey.sumAfter[index]!); // nothing is paid before it is due
  }

  /**
   * What most of the ways owe that leave no loop, or of all where each leaves one; the least where several are as many, or where
   * there are too many to count.
   */
  #commonest(ways: readonly number[]): number {
    const { pay, owes } = this.edits;
    const all = ways.every((way) => owes[way] !== 0);
    const counts = (way: number): boolean => all || owes[way] === 0;
    let best = Infinity;
    for (const way of ways) if (counts(way) && pay[way]! < best) best = pay[way]!;
    if (ways.length < 3 || ways.length > WAYS_MAX) return best;
    const as = (owed: number): number =>
      ways.reduce((sum, way) => (pay[way] === owed && counts(way) ? sum + 1 : sum), 0);
    let most = as(best);
    for (const way of ways) {
      const owed = pay[way]!;
      if (owed === best || !counts(way)) continue;
      const many = as(owed);
      if (many > most || (many === most && owed < best)) [best, most] = [owed, many];
    }
    return best;
  }

  #target(depth: number): Label {
    return this.#labels[this.#depth - 1 - depth]!;
  }

  #way(label: Label, edit: number): void {
    this.edits.pay[edit] = this.#owed;
    this.edits.write[edit] = this.#stale ? 1 : 0;
    this.edits.owes[edit] = this.#loops > label.loops ? 1 : 0;
    if (label.ways.length === 0) label.ways = [edit];
    else label.ways.push(edit);
  }

  /** Control comes back to a loop's head. */
  #turn(label: Label, at: number): void {
    const { turns, loopAfter, sumAfter } = this.#survey;
    if (!this.#surveyed) {
      turns[label.loop] = Math.min(turns[label.loop]!, this.#owed);
      if (this.#behind !== NONE) {
        loopAfter[this.#behind] = label.loop;
        sumAfter[this.#behind] = this.#owed - this.#owedBehind;
      }
    }
    this.#payTo(this.#head(label.loop), at);
  }

  /** What is owed at a loop's head. */
  #head(loop: number): number {
    return this.#surveyed ? this.#survey.head(loop) : 0;
  }

  /** From `at` on so much is owed. */
  #payTo(owed: number, at: number): void {
    if (this.#owed === owed) return;
    this.#behind = NONE;
    const edit = this.#edit(Edit.pay, at, 0);
    this.edits.pay[edit] = this.#owed - owed;
    this.#owed = owed;
    this.#stale = true;
  }
}
