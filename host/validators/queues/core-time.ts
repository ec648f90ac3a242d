// The time of one core, which refines one package after another: whose turn it is. Spec: D40.
//
// Packages belong to parties at several levels, outermost first, as in fairness.ts: an AuthId, an address, a connection
// from it. At each level, parties share time equally, whatever their packages cost: the one with least time is next.
// Time is counted as virtual time (as in WF²Q+, with equal weights):
//
//   of a party    what its packages took, since it began to compete
//   of a level    grows by t / k when one of k competing parties took t, and is never below that of all of them
//
// A party that begins to compete, again or for the first time, starts with the level's virtual time, or with its own
// if that is later. So it neither has to catch up with others nor has more for having been away, and a party that
// takes part with k - 1 others has at least 1/k of the time, up to a few packages.
import type { Holding } from './fairness.js';

/** A package that waits for its core. */
export interface Turn extends Holding {
  /** Height of its context: among packages of a party, the one that expires first is first. */
  readonly contextNumber: number;
}

interface Party {
  /** Virtual time, in milliseconds. */
  timeMs: number;
  isCompeting: boolean;
  /** When it had its last turn, or began to compete. Of parties with equal time, the one that waits longest is next. */
  since: number;
  readonly parts: Level;
}

/** Parties that share time. */
interface Level {
  timeMs: number;
  readonly parties: Map<unknown, Party>;
}

const emptyLevel = (): Level => ({ timeMs: 0, parties: new Map() });

export class CoreTime<T extends Turn> {
  /** In the order of arrival, with their places in it. */
  readonly #waiting = new Map<T, number>();
  #all = emptyLevel();
  /** Counts arrivals and turns. */
  #count = 0;

  add(turn: T): void {
    this.#waiting.set(turn, this.#count++);
  }

  remove(turn: T): void {
    this.#waiting.delete(turn);
  }

  /** Takes the package whose turn it is, among those that are `ready`, if any are. */
  next(isReady: (turn: T) => boolean): T | undefined {
    const waiting = [...this.#waiting.keys()];
    const ready = waiting.filter(isReady);
    let candidates = ready.length > 0 ? ready : waiting;
    if (candidates.length === 0) {
      this.#all = emptyLevel(); // time that no other party could have used is not counted
      return undefined;
    }
    this.#compete(this.#all, candidates, 0);
    for (let level = this.#all, depth = 0; level.parties.size > 0; depth++) {
      const [name, party] = nextOf(level);
      candidates = candidates.filter(({ parties }) => parties[depth] === name);
      level = party.parts;
    }
    const first = candidates.reduce((a, b) => (b.contextNumber < a.contextNumber ? b : a));
    this.#waiting.delete(first);
    return first;
  }

  /** Counts the time that the package took which `next` returned last. */
  took({ parties }: T, ms: number): void {
    let level = this.#all;
    for (const name of parties) {
      const party = level.parties.get(name)!;
      const competing = [...level.parties.values()].filter(({ isCompeting }) => isCompeting);
      party.timeMs += ms;
      party.since = this.#count++;
      const least = competing.reduce((min, { timeMs }) => Math.min(min, timeMs), Infinity);
      level.timeMs = Math.max(level.timeMs + ms / competing.length, least);
      level = party.parts;
    }
  }

  /** Exactly the parties of `candidates` compete. */
  #compete(level: Level, candidates: readonly T[], depth: number): void {
    const groups = new Map<unknown, T[]>();
    for (const candidate of candidates) {
      if (depth === candidate.parties.length) continue;
      const name = candidate.parties[depth];
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [candidate]);
      else group.push(candidate);
    }
    for (const [name, party] of level.parties) {
      if (groups.has(name)) continue;
      party.isCompeting = false;
      if (party.timeMs <= level.timeMs) level.parties.delete(name); // a new one would begin with the same time
    }
    for (const [name, group] of groups) {
      const party = level.parties.get(name) ?? { timeMs: 0, isCompeting: false, since: 0, parts: emptyLevel() };
      level.parties.set(name, party);
      if (!party.isCompeting) {
        party.isCompeting = true;
        party.timeMs = Math.max(party.timeMs, level.timeMs);
        party.since = this.#waiting.get(group[0]!)!;
      }
      this.#compete(party.parts, group, depth + 1);
    }
  }
}

/** The competing party with least time. */
function nextOf({ parties }: Level): [unknown, Party] {
  let next: [unknown, Party] | undefined;
  for (const entry of parties) {
    const [, party] = entry;
    if (!party.isCompeting) continue;
    if (next === undefined || party.timeMs < next[1].timeMs) next = entry;
    else if (party.timeMs === next[1].timeMs && party.since < next[1].since) next = entry;
  }
  if (next === undefined) throw new RangeError('no party competes for the time of the core');
  return next;
}
