// The rounds of the join: removes packages from the block's set until every class is content with what is left.
//
// Spec: RFC-0031 § Join and `prune`; D5a. In the first round all classes are called. Then classes whose outputs changed
// are called again, those with the smallest allotment first: a class waits while smaller ones could still change what
// it has, unless all that is called before it costs less than it does.
//
// Who pays: a class's first call and one repeat are its own. The allotment of each further call is charged, in equal
// parts, to its causes:
//
//   outputs of the class that its own answer removed       the class
//   outputs that the answer of another class removed       that class, if this was its first call; otherwise what
//                                                           caused that call, as the answer follows from it
//
// A class may be charged as much as the allotment of its own first call. If a call would exceed this, that class is set
// apart. If no class can be charged, the class to be called is called once without what it shares with classes that
// objected in this block, and the next time it is set apart.
//
// A class that is *apart* has packages of its own only: its others leave, and those of its own that left come back, so
// that no answer of any other class makes a difference to it. It is called twice more at most: what it names the first
// time leaves, and with the rest it must be content. Rounds stop while these two calls are still affordable for every
// class; then all are set apart. So what becomes of a class's own packages depends on that class only.
//
// With every core at its limit (Σ prune = wpp / 3), first calls have a third of the total, and the calls of classes that
// are apart two thirds.
import { toHex } from '../bytes/index.js';
import type { WorkReport } from '../contract/index.js';
import { API_CALL_PS, type PruneCalls } from './prune-calls.js';

