// The rounds of the join: removes packages from the block's set until every class is content with what is left.
//
// Spec: RFC-0031 § Join and `prune`; D5a. In a round, the classes whose outputs changed are called, those with the
// smallest allotment first, and the packages that they name leave the set with their dependents.
//
// Who pays: a class's first call and one repeat are its own. The allotment of each further call is charged, in equal
// parts, to its causes:
//
//   outputs of the class that its own answer removed       the class
//   outputs that the answer of another class removed       that class, if this was its first call; otherwise what
//                                                           caused that call, as the answer follows from it
//
// A class may be charged as much as the allotment of its own first call; if a call would exceed this, its packages leave
// instead. This is no failure: who made whom repeat can't be told from answers with certainty, so that the packages are
// tried one by one like those that were named. With every core at its limit (Σ prune = wpp / 3), first calls, repeats
// and charges have a third of the total each.
import { toHex } from '../bytes/index.js';
import type { WorkReport } from '../contract/index.js';
import type { PruneCalls } from './prune-calls.js';

/** A package of the join. */
export interface Entry {
  readonly report: WorkReport;
  /** Number of outputs by class, of classes that have `prune`. */
  readonly outputs: ReadonlyMap<number, number>;
  /** Its prerequisite, if that is a package of the join too. */
  readonly prerequisite: Entry | undefined;
  readonly dependents: Entry[];
}

/** Why a package left the set. */
export type Departure =
  | { readonly why: 'named'; readonly class: number }
  /** Its prerequisite left. */
  | { readonly why: 'dependent' }
  | { readonly why: 'failedClass'; readonly class: number }
  /** This class would have been charged more than its own first call. */
  | { readonly why: 'overdrawn'; readonly class: number }
  /** The block's total was used up before this class was content with what was left. */
  | { readonly why: 'unsettled'; readonly class: number };

type Standing =
  | { readonly at: 'unasked' }
  /** Content with exactly its outputs in the set. */
  | { readonly at: 'content' }
  /** Its outputs in the set are fewer than at its last call, because of answers of the classes `causes`. */
  | { readonly at: 'changed'; readonly causes: ReadonlySet<number> }
  /** It failed or is overdrawn: it has no outputs in the set any more. */
  | { readonly at: 'out' };

interface ClassAccount {
  standing: Standing;
  calls: number;
  /** Allotment of its first call. */
  readonly firstPs: bigint;
  /** Allotments of other calls that its answers caused. */
  chargedPs: bigint;
}

/** The packages in order, each linked to its prerequisite, which comes before it, perhaps among those `taken`. */
export function entriesOf(reports: readonly WorkReport[], calls: PruneCalls, taken: readonly Entry[]): Entry[] {
  const byHash = new Map(taken.map((entry) => [toHex(entry.report.packageSpec.hash), entry]));
  return reports.map((report) => {
    const { prerequisite: hash } = report.context;
    const prerequisite = hash === undefined ? undefined : byHash.get(toHex(hash));
    const entry: Entry = { report, outputs: calls.outputs(report), prerequisite, dependents: [] };
    prerequisite?.dependents.push(entry);
    byHash.set(toHex(report.packageSpec.hash), entry);
    return entry;
  });
}

export class Rounds {
  /** Packages that left the set. */
  readonly departures = new Map<Entry, Departure>();
  /** Classes that trapped, overran, or returned no list of their outputs, and why. */
  readonly failed = new Map<number, string>();
  readonly #set: Set<Entry>;
  readonly #classes = new Map<number, ClassAccount>();
  readonly #members = new Map<number, Entry[]>();
  readonly #calls: PruneCalls;

