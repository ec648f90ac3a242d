// The reports that wait to be Registered, and the order in which the author takes them. Spec: D34, D40.
//
// Cores are taken by their last Registered report, longest ago first; those of the same block by the last candidate that
// the join of this author left out, and otherwise from another one in each block: no order depends on the number of a core.
// A core keeps its place if the report was Registered only because the candidate before it found no room (room.ts).
//
// Within a core, candidates of the AuthId that it is assigned to now come first, and then the parties that share its
// time and room (D40) take turns: by AuthId, address and connection, at each level those that wait for the longest time
// first. A turn is a report for the block, or one that the join left out, at most one a core and block. Each party's candidates have a queue, to
// whose end one goes that the join left out because of the answers of its classes. One that was not checked keeps its place.
//
// Candidates come and leave one by one, and a block asks for a few of each core: what a block costs does not depend on how
// many wait, but for those of classes that are taken singly (admitted.ts). A party's parts are in the order of their last
// turns, since who has one goes to the end.
import type { Attestation } from '../../contract/index.js';
import type { Verdict } from './report-errors.js';

/** A report that waits to be Registered, and why the last block did not include it. */
export interface Candidate {
  readonly attestation: Attestation;
  /** Who submitted it, outermost first. */
  readonly submitter: readonly unknown[];
  /** Undefined until it has been tried in a block. */
  waitsFor?: Verdict['waitsFor'];
}

/** What the order depends on, of the block under construction. */
export interface Turns {
  readonly number: number;
  /** The block in which a report was last Registered on each core; undefined if none was. */
  lastRegistered(cores: readonly number[]): readonly (number | undefined)[];
  /** By core, the AuthId that it is assigned to. */
  authIds(): readonly (number | undefined)[];
}

/** A party of a core, or the core itself, with candidates. */
class Party {
  /** The one whose turn was longest ago is first. One that has had no turn counts from when it began to wait. */
  readonly parts = new Map<unknown, Party>();
  /** Its own candidates that are ready, by position. */
  readonly queue: Candidate[] = [];
  /** Candidates of the party and its parts; and how many of them are ready. */
  count = 0;
  ready = 0;
}

export class CandidateQueues {
  /** Of all candidates, their positions in the queues of their parties. */
  readonly #positions = new Map<Candidate, number>();
  readonly #cores = new Map<number, Party>();
  readonly #ready = new Set<Candidate>();
  /** Those that left a party without candidates, which keeps its place until the next block. */
  readonly #last = new Set<Candidate>();
  /** By core: the block of this author in which the join last left out a candidate. */
  readonly #lastLeftOut = new Map<number, number>();
  /** By core: the block of the report that its place depends on, while this candidate waits, if that is not its last one. */
  readonly #keptPlaces = new Map<number, { readonly place: number; readonly keptFor: Candidate }>();
  /** The block that the place of each core depended on in the last order; −1 for none. */
  #places: ReadonlyMap<number, number> = new Map();
  /** Counts arrivals and moves. */
  #count = 0;

  get size(): number {
    return this.#positions.size;
  }

  has(candidate: Candidate): boolean {
    return this.#positions.has(candidate);
  }

  /** Adds a candidate that is ready. */
  add(candidate: Candidate): void {
    this.#positions.set(candidate, this.#count++);
    let party = this.#cores.get(coreOf(candidate)) ?? new Party();
    this.#cores.set(coreOf(candidate), party);
    party.count++;
    for (const name of partiesOf(candidate)) {
      const part = party.parts.get(name) ?? new Party();
      party.parts.set(name, part);
      party = part;
      party.count++;
    }
    this.setReady(candidate, true);
  }

  remove(candidate: Candidate): void {
    this.setReady(candidate, false);
    this.#positions.delete(candidate);
    const parties = this.#partiesOf(candidate);
    for (const party of parties) party.count--;
    if (parties.some(({ count }) => count === 0)) this.#last.add(candidate);
  }