/** A package of the join. */
export interface Entry {
  readonly report: WorkReport;
  /** Number of outputs by class, of classes that have `prune`. */
  readonly outputs: ReadonlyMap<number, number>;
  /** The classes whose answers can remove it: those of its outputs, and those of its prerequisite. */
  readonly classes: ReadonlySet<number>;
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
  /** Checks of this class had to be repeated too often, and other classes decide on the package too, or it kept objecting. */
  | { readonly why: 'repeats'; readonly class: number }
  /** The block's total was used up before this class was content with what was left. */
  | { readonly why: 'unsettled'; readonly class: number };

type Standing =
  | { readonly at: 'unasked' }
  /** Content with exactly its outputs in the set. */
  | { readonly at: 'content' }
  /** Its outputs in the set are others than at its last call, because of answers of the classes `causes`. */
  | { readonly at: 'changed'; readonly causes: ReadonlySet<number> }
  /** It failed or kept objecting: it has no outputs in the set any more. */
  | { readonly at: 'out' };

interface ClassAccount {
  standing: Standing;
  calls: number;
  /** Allotment of its first call. */
  readonly firstPs: bigint;
  /** Allotment of its outputs in packages of its own. */
  readonly ownPs: bigint;
  /** Allotments of other calls that its answers caused. */
  chargedPs: bigint;
  /** Whether it named a package, failed or was charged too much in this block. */
  hasObjected: boolean;
  /** Whether it is called, or was, for nothing, without what it shares with classes that objected. */
  spared: 'no' | 'next' | 'was';
  /** Number of its calls since it is apart; undefined if it is not. */
  callsApart: number | undefined;
}

/** How often a class that is apart is called. */
const CALLS_APART = 2;

/** The packages in order, each linked to its prerequisite, which comes before it, perhaps among those `taken`. */
export function entriesOf(reports: readonly WorkReport[], calls: PruneCalls, taken: readonly Entry[]): Entry[] {
  const byHash = new Map(taken.map((entry) => [toHex(entry.report.packageSpec.hash), entry]));
  return reports.map((report) => {
    const { prerequisite: hash } = report.context;
    const prerequisite = hash === undefined ? undefined : byHash.get(toHex(hash));
    const outputs = calls.outputs(report);
    const classes = new Set([...outputs.keys(), ...(prerequisite?.classes ?? [])]);
    const entry: Entry = { report, outputs, classes, prerequisite, dependents: [] };
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
  readonly #entries: readonly Entry[];
  readonly #set: Set<Entry>;
  readonly #classes = new Map<number, ClassAccount>();
  /** By class: the packages with outputs of it, and the packages on which no other class decides. */
  readonly #members = new Map<number, Entry[]>();
  readonly #own = new Map<number, Entry[]>();
  readonly #calls: PruneCalls;

  /** The classes `content` have been called already, and are content with all of `entries`. */
  constructor(entries: readonly Entry[], calls: PruneCalls, content: ReadonlySet<number>) {
    this.#entries = entries;
    this.#set = new Set(entries);
    this.#calls = calls;
    for (const entry of entries) {
      for (const id of entry.outputs.keys()) append(this.#members, id, entry);
      const [id, ...others] = entry.classes;
      if (id !== undefined && others.length === 0) append(this.#own, id, entry);
    }
    for (const [id, members] of this.#members) {
      const calls = content.has(id) ? 1 : 0;
      this.#classes.set(id, {
        standing: { at: content.has(id) ? 'content' : 'unasked' },
        calls,
        firstPs: this.#allotmentOf(id, members),
        ownPs: this.#allotmentOf(id, this.#own.get(id) ?? []),
        chargedPs: 0n,
        hasObjected: false,
        spared: 'no',
        callsApart: members.every(isOwn) ? calls : undefined,
      });
    }
  }

  /** Runs rounds until every class is content. Returns the set, in order. */
  settle(): Entry[] {
    for (let due = this.#due(); due.length > 0; due = this.#due()) {
      const isFirst = this.#account(due[0]!.id).standing.at === 'unasked';
      const asked = isFirst ? this.#affordable(due) : smallest(due);
      const ids = asked.map(({ id }) => id);
      if (isFirst ? ids.length === 0 : !this.#leavesEnough(asked)) {
        this.#settleApart();
        break;
      }
      if (this.#charge(asked)) this.#ask(ids);
    }
    return this.#inSet();
  }

  /** Sets all classes apart, after which each decides on its packages in at most two calls. */
  #settleApart(): void {
    for (const [id, { callsApart }] of this.#classes) if (callsApart === undefined) this.#setApart(id);
    for (let due = this.#due(); due.length > 0; due = this.#due()) {
      const over = due.filter(({ id }) => this.#account(id).callsApart! >= CALLS_APART);
      for (const { id } of over) this.#dismiss(id, { why: 'repeats', class: id });
      if (over.length > 0) continue;
      const asked = this.#affordable(due);
      if (asked.length > 0) this.#ask(asked.map(({ id }) => id));
      // The total is used up: only packages of classes that are not content with exactly what is left leave.
      else for (const { id } of due) this.#dismiss(id, { why: 'unsettled', class: id });
    }
  }

  /** Classes that are not known to be content with the set: those never called first, then smallest allotment first. */
  #due(): Due[] {
    const due: (Due & { isUnasked: boolean })[] = [];
    for (const [id, { standing }] of this.#classes) {
      if (standing.at !== 'unasked' && standing.at !== 'changed') continue;
      const allotmentPs = this.#allotment(id);
      // Without outputs in the set it is not called.
      if (allotmentPs > 0n) due.push({ id, allotmentPs, isUnasked: standing.at === 'unasked' });
    }
    const unasked = due.filter(({ isUnasked }) => isUnasked);
    return (unasked.length > 0 ? unasked : due).sort((a, b) =>
      a.allotmentPs < b.allotmentPs ? -1 : a.allotmentPs > b.allotmentPs ? 1 : a.id - b.id,
    );
  }

  #allotment(id: number): bigint {
    return this.#allotmentOf(id, this.#membersInSet(id));
  }

  #allotmentOf(id: number, entries: readonly Entry[]): bigint {
    return this.#calls.allotment(
      id,
      entries.reduce((sum, { outputs }) => sum + (outputs.get(id) ?? 0), 0),
    );
  }

  /** The first of `due` that are affordable together. */
  #affordable(due: readonly Due[]): readonly Due[] {
    let sum = 0n;
    const end = due.findIndex(({ allotmentPs }) => !this.#calls.affords((sum += allotmentPs)));
    return end < 0 ? due : due.slice(0, end);
  }

  /** Whether all classes could be set apart and called twice after these calls. */
  #leavesEnough(asked: readonly Due[]): boolean {
    const ids = new Set(asked.map(({ id }) => id));
    let sum = asked.reduce((total, { allotmentPs }) => total + allotmentPs, 0n);
    for (const [id, { standing, ownPs, callsApart }] of this.#classes) {
      if (callsApart === undefined) sum += BigInt(CALLS_APART) * ownPs;
      else if (standing.at === 'unasked' || standing.at === 'changed') {
        const left = CALLS_APART - callsApart - (ids.has(id) ? 1 : 0);
        if (left > 0) sum += BigInt(left) * this.#allotment(id);
      }
    }
    return this.#calls.affords(sum, 1 + CALLS_APART);
  }