  /** The classes `content` have been called already, and are content with all of `entries`. */
  constructor(entries: readonly Entry[], calls: PruneCalls, content: ReadonlySet<number>) {
    this.#set = new Set(entries);
    this.#calls = calls;
    for (const entry of entries) {
      for (const id of entry.outputs.keys()) {
        const members = this.#members.get(id) ?? [];
        members.push(entry);
        this.#members.set(id, members);
      }
    }
    for (const id of this.#members.keys())
      this.#classes.set(id, {
        standing: { at: content.has(id) ? 'content' : 'unasked' },
        calls: content.has(id) ? 1 : 0,
        firstPs: this.#allotment(id),
        chargedPs: 0n,
      });
  }

  /** Runs rounds until every class is content. Returns the set, in order. */
  settle(): Entry[] {
    for (;;) {
      const due = this.#due();
      if (due.length === 0) return [...this.#set];
      const affordable = this.#affordable(due);
      if (affordable.length === 0) this.#endUnsettled(due);
      else if (this.#charge(affordable)) this.#ask(affordable);
    }
  }

  /** Classes that are not known to be content with the set, smallest allotment first. */
  #due(): number[] {
    const due: { id: number; allotment: bigint }[] = [];
    for (const [id, { standing }] of this.#classes) {
      if (standing.at !== 'unasked' && standing.at !== 'changed') continue;
      const allotment = this.#allotment(id);
      if (allotment > 0n) due.push({ id, allotment }); // without outputs in the set it is not called
    }
    due.sort((a, b) => (a.allotment < b.allotment ? -1 : a.allotment > b.allotment ? 1 : a.id - b.id));
    return due.map(({ id }) => id);
  }

  #allotment(id: number): bigint {
    let outputs = 0;
    for (const entry of this.#members.get(id) ?? []) if (this.#set.has(entry)) outputs += entry.outputs.get(id) ?? 0;
    return this.#calls.allotment(id, outputs);
  }

  /** The first of `due` that are affordable together. */
  #affordable(due: readonly number[]): number[] {
    let sum = 0n;
    const end = due.findIndex((id) => !this.#calls.affords((sum += this.#allotment(id))));
    return due.slice(0, end < 0 ? due.length : end);
  }

  /** Charges the calls that are neither first nor a repeat. Returns false, without charges, if classes left instead. */
  #charge(asked: readonly number[]): boolean {
    const charges = new Map<number, bigint>();
    for (const id of asked) {
      const { calls, standing } = this.#account(id);
      if (calls < 2 || standing.at !== 'changed') continue;
      const payers = [...standing.causes].filter((cause) => this.#account(cause).standing.at !== 'out');
      const count = BigInt(payers.length);
      for (const payer of payers) {
        const part = (this.#allotment(id) + count - 1n) / count;
        charges.set(payer, (charges.get(payer) ?? 0n) + part);
      }
    }
    const overdrawn = [...charges].filter(([id, sum]) => {
      const { chargedPs, firstPs } = this.#account(id);
      return chargedPs + sum > firstPs;
    });
    for (const [id] of overdrawn) this.#dismiss(id, { why: 'overdrawn', class: id });
    if (overdrawn.length > 0) return false;
    for (const [id, sum] of charges) this.#account(id).chargedPs += sum;
    return true;
  }

  #ask(asked: readonly number[]): void {
    const answers = this.#calls.run(
      [...this.#set].map(({ report }) => report),
      asked,
    );
    const causesOf = new Map<number, ReadonlySet<number>>();
    for (const id of asked) {
      const account = this.#account(id);
      causesOf.set(id, account.standing.at === 'changed' ? account.standing.causes : new Set([id]));
      account.calls++;
      account.standing = { at: 'content' }; // until a departure changes its outputs
    }
    for (const [id, answer] of answers) {
      if (answer.kind === 'failed') {
        this.failed.set(id, answer.reason);
        this.#dismiss(id, { why: 'failedClass', class: id });
      }
      if (answer.kind !== 'named') continue;
      const named = this.#membersInSet(id).filter(({ report }) => answer.reports.has(report));
      for (const entry of named) this.#depart(entry, { why: 'named', class: id }, id, causesOf.get(id)!);
    }
  }

  /** All packages of a class leave. */
  #dismiss(id: number, departure: Departure): void {
    this.#account(id).standing = { at: 'out' };
    for (const entry of this.#membersInSet(id)) this.#depart(entry, departure, id);
  }

  /** The total is used up: only packages of classes that are not content with exactly what is left leave. */
  #endUnsettled(due: readonly number[]): void {
    for (const id of due)
      for (const entry of this.#membersInSet(id)) this.#depart(entry, { why: 'unsettled', class: id }, id);
  }

  /** Removes a package and its dependents, because of an answer of class `by`, which has the causes `causes`. */
  #depart(entry: Entry, departure: Departure, by: number, causes: ReadonlySet<number> = new Set([by])): void {
    if (!this.#set.delete(entry)) return;
    this.departures.set(entry, departure);
    for (const id of entry.outputs.keys()) {
      const account = this.#account(id);
      const before = account.standing.at === 'changed' ? account.standing.causes : [];
      if (account.standing.at === 'content' || account.standing.at === 'changed')
        account.standing = { at: 'changed', causes: new Set([...before, ...(id === by ? [id] : causes)]) };
    }
    for (const dependent of entry.dependents) this.#depart(dependent, { why: 'dependent' }, by, causes);
  }

  #membersInSet(id: number): Entry[] {
    return (this.#members.get(id) ?? []).filter((entry) => this.#set.has(entry));
  }

  #account(id: number): ClassAccount {
    const account = this.#classes.get(id);
    if (account === undefined) throw new RangeError(`the join has no class ${id}`);
    return account;
  }
}
