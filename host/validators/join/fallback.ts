// The fallback of the join: settles each family (families.ts) by itself, without packages that are in no base.
//
// Spec: RFC-0031 § Join and `prune`; D5a. Families with classes that are not content, and those that share packages with
// them, have their base only: other packages leave, and those of the base are in the set again, unless one of their
// classes failed. From then on the answers of a class make a difference to its own family only. Two calls of each class
// with all of its family's base are reserved. Further calls have what is not reserved, those of large families first.
//
// A family is called in passes of two calls of the API: first the classes with the smaller allotments, then the others, so
// that these are given what the first left. If the classes whose outputs changed can't all be called once more, or the family
// had too many passes, it *shrinks*: packages chosen at random leave, until three passes are affordable, or one if the family
// is a single class. So packages that make honest classes object one after the other, for example by gaps in sequences of
// several classes, cost a family some of its packages in a block, not all of them. As no other party foresees what leaves, they
// can't be chosen to stay together.
//
// The block's *leader* is in its family's base, and does not leave by chance. If a class names it, its family keeps what a call of
// its classes costs, and shrinks if need be: when the families are settled, the leader is tried on top of what is left.
import { type Entry, weightOf } from './entries.js';
import { type Below, drawn } from '../lots.js';
import { familiesOf } from './families.js';
import { type Due, type JoinSet, sumPs } from './set.js';
import type { PruneCalls } from './prune-calls.js';

/** For how many passes the calls are reserved. */
const PASSES_RESERVED = 2;

/** Passes of a family until it shrinks. */
const PASSES_MAX = 8;

/**
 * Passes that are affordable with what a family of several classes keeps when it shrinks. With fewer it would often have to shrink again, since a
 * random choice leaves some neighbours of a sequence together; with more it would keep less.
 */
const PASSES_SHRUNK = 3n;

/** Calls of the API for one pass. */
const PASS_API_CALLS = 2;

/** Calls of the API for the passes that are reserved. */
const RESERVED_API_CALLS = PASSES_RESERVED * PASS_API_CALLS;

interface Account {
  readonly classes: readonly number[];
  readonly base: ReadonlySet<Entry>;
  /** What is left of its reserve. */
  reservePs: bigint;
  passes: number;
  /** Classes that were called in the current pass. */
  readonly called: Set<number>;
}

export class Fallback {
  /** What `settle` may need. */
  readonly reservedPs: bigint;
  readonly #set: JoinSet;
  readonly #accounts: readonly Account[];
  readonly #calls: PruneCalls;
  readonly #leader: Entry | undefined;
  readonly #below: Below;

