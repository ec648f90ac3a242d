// Each core's share of the node's bounds: the packages that are authorized and not concluded. Spec: D40.
//
// A full core takes a package only in the place of another. Room is taken from those that have more of it: by AuthId, so
// that a core's next assignee has room beside the last one; then by submitter. If none has more, a package that no
// block can Register yet gives way to one that can be Registered, of a party with no more. Bytes are shared between cores in the same way.
import { fitsBytes, type Bounds } from './bounds.js';
import { bytesOf, givingWay, type Holding, onePackage, type Submitter } from './fairness.js';

/** A package in a core's share. */
export interface Place<T> extends Holding {
  readonly item: T;
  readonly core: number;
}

/** What decides which packages may have to leave. */
export interface Standing<T> {
  /** Whether it is not on the chain yet. */
  mayLeave(item: T): boolean;
  /** Whether no block can Register it now, because its prerequisite is not there. */
  isStuck(item: T): boolean;
}

/** The place that a package would have. */
export function placeOf<T extends { readonly bytes: number }>(
  item: T,
  core: number,
  authId: number,
  { address, connection }: Submitter,
): Place<T> {
  return { item, core, bytes: item.bytes, parties: [core, authId, address, connection] };
}

/** The authorized packages, by core. */
export class Shares<T> {
  readonly #cores = new Map<number, { bytes: number; readonly places: Set<Place<T>> }>();
  readonly #bounds: Bounds;
  readonly #standing: Standing<T>;
  #bytes = 0;

  constructor(bounds: Bounds, standing: Standing<T>) {
    this.#bounds = bounds;
    this.#standing = standing;
  }

  /** Number of the core's packages. */
  count(core: number): number {
    return this.#cores.get(core)?.places.size ?? 0;
  }

  /** Bytes of the packages of all cores. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the core may have another package of so many bytes without any other leaving. */
  hasRoom(core: number, bytes: number): boolean {
    const { corePackagesMax, authorizedBytesMax } = this.#bounds;
    const count = this.count(core);
    return count < corePackagesMax && fitsBytes(bytes, count, this.#bytes, authorizedBytesMax);
  }

  /** The packages that have to leave for another one; undefined if it has no room even so. */
  leavingFor(place: Place<T>): Place<T>[] | undefined {
    const { corePackagesMax, authorizedBytesMax } = this.#bounds;
    const { core } = place;
    if (this.hasRoom(core, place.bytes)) return [];
    const leaving = new Set<Place<T>>();
    let [count, bytes] = [this.count(core), this.#bytes];
    const leave = (each: Place<T>): void => {
      leaving.add(each);
      if (each.core === core) count--;
      bytes -= each.bytes;
    };
    if (count >= corePackagesMax) {
      const [first] = this.#ofCore(place, leaving, onePackage);
      if (first === undefined) return undefined;
      leave(first);
    }
    const fits = (): boolean => fitsBytes(place.bytes, count, bytes, authorizedBytesMax);
    if (fits()) return [...leaving];
    for (const candidates of [this.#ofOtherCores(place), this.#ofCore(place, leaving, bytesOf)]) {
      for (const each of candidates) {
        leave(each);
        if (fits()) return [...leaving];
      }
    }
    return undefined;
  }

  /** Counts a package. The caller has removed those that had to leave. */
  add(place: Place<T>): void {
    const share = this.#cores.get(place.core) ?? { bytes: 0, places: new Set() };
    this.#cores.set(place.core, share);
    share.places.add(place);
    share.bytes += place.bytes;
    this.#bytes += place.bytes;
  }

  /** Counts a package no more. */
  remove(place: Place<T>): void {
    const share = this.#cores.get(place.core);
    if (share === undefined || !share.places.delete(place)) {
      throw new RangeError(`core ${place.core} has no such package that could be concluded`);
    }
    share.bytes -= place.bytes;
    if (share.places.size === 0) this.#cores.delete(place.core);
    this.#bytes -= place.bytes;
  }

  /** Those of the newcomer's core that give way: first of parties with more, then those that are stuck. */
  *#ofCore(newcomer: Place<T>, gone: ReadonlySet<Place<T>>, measure: typeof bytesOf): Generator<Place<T>, void> {
    const places = this.#cores.get(newcomer.core)?.places ?? [];
    const left = new Set([...places].filter((place) => !gone.has(place)));
    for (const place of givingWay(left, newcomer, measure, ({ item }) => this.#standing.mayLeave(item))) {
      left.delete(place);
      yield place;
    }
    if (this.#standing.isStuck(newcomer.item)) return;
    const stuck = ({ item }: Place<T>): boolean => this.#standing.mayLeave(item) && this.#standing.isStuck(item);
    // As if the newcomer took no room: a party with as much as the newcomer's would have gives way, too.
    const { parties } = newcomer;
    const nothing: Holding = { bytes: 0, parties };
    for (const place of givingWay(left, nothing, (held) => (held === nothing ? 0 : measure(held)), stuck)) {
      left.delete(place);
      yield place;
    }
    const own = [...left].filter(
      (place) => place.parties.every((party, depth) => party === parties[depth]) && stuck(place),
    );
    yield* own.reverse();
  }

  /** Those of cores that have more bytes than the newcomer's would have, but for their last one, which the total does not bound. */
  *#ofOtherCores(newcomer: Place<T>): Generator<Place<T>, void> {
    const own = (this.#cores.get(newcomer.core)?.bytes ?? 0) + newcomer.bytes;
    const others = [...this.#cores]
      .filter(([core, share]) => core !== newcomer.core && share.bytes > own)
      .map(([core, { bytes, places }]) => ({
        bytes,
        count: places.size,
        next: givingWay(places, withoutParty(core), bytesOf, ({ item }) => this.#standing.mayLeave(item)),
      }));
    for (;;) {
      let most: (typeof others)[number] | undefined;
      for (const other of others) if (most === undefined || other.bytes > most.bytes) most = other;
      if (most === undefined || most.bytes <= own) return;
      const next = most.count > 1 ? most.next.next() : undefined;
      if (next === undefined || next.done === true) {
        most.bytes = 0; // what it still has stays: it is the last one, or on the chain
      } else {
        most.bytes -= next.value.bytes;
        most.count--;
        yield next.value;
      }
    }
  }
}

/** A newcomer to a core whose party has nothing, so that every other gives way to it. */
function withoutParty(core: number): Holding {
  return { bytes: 0, parties: [core, Symbol('no party')] };
}