  /** Charges the calls that are not their class's own. Returns false, without charges, if classes changed instead. */
  #charge(asked: readonly Due[]): boolean {
    const charges = new Map<number, bigint>();
    const unpaid: number[] = [];
    for (const { id, allotmentPs } of asked) {
      const { standing } = this.#account(id);
      if (standing.at !== 'changed' || this.#isFree(id)) continue;
      const payers = [...standing.causes].filter((cause) => cause === id || this.#mayPay(cause));
      if (payers.length === 0) unpaid.push(id);
      const count = BigInt(payers.length);
      for (const payer of payers) charges.set(payer, (charges.get(payer) ?? 0n) + (allotmentPs + count - 1n) / count);
    }
    const overdrawn = [...charges].flatMap(([id, sum]) => {
      const { chargedPs, firstPs } = this.#account(id);
      return chargedPs + sum > firstPs ? [id] : [];
    });
    for (const id of overdrawn) {
      const account = this.#account(id);
      account.hasObjected = true;
      if (account.callsApart === undefined) this.#setApart(id);
      else this.#dismiss(id, { why: 'repeats', class: id });
    }
    for (const id of unpaid) this.#spare(id);
    if (overdrawn.length > 0 || unpaid.length > 0) return false;
    for (const [id, sum] of charges) this.#account(id).chargedPs += sum;
    return true;
  }

  #isFree(id: number): boolean {
    const { calls, callsApart, spared } = this.#account(id);
    return callsApart === undefined ? calls < 2 || spared === 'next' : callsApart < CALLS_APART;
  }

  /** A class that is apart or out makes no other class repeat its check any more. */
  #mayPay(id: number): boolean {
    const { standing, callsApart } = this.#account(id);
    return standing.at !== 'out' && callsApart === undefined;
  }

  /** No class can be charged for a call of this class. */
  #spare(id: number): void {
    const account = this.#account(id);
    if (account.standing.at !== 'changed' || account.callsApart !== undefined) return; // since it was looked at
    if (account.spared !== 'no') return this.#setApart(id);
    account.spared = 'next';
    const objected = (other: number): boolean => other !== id && this.#account(other).hasObjected;
    const { causes } = account.standing;
    for (const entry of this.#membersInSet(id))
      if ([...entry.classes].some(objected)) this.#depart(entry, { why: 'repeats', class: id }, id, causes);
  }

  /** Leaves the class with its own packages only, with all of them. */
  #setApart(id: number): void {
    const account = this.#account(id);
    if (account.standing.at === 'out') return;
    account.callsApart = 0;
    for (const entry of this.#membersInSet(id))
      if (!isOwn(entry)) this.#depart(entry, { why: 'repeats', class: id }, id);
    for (const entry of this.#own.get(id) ?? []) {
      if (this.#set.has(entry)) continue;
      this.#set.add(entry);
      this.departures.delete(entry);
      account.standing = { at: 'changed', causes: new Set([id]) };
    }
  }

  #ask(asked: readonly number[]): void {
    const answers = this.#calls.run(
      this.#inSet().map(({ report }) => report),
      asked,
    );
    const causesOf = new Map<number, ReadonlySet<number>>();
    for (const id of asked) {
      const account = this.#account(id);
      causesOf.set(id, account.standing.at === 'changed' ? account.standing.causes : new Set([id]));
      account.calls++;
      if (account.callsApart !== undefined) account.callsApart++;
      if (account.spared === 'next') account.spared = 'was';
      account.standing = { at: 'content' }; // until a departure changes its outputs
    }
    for (const [id, answer] of answers) {
      if (answer.kind === 'content') continue;
      this.#account(id).hasObjected = true;
      if (answer.kind === 'failed') {
        this.failed.set(id, answer.reason);
        this.#dismiss(id, { why: 'failedClass', class: id });
      } else {
        const named = this.#membersInSet(id).filter(({ report }) => answer.reports.has(report));
        for (const entry of named) this.#depart(entry, { why: 'named', class: id }, id, causesOf.get(id)!);
      }
    }
  }

  /** All packages of a class leave. */
  #dismiss(id: number, departure: Departure): void {
    this.#account(id).standing = { at: 'out' };
    for (const entry of this.#membersInSet(id)) this.#depart(entry, departure, id);
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

  #inSet(): Entry[] {
    return this.#entries.filter((entry) => this.#set.has(entry));
  }

  #account(id: number): ClassAccount {
    const account = this.#classes.get(id);
    if (account === undefined) throw new RangeError(`the join has no class ${id}`);
    return account;
  }
}

/** A class to be called, and the allotment of the call. */
interface Due {
  readonly id: number;
  readonly allotmentPs: bigint;
}

/** The first of `due`, and those after it that together cost no more than what is called before them. */
function smallest(due: readonly Due[]): readonly Due[] {
  let sum = API_CALL_PS;
  const end = due.findIndex(({ allotmentPs }, index) => {
    if (index > 0 && allotmentPs > sum) return true;
    sum += allotmentPs;
    return false;
  });
  return end < 0 ? due : due.slice(0, end);
}

/** Whether no more than one class decides on the package. */
function isOwn({ classes }: Entry): boolean {
  return classes.size <= 1;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
