// The packages of the block's set while it is being selected, and what their classes returned for them. Spec: D5a.
import type { WorkReport } from '../../contract/index.js';
import type { Departure, Entry } from './entries.js';
import type { PruneCalls } from './prune-calls.js';

/** A class to be called, and the allotment of the call. */
export interface Due {
  readonly id: number;
  readonly allotmentPs: bigint;
}

type Standing =
  | 'unasked'
  /** Content with exactly its outputs in the set. */
  | 'content'
  /** Its outputs in the set are others than at its last call. */
  | 'changed'
  /** It failed: none of its packages is in the set any more. */
  | 'failed';

interface ClassState {
  readonly members: Entry[];
  standing: Standing;
  /** Weight of a call with its outputs in the set. */
  allotmentPs: bigint;
  wasCalled: boolean;
}

export class JoinSet {
  /** Packages that left the set. */
  readonly departures = new Map<Entry, Departure>();
  /** Classes that trapped, overran, or returned no list of their outputs, and why. */
  readonly failed = new Map<number, string>();
  /** Packages that a class objected to in a repeated call, and no class in its first call. */
  readonly unsteady = new Set<Entry>();
  /** Packages that a class objected to in its first call and in a repeated one. */
  readonly colliding = new Set<Entry>();
  readonly #namedAtOnce = new Set<Entry>();
  readonly #entries: readonly Entry[];
  readonly #set: Set<Entry>;
  readonly #classes = new Map<number, ClassState>();
  readonly #calls: PruneCalls;

  /** The classes `content` have been called already, and are content with all of `entries`. */
  constructor(entries: readonly Entry[], calls: PruneCalls, content: ReadonlySet<number>) {
    this.#entries = entries;
    this.#set = new Set(entries);
    this.#calls = calls;
    for (const entry of entries)
      for (const [id, outputs] of entry.outputs) {
        const allotmentPs = calls.allotment(id, outputs);
        const state = this.#classes.get(id);
        if (state === undefined) {
          const wasCalled = content.has(id);
          const standing = wasCalled ? 'content' : 'unasked';
          this.#classes.set(id, { members: [entry], standing, allotmentPs, wasCalled });
        } else {
          state.members.push(entry);
          state.allotmentPs += allotmentPs;
        }
      }
  }

  /** All packages, also those that left. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Those of them which have outputs of a class. */
  members(id: number): readonly Entry[] {
    return this.#classes.get(id)?.members ?? [];
  }

  has(entry: Entry): boolean {
    return this.#set.has(entry);
  }

  /** The set, in order. */
  inOrder(): Entry[] {
    return this.#entries.filter((entry) => this.#set.has(entry));
  }

  /** Weight of a call of the class with its outputs in the set. */
  allotmentPs(id: number): bigint {
    return this.#classes.get(id)?.allotmentPs ?? 0n;
  }

  /** Weight of a call of each class of a package that is not in the set, with its outputs on top of those in the set. */
  trialPs({ outputs }: Entry): bigint {
    let sum = 0n;
    for (const [id, count] of outputs) sum += this.allotmentPs(id) + this.#calls.allotment(id, count);
    return sum;
  }

  /** Those of `ids` that are not known to be content with the set: never called ones first, then smallest allotment first. */
  due(ids: Iterable<number> = this.#classes.keys()): Due[] {
    const [unasked, changed]: [Due[], Due[]] = [[], []];
    for (const id of ids) {
      const state = this.#classes.get(id);
      // Without outputs in the set it is not called.
      if (state === undefined || state.allotmentPs === 0n) continue;
      if (state.standing === 'unasked') unasked.push({ id, allotmentPs: state.allotmentPs });
      if (state.standing === 'changed') changed.push({ id, allotmentPs: state.allotmentPs });
    }
    return [...unasked.sort(smallerFirst), ...changed.sort(smallerFirst)];
  }

  /** Calls classes, which the caller has made sure are affordable. Packages that they object to leave. */
  ask(ids: readonly number[]): void {
    const answers = this.#calls.run(
      this.inOrder().map(({ report }) => report),
      ids,
    );
    const again = new Set(ids.filter((id) => this.#state(id).wasCalled));
    for (const id of ids) {
      const state = this.#state(id);
      state.wasCalled = true;
      state.standing = 'content'; // until a departure changes its outputs
    }
    for (const [id, answer] of answers) {
      if (answer.kind === 'content') continue;
      if (answer.kind === 'failed') {
        this.failed.set(id, answer.reason);
        this.#object(id, { why: 'failedClass', class: id }, again.has(id), () => true);
        this.#state(id).standing = 'failed';
      } else {
        this.#object(id, { why: 'named', class: id }, again.has(id), (report) => answer.reports.has(report));
      }
    }
  }

  /** Removes a package and its dependents. Returns how many have left that were in the set. */
  remove(entry: Entry, departure: Departure): number {
    if (!this.#set.delete(entry)) return 0;
    this.departures.set(entry, departure);
    this.#count(entry, -1);
    return entry.dependents.reduce((sum, one) => sum + this.remove(one, { why: 'dependent' }), 1);
  }

  /** Puts a package back that had left. */
  restore(entry: Entry): void {
    if (this.#set.has(entry)) return;
    this.#set.add(entry);
    this.departures.delete(entry);
    this.#count(entry, 1);
  }

  #object(id: number, departure: Departure, isAgain: boolean, isMeant: (report: WorkReport) => boolean): void {
    for (const entry of this.members(id)) {
      if (!this.#set.has(entry) || !isMeant(entry.report)) continue;
      if (!isAgain) this.#namedAtOnce.add(entry);
      else if (this.#namedAtOnce.has(entry)) this.colliding.add(entry);
      else this.unsteady.add(entry);
      this.remove(entry, departure);
    }
  }

  #count(entry: Entry, sign: 1 | -1): void {
    for (const [id, outputs] of entry.outputs) {
      const state = this.#state(id);
      state.allotmentPs += this.#calls.allotment(id, sign * outputs);
      if (state.standing === 'content') state.standing = 'changed';
    }
  }

  #state(id: number): ClassState {
    const state = this.#classes.get(id);
    if (state === undefined) throw new RangeError(`the join has no class ${id}`);
    return state;
  }
}

function smallerFirst(a: Due, b: Due): number {
  return a.allotmentPs < b.allotmentPs ? -1 : a.allotmentPs > b.allotmentPs ? 1 : a.id - b.id;
}

export function sumPs(due: readonly Due[]): bigint {
  return due.reduce((sum, { allotmentPs }) => sum + allotmentPs, 0n);
}