  constructor(set: JoinSet, calls: PruneCalls, leader: Entry | undefined, below: Below) {
    this.#set = set;
    this.#calls = calls;
    this.#leader = leader;
    this.#below = below;
    this.#accounts = familiesOf(set.inOrder(), leader).map(({ classes, base }) => ({
      classes,
      base: new Set(base),
      reservePs: BigInt(PASSES_RESERVED) * weightOf(base, calls),
      passes: 0,
      called: new Set<number>(),
    }));
    const reports = set.inOrder().map(({ report }) => report);
    const apiPs = BigInt(RESERVED_API_CALLS) * calls.apiPs(reports);
    this.reservedPs = this.#accounts.reduce((sum, { reservePs }) => sum + reservePs, apiPs);
  }

  /** What is kept for the leader's trial, once a class has named it: what its classes may use, and the call of the API. */
  get heldPs(): bigint {
    const leader = this.#leader;
    if (leader === undefined || this.#set.has(leader)) return 0n;
    const sent = [...this.#set.inOrder(), leader].map(({ report }) => report);
    return this.#set.trialPs(leader) + this.#calls.apiPs(sent);
  }

  /** Settles each family that has a class which is not content, and those connected with it. */
  settle(): void {
    this.#separate();
    for (;;) {
      const unsettled = this.#accounts.filter(({ classes }) => this.#set.due(classes).length > 0);
      if (unsettled.length === 0) return;
      const asked = this.#next(unsettled);
      if (asked.length > 0) this.#set.ask(asked);
    }
  }

  /** Leaves families with a class that is not content, and those that share packages with them, with their bases. */
  #separate(): void {
    const families = new Map(this.#accounts.flatMap((account) => account.classes.map((id) => [id, account])));
    const concerned = new Set(this.#accounts.filter(({ classes }) => this.#set.due(classes).length > 0));
    for (const account of concerned) {
      const { base, classes } = account;
      const others = this.#set.entries.filter(
        (entry) => !base.has(entry) && classes.some((id) => entry.classes.has(id)),
      );
      for (const entry of others) {
        this.#set.remove(entry, { why: 'outside' });
        // Those that left before count too. What is added to the set is iterated over as well.
        for (const id of entry.classes) concerned.add(families.get(id)!);
      }
      // Without others, only its own answers have removed packages of the base.
      if (others.length === 0) continue;
      for (const entry of base)
        if (![...entry.classes].some((id) => this.#set.failed.has(id))) this.#set.restore(entry);
    }
  }

  /** The classes that are called next, affordable together. Families that can't be settled as they are shrink. */
  #next(unsettled: readonly Account[]): number[] {
    const { heldPs } = this;
    const reserveOf = (account: Account): bigint => {
      const keptPs = this.#isLeading(account) ? heldPs : 0n;
      return account.reservePs > keptPs ? account.reservePs - keptPs : 0n;
    };
    let leftPs = this.#calls.leftPs - heldPs;
    const reservedPs = unsettled.reduce((sum, account) => sum + reserveOf(account), 0n);
    let unreservedPs = leftPs > reservedPs ? leftPs - reservedPs : 0n;
    const asked: number[] = [];
    for (const account of unsettled) {
      const budgetPs = min(reserveOf(account) + unreservedPs, leftPs);
      const due = this.#set.due(account.classes);
      if (sumPs(due) > budgetPs || account.passes > PASSES_MAX) {
        this.#shrink(account, budgetPs);
        continue;
      }
      const part = partOf(account, due);
      const partPs = sumPs(part);
      const ownPs = min(partPs, reserveOf(account));
      account.reservePs -= ownPs;
      unreservedPs -= partPs - ownPs;
      leftPs -= partPs;
      for (const { id } of part) asked.push(id);
    }
    return asked;
  }

  /** Whether the leader is of this family. */
  #isLeading({ base }: Account): boolean {
    return this.#leader !== undefined && base.has(this.#leader);
  }

  /** Packages leave until more passes are affordable, and at least half of them if the family had too many passes. */
  #shrink(account: Account, budgetPs: bigint): void {
    const set = this.#set;
    const isLeading = this.#isLeading(account);
    const allPs = isLeading ? budgetPs + this.heldPs : budgetPs;
    let left = [...account.base].filter((entry) => set.has(entry)).length;
    const most = account.passes > PASSES_MAX ? Math.floor(left / 2) : left;
    // The answers of one class don't follow from those of another.
    const passes = account.classes.length === 1 ? 1n : PASSES_SHRUNK;
    for (;;) {
      let passPs = 0n;
      let costliest: Due | undefined;
      for (const id of account.classes) {
        const allotmentPs = set.allotmentPs(id);
        passPs += allotmentPs;
        if (allotmentPs > (costliest?.allotmentPs ?? 0n)) costliest = { id, allotmentPs };
      }
      const heldPs = isLeading ? this.heldPs : 0n;
      if (costliest === undefined || (left <= most && passes * passPs + heldPs <= allPs)) break;
      const members = set.members(costliest.id).filter((entry) => set.has(entry));
      // The leader only if it is the last one.
      const others = members.filter((entry) => entry !== this.#leader);
      left -= set.remove(drawn(others, this.#below) ?? members[0]!, { why: 'unsettled' });
    }
    account.passes = 0;
    account.called.clear();
  }
}

/** The classes of a family that are called next: of those not called in this pass the half with the smaller allotments. */
function partOf(account: Account, due: readonly Due[]): readonly Due[] {
  let rest = due.filter(({ id }) => !account.called.has(id));
  if (rest.length === 0) {
    rest = [...due];
    account.called.clear();
  }
  const isFirst = account.called.size === 0;
  if (isFirst) account.passes++;
  const halfPs = sumPs(rest) / 2n;
  let sum = 0n;
  const part = isFirst ? rest.filter(({ allotmentPs }, index) => (sum += allotmentPs) <= halfPs || index === 0) : rest;
  for (const { id } of part) account.called.add(id);
  return part;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