  /** Notes whether the candidate could be Registered now, as far as others are concerned. Only such ones are in the order. */
  setReady(candidate: Candidate, isReady: boolean): void {
    if (this.#ready.has(candidate) === isReady) return;
    const parties = this.#partiesOf(candidate);
    const { queue } = parties.at(-1)!;
    if (isReady) {
      this.#ready.add(candidate);
      queue.splice(this.#placeIn(queue, candidate), 0, candidate);
    } else {
      this.#ready.delete(candidate);
      queue.splice(queue.indexOf(candidate), 1);
    }
    for (const party of parties) party.ready += isReady ? 1 : -1;
  }

  /**
   * Notes that block `block` of this author has the candidate. If `keptFor` found no room before it, the core has the same
   * place in the next block, while that one waits.
   */
  register(candidate: Candidate, block: number, keptFor: Candidate | undefined): void {
    const core = coreOf(candidate);
    if (keptFor === undefined) this.#keptPlaces.delete(core);
    else this.#keptPlaces.set(core, { place: this.#places.get(core) ?? -1, keptFor });
    this.#takeTurn(candidate, block);
  }

  /** Notes that the join of block `block` left the candidate out. */
  leaveOut(candidate: Candidate, block: number, { keepsPlace }: { keepsPlace: boolean }): void {
    this.#takeTurn(candidate, block);
    this.#lastLeftOut.set(coreOf(candidate), block);
    if (keepsPlace || !this.has(candidate)) return;
    const isReady = this.#ready.has(candidate);
    this.setReady(candidate, false);
    this.#positions.set(candidate, this.#count++);
    this.setReady(candidate, isReady);
  }

  /** Whether the join left out a candidate of the core in block `number` or later. */
  wasLeftOut(core: number, number: number): boolean {
    const last = this.#lastLeftOut.get(core);
    return last !== undefined && last >= number;
  }

  /** All candidates, also those that are not ready. */
  all(): Iterable<Candidate> {
    return this.#positions.keys();
  }

  /** The cores with candidates that are ready, and these of each, in the order of turns. Valid until one comes or leaves. */
  inOrder({ number, lastRegistered, authIds }: Turns): Map<number, Iterable<Candidate>> {
    this.#forgetParties();
    const ascending = [...this.#cores].flatMap(([core, { ready }]) => (ready > 0 ? [core] : [])).sort((a, b) => a - b);
    const start = number % Math.max(1, ascending.length);
    const cores = [...ascending.slice(start), ...ascending.slice(0, start)];
    const last = lastRegistered(cores);
    const places = new Map(cores.map((core, index) => [core, this.#keptPlace(core) ?? last[index] ?? -1]));
    this.#places = places;
    const leftOut = (core: number): number => this.#lastLeftOut.get(core) ?? -1;
    cores.sort((a, b) => places.get(a)! - places.get(b)! || leftOut(a) - leftOut(b));
    const assigned = authIds();
    return new Map(
      cores.map((core) => {
        const party = this.#cores.get(core)!;
        return [core, { [Symbol.iterator]: () => inTurn(party, assigned[core]) }];
      }),
    );
  }

  #keptPlace(core: number): number | undefined {
    const kept = this.#keptPlaces.get(core);
    return kept !== undefined && this.has(kept.keptFor) ? kept.place : undefined;
  }

  /**
   * A core has one turn a block, that of the candidate which came first: those that the block tries or has after one that was left
   * out use none, or the order of two parties that both had a turn would be the same in the next block.
   */
  #takeTurn(candidate: Candidate, block: number): void {
    if (this.#lastLeftOut.get(coreOf(candidate)) === block) return;
    let party = this.#cores.get(coreOf(candidate));
    for (const name of partiesOf(candidate)) {
      const part = party?.parts.get(name);
      if (part === undefined) return;
      party!.parts.delete(name);
      party!.parts.set(name, part);
      party = part;
    }
  }

  /** The core of a candidate, and its parties there, outermost first. */
  #partiesOf(candidate: Candidate): Party[] {
    let party = this.#cores.get(coreOf(candidate))!;
    const parties = [party];
    for (const name of partiesOf(candidate)) parties.push((party = party.parts.get(name)!));
    return parties;
  }

  /** Where the candidate is in the queue, or would be. */
  #placeIn(queue: readonly Candidate[], candidate: Candidate): number {
    const position = this.#positions.get(candidate)!;
    let [low, high] = [0, queue.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#positions.get(queue[middle]!)! < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets cores and parties without candidates. */
  #forgetParties(): void {
    for (const candidate of this.#last) {
      const number = coreOf(candidate);
      let party = this.#cores.get(number);
      if (party?.count === 0) {
        this.#cores.delete(number);
        this.#keptPlaces.delete(number);
        continue;
      }
      for (const name of partiesOf(candidate)) {
        const part: Party | undefined = party?.parts.get(name);
        if (part?.count === 0) {
          party!.parts.delete(name);
          break;
        }
        party = part;
      }
    }
    this.#last.clear();
  }
}

/** The candidates of a core: those of the AuthId that it is assigned to are first. */
function* inTurn({ parts }: Party, assigned: number | undefined): Generator<Candidate> {
  const first = assigned === undefined ? undefined : parts.get(assigned);
  if (first !== undefined) yield* takingTurns(first);
  yield* alternating([...parts.values()].filter((part) => part !== first));
}

function* takingTurns({ queue, parts }: Party): Generator<Candidate> {
  yield* queue;
  yield* alternating(parts.values());
}

/** The first candidate of each party, then the second of each, and so on. Parties are entered when it is their turn. */
function* alternating(parties: Iterable<Party>): Generator<Candidate> {
  let lines: Generator<Candidate>[] = [];
  for (const party of parties) {
    if (party.ready === 0) continue;
    const line = takingTurns(party);
    yield line.next().value as Candidate;
    lines.push(line);
  }
  while (lines.length > 0) {
    const more: Generator<Candidate>[] = [];
    for (const line of lines) {
      const { value, done } = line.next();
      if (done === true) continue;
      yield value;
      more.push(line);
    }
    lines = more;
  }
}

/** The parties that take turns on its core, outermost first. */
function partiesOf({ attestation, submitter }: Candidate): readonly unknown[] {
  return [attestation.report.authId ?? 'none', ...submitter];
}

function coreOf({ attestation }: Candidate): number {
  return attestation.report.coreIndex;
}

export function groupBy<K, V>(values: Iterable<V>, keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
