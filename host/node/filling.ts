// Filling a block with transactions of the pool, best first, until time or room runs out.
//
// A transaction that found no room is measured: its class, weight and length. What the block still takes of each class
// never grows, so others that need more are skipped without being applied, in this block and, by their own measure, in
// later ones. So however many wait for room at the head of the pool, they keep no others out. Packages can't take the
// guaranteed part of a class, neither its weight nor the time for it: once the author's time is over, what fits that
// part is applied still.
import { coreJamApi, type BlockRoom, type ExtrinsicNeeds } from '../contract/index.js';
import { Reader } from '../bytes/index.js';
import { RuntimeTrap } from '../executor/index.js';
import type { Building } from './building.js';
import type { Candidates, Entry } from './pool/index.js';
import type { ChainRuntime } from './runtimes.js';
import type { Applied } from './validity.js';

/** What measured transactions need, by the runtime that says so. */
const measures = new WeakMap<ChainRuntime, WeakMap<Entry, ExtrinsicNeeds>>();

/** What the block still takes, as far as it is known, and what transactions need. */
class Room {
  readonly #building: Building;
  readonly #measures: WeakMap<Entry, ExtrinsicNeeds>;
  #left: BlockRoom | undefined;
  #leftIsExact = false;

  constructor(building: Building) {
    this.#building = building;
    this.#measures = measures.get(building.runtime) ?? new WeakMap<Entry, ExtrinsicNeeds>();
    measures.set(building.runtime, this.#measures);
  }

  knows(entry: Entry): boolean {
    return this.#measures.has(entry);
  }

  /** A transaction was included. What was left before it is an upper bound now. */
  shrink(): void {
    this.#leftIsExact = false;
  }

  /** The block had no room for a transaction: measures both. Throws RuntimeTrap. */
  learn(entry: Entry): void {
    this.#needsOf(entry);
    this.#exact();
  }

  /** Whether it is known, without a call of the runtime, that a transaction does not fit. */
  isKnownMisfit(entry: Entry): boolean {
    const needs = this.#measures.get(entry);
    if (this.#left === undefined || needs === undefined || needs.dispatchClass === 'mandatory') return false;
    const { weight, length } = this.#left[needs.dispatchClass];
    return needs.weight > weight || needs.length > length;
  }

  /** Whether a transaction fits the guaranteed part of its class. Throws RuntimeTrap. */
  isGuaranteed(entry: Entry): boolean {
    const needs = this.#needsOf(entry);
    if (needs === undefined || needs.dispatchClass === 'mandatory') return false;
    const { guaranteedWeight, guaranteedLength } = this.#exact()[needs.dispatchClass];
    return needs.weight <= guaranteedWeight && needs.length <= guaranteedLength;
  }

  #needsOf(entry: Entry): ExtrinsicNeeds | undefined {
    const known = this.#measures.get(entry);
    if (known !== undefined) return known;
    const extrinsic = new Reader(entry.bytes).bytes();
    const needs = coreJamApi.extrinsicNeeds((method, args) => this.#building.ask(method, args), extrinsic);
    if (needs !== undefined) this.#measures.set(entry, needs);
    return needs;
  }

  #exact(): BlockRoom {
    if (this.#left === undefined || !this.#leftIsExact) {
      this.#left = coreJamApi.roomLeft((method, args) => this.#building.ask(method, args));
      this.#leftIsExact = true;
    }
    return this.#left;
  }
}

/** One pass over the pool for one block. */
class Filling {
  readonly #building: Building;
  readonly #hasPackages: boolean;
  readonly #included: Entry[];
  readonly #candidates: Candidates;
  readonly #room: Room;
  readonly #endsMs: number;
  #lateTries = 0;
  #more = false;

  constructor(building: Building, hasPackages: boolean, included: Entry[]) {
    const { pool, clock, limits } = building.parts;
    this.#building = building;
    this.#hasPackages = hasPackages;
    this.#included = included;
    this.#candidates = pool.candidates();
    this.#room = new Room(building);
    this.#endsMs = clock.nowMs() + limits.buildMsMax;
  }

