// Where a function pays: turns the segments of `scan.ts` into as few subtractions as an exact counter allows.
//
// The counter must be exact wherever it can be observed: at an instruction that may trap, at a call, on leaving the
// function, and at a check. Between those points fuel that is due may be *owed*: known statically, and not yet
// subtracted.
//
//   exact counter = counter − owed        owed is a constant at each point of the code, so it costs nothing at run time
//
//   - A segment in which the counter can be observed pays all that is owed, its own price included, at its start.
//   - Any other segment adds its price to what is owed.
//   - A check needs no payment: it compares the counter with what is owed instead of with zero.
//   - At a control-flow merge all incoming edges must owe the same: what most of them owe; ties go to the smallest. An
//     edge that owes more pays the difference, in an arm of an `if` or beside a branch that is taken; one that owes
//     less takes it back. Edges that leave a loop do not count, because each is taken once for many iterations.
//   - The edges of a `br_table`, and of a `br_if` that carries values, have no room for code. What is owed at such a
//     branch is owed at its targets: nothing, unless the first pass shows otherwise.
//
// The first pass over a body with loops collects what the second uses (`Survey`):
//
//   - What is owed at the head of a loop is the least that a back edge owes.
//   - The targets of a `br_table` owe what is owed at the table, if no other edge without room for code leads to them.
//   - If edges that owe different amounts merge, and control then reaches a back edge before anything is paid, they pay
//     so much that the back edge has nothing to pay. So each iteration of an interpreter's loop pays once, in the arm
//     that it takes.
//
// The counter's global is written only when it can be observed; it is *stale* while the local is ahead of it. If it
// must be written after a merge at which nothing is to be paid, and it is stale on some of the incoming edges only, it
// is written on those: an edge that comes from a call, say, has nothing to do.
import { Edit } from './body-plan.js';
import type { Edits } from './body-plan.js';
import type { Flow } from './flow.js';
import { Ending, OPENS_NONE, Step } from './flow.js';
import { Survey } from './survey.js';

/**
 * Incoming edges of one label that may pay apart. Any more pay before the branch, which takes fewer bytes and less
 * time.
 */
const EDGES_MAX = 64;

/** No label, loop, table or edit. */
const NONE = -1;
/** Shared by all labels without incoming edges; never added to. */
const NO_EDGES: number[] = [];

/**
 * The edges that lead to labels, as parallel columns. On each is an edit that can pay. One serves all bodies of a
 * module.
 */
class Edges {
  length = 0;
  readonly edit: number[] = [];
  readonly owed: number[] = [];
  readonly stale: boolean[] = [];
  readonly leavesLoop: boolean[] = [];

  add(edit: number, owed: number, stale: boolean, leavesLoop: boolean): number {
    const index = this.length;
    this.length = index + 1;
    this.edit[index] = edit;
    this.owed[index] = owed;
    this.stale[index] = stale;
    this.leavesLoop[index] = leavesLoop;
    return index;
  }
}

/** An open label. Control merges at its end, or at its start if it is a loop's. */
class Label {
  /** Its number in the body. */
  index = 0;
  /** The number of the loop, or `NONE`. */
  loop = NONE;
  /** How many loops are open around it. */
  loops = 0;
  /** What was owed when it opened, and whether the global was stale: an `else` starts from there. */
  owed = 0;
  stale = false;
  /** Whether an edge without room for code leads to it, and what must therefore be owed at it. */
  isFixed = false;
  fixed = 0;
  /** Whether the global is stale on such an edge. */
  fixedStale = false;
  /** The last `br_table` that leads to it, or `NONE`. */
  table = NONE;
  /** Incoming edges with room for code. */
  edges = NO_EDGES;
}

/** Adds the edits of one body after another to those of the module. */
export class Ledger {
  readonly edits: Edits;
  readonly #edges = new Edges();
  /** The edit of the open segment. */
  #segment = NONE;
  #owed = 0;
  #stale = false;
  /** If the open segment starts at a merge: its incoming edges, if the global is stale on some of them only. */
  #mixed: readonly number[] = NO_EDGES;
  /** Loops that are open. */
  #loops = 0;
  /** The open labels, up to `#depth`; those beyond are kept to be used again. */
  readonly #labels: Label[] = [];
  #depth = 0;
  readonly #survey = new Survey();
  #isSecondPass = false;
  /** Loops, labels and tables met so far. */
  #loopCount = 0;
  #labelCount = 0;
  #tableCount = 0;
  /** The last merge, if nothing has been paid since and control has not merged again; and what was owed there. */
  #lastMerge = NONE;
  #owedAtMerge = 0;

  constructor(edits: Edits) {
    this.edits = edits;
  }

  /** Adds the edits of a body and returns the index of the first. */
  settle(flow: Flow): number {
    const first = this.edits.length;
    this.#survey.clear();
    this.#isSecondPass = false;
    this.#pass(flow);
    if (this.#survey.isOfUse) {
      this.edits.truncate(first);
      this.#isSecondPass = true;
      this.#pass(flow);
    }
    return first;
  }

