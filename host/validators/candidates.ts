// The reports that wait to be Registered, and the order in which the author takes them. Spec: D34, D40.
//
// Cores are taken by their last Registered report, longest ago first; those of the same block by the last candidate that
// the join of this author left out, and otherwise from another one in each block: no order depends on the number of a core.
// A core keeps its place if the report was Registered only because the candidate before it found no room (room.ts).
//
// Within a core, candidates of the AuthId that it is assigned to now come first, and then the parties that share its
// time and room (D40) take turns: by AuthId, address and connection, at each level those that wait for the longest time
// first. A turn is a report for the block, or one that the join left out. Each party's candidates have a queue, to
// whose end one goes that the join left out because of the answers of its classes. One that was not checked keeps its place.
import { toHex } from '../bytes/index.js';
import type { Attestation } from '../contract/index.js';
import type { Verdict } from './report-errors.js';

/** A report that waits to be Registered, and why the last block did not include it. */
export interface Candidate {
  readonly attestation: Attestation;
  /** Who submitted it, outermost first. */
  readonly submitter: readonly unknown[];
  /** Undefined until it has been tried in a block. */
  waitsFor?: Verdict['waitsFor'];
}

const keys = new WeakMap<Uint8Array, string>();

/** A package's hash as a key of maps, which is encoded only once for each array. */
export function keyOf(hash: Uint8Array): string {
  let key = keys.get(hash);
  if (key === undefined) keys.set(hash, (key = toHex(hash)));
  return key;
}

/** What the order depends on, of the block under construction. */
export interface Turns {
  readonly number: number;
  /** The block in which a report was last Registered on each core; undefined if none was. */
  lastRegistered(cores: readonly number[]): readonly (number | undefined)[];
  /** By core, the AuthId that it is assigned to. */
  authIds(): readonly (number | undefined)[];
}

/** A party of a core, with candidates. */
class Party {
  readonly parts = new Map<unknown, Party>();
  /** Its last turn, or when it began to wait. */
  since: number;

  constructor(since: number) {
    this.since = since;
  }
}

export class CandidateQueues {
  readonly #arrivals = new WeakMap<Candidate, number>();
  readonly #positions = new WeakMap<Candidate, number>();
  /** By core: the block of this author in which the join last left out a candidate. */
  readonly #lastLeftOut = new Map<number, number>();
  /** By core: the block of the report that its place depends on, if that is not its last one. */
  readonly #keptPlaces = new Map<number, number>();
  /** The block that the place of each core depended on in the last order; −1 for none. */
  #places: ReadonlyMap<number, number> = new Map();
  readonly #cores = new Map<number, Party>();
  /** Counts arrivals and turns. */
  #count = 0;

  /**
   * Notes that a block of this author has the candidate: one before it found no room, if `keepsPlace`, so that its core
   * has the same place in the next block.
   */
  register(candidate: Candidate, { keepsPlace }: { keepsPlace: boolean }): void {
    const core = coreOf(candidate);
    if (keepsPlace) this.#keptPlaces.set(core, this.#places.get(core) ?? -1);
    else this.#keptPlaces.delete(core);
    this.#takeTurn(candidate);
  }

  #takeTurn(candidate: Candidate): void {
    let party = this.#cores.get(coreOf(candidate));
    for (const name of partiesOf(candidate)) {
      party = party?.parts.get(name);
      if (party !== undefined) party.since = this.#count++;
    }
  }

  /** Notes that the join of block `block` left the candidate out, whose party had its turn. */
  leaveOut(candidate: Candidate, block: number, { keepsPlace }: { keepsPlace: boolean }): void {
    this.#takeTurn(candidate);
    if (!keepsPlace) this.#positions.set(candidate, this.#count++);
    this.#lastLeftOut.set(coreOf(candidate), block);
  }

  /** Whether the join left out a candidate of the core in block `number` or later. */
  wasLeftOut(core: number, number: number): boolean {
    const last = this.#lastLeftOut.get(core);
    return last !== undefined && last >= number;
  }

  /** Whether `other`, of the same core, is of the same party and came before the candidate. */
  isPredecessor(other: Candidate, candidate: Candidate): boolean {
    const [its, parties] = [partiesOf(other), partiesOf(candidate)];
    return (
      its.length === parties.length &&
      its.every((name, depth) => name === parties[depth]) &&
      (this.#arrivals.get(other) ?? Infinity) < (this.#arrivals.get(candidate) ?? Infinity)
    );
  }

  /** All candidates, core by core, each core's in the order of their turns. */
  inOrder(candidates: readonly Candidate[], { number, lastRegistered, authIds }: Turns): Candidate[] {
    for (const candidate of candidates) {
      if (this.#arrivals.has(candidate)) continue;
      this.#arrivals.set(candidate, this.#count);
      if (!this.#positions.has(candidate)) this.#positions.set(candidate, this.#count);
      this.#count++;
    }
    const queues = groupBy(candidates, coreOf);
    for (const core of this.#cores.keys()) {
      if (queues.has(core)) continue;
      this.#cores.delete(core);
      this.#keptPlaces.delete(core);
    }
    const ascending = [...queues.keys()].sort((a, b) => a - b);
    const start = number % Math.max(1, ascending.length);
    const cores = [...ascending.slice(start), ...ascending.slice(0, start)];
    const last = lastRegistered(cores);
    const places = new Map(cores.map((core, index) => [core, this.#keptPlaces.get(core) ?? last[index] ?? -1]));
    this.#places = places;
    const leftOut = (core: number): number => this.#lastLeftOut.get(core) ?? -1;
    cores.sort((a, b) => places.get(a)! - places.get(b)! || leftOut(a) - leftOut(b));
    const assigned = authIds();
    return cores.flatMap((core) => this.#inTurn(core, queues.get(core)!, assigned[core]));
  }

  #inTurn(core: number, candidates: Candidate[], assigned: number | undefined): Candidate[] {
    candidates.sort((a, b) => this.#positions.get(a)! - this.#positions.get(b)!);
    const party = this.#cores.get(core) ?? new Party(this.#count);
    this.#cores.set(core, party);
    const ordered = this.#takingTurns(party, candidates, 0);
    const isFirst = ({ attestation }: Candidate): boolean => attestation.report.authId === assigned;
    return [...ordered.filter(isFirst), ...ordered.filter((candidate) => !isFirst(candidate))];
  }

  /** The parts of a party take turns; exactly those with candidates are kept. */
  #takingTurns(party: Party, candidates: readonly Candidate[], depth: number): Candidate[] {
    const groups = groupBy(candidates, (candidate) => partiesOf(candidate)[depth]);
    const ofNone = groups.get(undefined) ?? [];
    groups.delete(undefined);
    for (const name of party.parts.keys()) if (!groups.has(name)) party.parts.delete(name);
    for (const name of groups.keys()) if (!party.parts.has(name)) party.parts.set(name, new Party(this.#count++));
    const lines = [...groups]
      .map(([name, group]) => ({ part: party.parts.get(name)!, group }))
      .sort((a, b) => a.part.since - b.part.since)
      .map(({ part, group }) => this.#takingTurns(part, group, depth + 1));
    const longest = Math.max(0, ...lines.map((line) => line.length));
    const ordered = [...ofNone];
    for (let round = 0; round < longest; round++)
      for (const line of lines) if (round < line.length) ordered.push(line[round]!);
    return ordered;
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