  run(): boolean {
    const { clock, limits } = this.#building.parts;
    for (let entry = this.#candidates.next(); entry !== undefined; entry = this.#candidates.next()) {
      if (this.#room.isKnownMisfit(entry)) {
        this.#misfit(entry);
        continue;
      }
      const isLate = clock.nowMs() >= this.#endsMs;
      if (isLate && this.#lateTries >= limits.lateTriesMax) return true;
      try {
        if (isLate && !this.#isGuaranteed(entry)) this.#postpone();
        else if (!this.#apply(entry)) this.#lateTries += isLate ? 1 : 0;
      } catch (error) {
        if (!(error instanceof RuntimeTrap)) throw error;
        this.#building.log.warn(`transaction ${entry.hash} is rejected: ${error.message}`);
        this.#lateTries += isLate ? 1 : 0;
        this.#reject(entry);
      }
    }
    return this.#more;
  }

  #isGuaranteed(entry: Entry): boolean {
    const wasKnown = this.#room.knows(entry);
    if (this.#room.isGuaranteed(entry)) return true;
    if (!wasKnown) this.#lateTries++;
    return false;
  }

  /** Returns whether the transaction is in the block. Throws RuntimeTrap. */
  #apply(entry: Entry): boolean {
    const applied: Applied = this.#building.apply(entry.bytes);
    if (applied.ok) {
      this.#included.push(entry);
      this.#room.shrink();
      return true;
    }
    const { name, message } = applied.error;
    if (name === 'Future') {
      // Its account's nonce went back.
      this.#candidates.skip();
      this.#building.whenWritten(() => this.#building.parts.pool.suspect(entry.hash));
    } else if (name === 'ExhaustsResources') {
      this.#room.learn(entry);
      this.#misfit(entry);
    } else {
      this.#building.log.debug(`transaction ${entry.hash} is rejected: ${message}`);
      this.#reject(entry);
    }
    return false;
  }

  /**
   * The block has no room for the transaction. If packages or other transactions took it, the transaction waits, for a
   * bounded time. If it would be the only one in the block, it may never fit.
   */
  #misfit(entry: Entry): void {
    const { limits, pool } = this.#building.parts;
    const { log } = this.#building;
    const misfits = entry.misfits + 1;
    const misfitsOfOne = this.#included.length === 0 && !this.#hasPackages ? entry.misfitsOfOne + 1 : 0;
    this.#building.whenWritten(() => Object.assign(entry, { misfits, misfitsOfOne }));
    if (misfitsOfOne >= limits.misfitsOfOneMax) {
      log.debug(`transaction ${entry.hash} is rejected: it fits no block`);
      this.#reject(entry);
    } else if (misfits >= limits.misfitsMax) {
      log.debug(`transaction ${entry.hash} is dropped: ${misfits} blocks had no room for it`);
      this.#candidates.skip();
      this.#building.whenWritten(() => pool.drop(entry.hash));
    } else {
      this.#postpone();
    }
  }

  #postpone(): void {
    this.#candidates.skip();
    this.#more = true;
  }

  #reject(entry: Entry): void {
    this.#candidates.skip();
    this.#building.whenWritten(() => this.#building.parts.pool.reject(entry.hash));
  }
}

/** Applies transactions of the pool; adds those that are in the block to `included`. Returns whether some wait for room. */
export function applyTransactions(building: Building, hasPackages: boolean, included: Entry[]): boolean {
  return new Filling(building, hasPackages, included).run();
}

/** Applies these transactions in this order, but for those that the block does not take. Adds the others to `included`. */
export function applyThese(building: Building, entries: readonly Entry[], included: Entry[]): void {
  for (const entry of entries) {
    try {
      if (building.apply(entry.bytes).ok) included.push(entry);
    } catch (error) {
      if (!(error instanceof RuntimeTrap)) throw error;
    }
  }
}