  #pass(flow: Flow): void {
    this.#owed = this.#loops = this.#depth = this.#loopCount = this.#labelCount = this.#tableCount = 0;
    this.#lastMerge = NONE;
    this.#stale = false;
    this.#segment = NONE;
    this.#mixed = NO_EDGES;
    this.#edges.length = 0;
    for (let index = 0; index < flow.length; index += 1) {
      const ending = flow.ending[index];
      if (ending !== Ending.none) this.#close(flow.fuel[index]!, ending === Ending.observed);
      this.#step(flow, index);
      const opens = flow.opens[index]!;
      if (opens !== OPENS_NONE) this.#segment = this.#edit(opens, flow.resume[index]!);
    }
  }

  #step(flow: Flow, index: number): void {
    const at = flow.at[index]!;
    switch (flow.step[index]) {
      case Step.block:
        return this.#enter(false, at, flow.live[index] === 1);
      case Step.loop:
        return this.#enter(true, at, flow.live[index] === 1);
      case Step.else:
        return this.#else(at, flow.live[index] === 1);
      case Step.labelEnd:
        return this.#labelEnd(at, flow.live[index] === 1, flow.merges(index), flow.hasImpliedElse(index));
      case Step.br:
        return this.#br(flow.depth[index]!, at);
      case Step.brIf:
        return this.#brIf(flow.depth[index]!, at, flow.resume[index]!, flow.carries[index] === 1);
      case Step.brTable:
        return this.#brTable(flow.tables[this.#tableCount]!, at);
      case Step.edit:
        this.edits.add(flow.editKind[index]!, at, flow.editOperand[index]!, flow.resume[index]!);
    }
  }

  /** Adds an edit before the instruction at `at`. */
  #edit(kind: number, at: number): number {
    return this.edits.add(kind, at, 0, at);
  }

  /** Ends the open segment, which costs `fuel`; `observed`: the counter can be observed in it. */
  #close(fuel: number, observed: boolean): void {
    const { edits } = this;
    const segment = this.#segment;
    edits.fuel[segment] = fuel;
    this.#owed += fuel;
    if (observed) {
      edits.pay[segment] = this.#owed;
      if (this.#owed === 0 && this.#mixed.length > 0) this.#writeOnStaleEdges(this.#mixed);
      else if (this.#owed !== 0 || this.#stale) edits.write[segment] = 1;
      this.#owed = 0;
      this.#stale = false;
      this.#lastMerge = NONE;
    }
    this.#mixed = NO_EDGES;
    edits.owes[segment] = this.#owed;
    this.#segment = NONE;
  }

  #writeOnStaleEdges(edges: readonly number[]): void {
    const { edit, stale } = this.#edges;
    for (const edge of edges) if (stale[edge]!) this.edits.write[edit[edge]!] = 1;
  }

  #enter(isLoop: boolean, at: number, live: boolean): void {
    const loop = isLoop ? this.#loopCount++ : NONE;
    if (isLoop && !this.#isSecondPass) this.#survey.owedOnBackEdge.push(Infinity);
    if (isLoop && live) {
      this.#payDownTo(this.#owedAtHead(loop), at);
      this.#stale = true; // it may be on a back edge
      this.#lastMerge = NONE;
    }
    const label = (this.#labels[this.#depth] ??= new Label());
    this.#depth += 1;
    label.index = this.#labelCount++;
    label.loop = loop;
    label.loops = this.#loops;
    label.owed = this.#owed;
    label.stale = this.#stale;
    label.isFixed = label.fixedStale = false;
    label.table = NONE;
    label.edges = NO_EDGES;
    if (isLoop) this.#loops += 1;
  }

  #br(depth: number, at: number): void {
    const label = this.#target(depth);
    if (label.loop !== NONE) this.#backEdge(label, at);
    else this.#addEdge(label, this.#edit(Edit.pay, at));
  }

  #brIf(depth: number, at: number, resume: number, carriesValues: boolean): void {
    const label = this.#target(depth);
    if (this.#depth - 1 === depth) return; // out of the function: the segment has paid
    if (label.loop !== NONE) return this.#backEdge(label, at);
    if (carriesValues || label.edges.length >= EDGES_MAX) {
      this.#payDownTo(0, at);
      this.#fix(label, NONE);
      return;
    }
    this.#addEdge(label, this.edits.add(Edit.branch, at, depth, resume));
  }

  #brTable(depths: readonly number[], at: number): void {
    const { isSoleTable, owedOnBackEdge } = this.#survey;
    const table = this.#tableCount++;
    if (!this.#isSecondPass) isSoleTable[table] = true;
    if (!this.#isSecondPass || !isSoleTable[table]) this.#payDownTo(0, at);
    for (const depth of depths) {
      const label = this.#target(depth);
      if (label.loop !== NONE) {
        owedOnBackEdge[label.loop] = 0;
        isSoleTable[table] = false;
      }
      this.#fix(label, table);
    }
  }

  /** Adds an edge without room for code, of this table or of a `br_if`: what is owed here is owed at the label. */
  #fix(label: Label, table: number): void {
    const { isSoleTable } = this.#survey;
    if (label.isFixed) {
      if (table !== NONE) isSoleTable[table] = false;
      if (label.table !== NONE) isSoleTable[label.table] = false;
    }
    label.isFixed = true;
    label.fixed = this.#owed;
    label.table = table;
    label.fixedStale ||= this.#stale;
  }

  #else(at: number, live: boolean): void {
    const label = this.#target(0);
    if (live) this.#addEdge(label, this.#edit(Edit.pay, at));
    this.#owed = label.owed;
    this.#stale = label.stale;
    this.#lastMerge = NONE;
  }

  #labelEnd(at: number, live: boolean, merges: boolean, impliedElse: boolean): void {
    this.#depth -= 1;
    const label = this.#labels[this.#depth]!;
    this.#loops = label.loops;
    if (!merges) return;
    if (live) this.#addEdge(label, this.#edit(Edit.pay, at));
    if (impliedElse) {
      this.#owed = label.owed;
      this.#stale = label.stale;
      this.#addEdge(label, this.#edit(Edit.otherwise, at));
    }
    this.#owed = label.isFixed ? label.fixed : this.#owedAtEnd(label);
    this.#lastMerge = label.index;
    this.#owedAtMerge = this.#owed;
    const { edit, owed, stale } = this.#edges;
    let staleEdges = 0;
    for (const edge of label.edges) {
      const difference = owed[edge]! - this.#owed;
      this.edits.pay[edit[edge]!] = difference;
      if (difference !== 0) stale[edge] = true; // paid from the local
      if (stale[edge]!) staleEdges += 1;
    }
    this.#stale = label.fixedStale || staleEdges > 0;
    if (!label.fixedStale && staleEdges > 0 && staleEdges < label.edges.length) this.#mixed = label.edges;
  }

  /** What is owed at the end of a label of whose edges each can pay. */
  #owedAtEnd({ edges, index }: Label): number {
    const { owed } = this.#edges;
    const first = owed[edges[0]!]!;
    if (edges.length === 1) return first;
    const loop = this.#isSecondPass ? this.#survey.loopAfterLabel[index] : undefined;
    if (loop === undefined || edges.every((edge) => owed[edge] === first)) return this.#commonest(edges);
    // Not below zero: nothing is paid before it is due.
    return Math.max(0, this.#survey.owedAtHead(loop) - this.#survey.addedAfterLabel[index]!);
  }

  /**
   * What most of the edges owe that leave no loop; of all edges if each leaves one. The smallest of several that are
   * equally common, or if there are too many edges to count.
   */
  #commonest(edges: readonly number[]): number {
    const { owed, leavesLoop } = this.#edges;
    const all = edges.every((edge) => leavesLoop[edge]!);
    const counts = (edge: number): boolean => all || !leavesLoop[edge]!;
    let best = Infinity;
    for (const edge of edges) if (counts(edge) && owed[edge]! < best) best = owed[edge]!;
    if (edges.length < 3 || edges.length > EDGES_MAX) return best;
    const edgesOwing = (amount: number): number =>
      edges.reduce((sum, edge) => (owed[edge] === amount && counts(edge) ? sum + 1 : sum), 0);
    let most = edgesOwing(best);
    for (const edge of edges) {
      const amount = owed[edge]!;
      if (amount === best || !counts(edge)) continue;
      const many = edgesOwing(amount);
      if (many > most || (many === most && amount < best)) [best, most] = [amount, many];
    }
    return best;
  }

  #target(depth: number): Label {
    return this.#labels[this.#depth - 1 - depth]!;
  }

  #addEdge(label: Label, edit: number): void {
    const edge = this.#edges.add(edit, this.#owed, this.#stale, this.#loops > label.loops);
    if (label.edges.length === 0) label.edges = [edge];
    else label.edges.push(edge);
  }

  #backEdge(label: Label, at: number): void {
    const { owedOnBackEdge, loopAfterLabel, addedAfterLabel } = this.#survey;
    if (!this.#isSecondPass) {
      owedOnBackEdge[label.loop] = Math.min(owedOnBackEdge[label.loop]!, this.#owed);
      if (this.#lastMerge !== NONE) {
        loopAfterLabel[this.#lastMerge] = label.loop;
        addedAfterLabel[this.#lastMerge] = this.#owed - this.#owedAtMerge;
      }
    }
    this.#payDownTo(this.#owedAtHead(label.loop), at);
  }

  #owedAtHead(loop: number): number {
    return this.#isSecondPass ? this.#survey.owedAtHead(loop) : 0;
  }

  /** Pays before `at`, or takes back, so that `owed` is owed from there on. */
  #payDownTo(owed: number, at: number): void {
    if (this.#owed === owed) return;
    this.#lastMerge = NONE;
    const edit = this.#edit(Edit.pay, at); // before its column is read: adding may replace the columns
    this.edits.pay[edit] = this.#owed - owed;
    this.#owed = owed;
    this.#stale = true;
  }
}
