// The packages that wait for authorization: a queue for each core, and one for packages that name no core. Spec: D40.
//
// A queue is fair between submitters: addresses take turns, an address's connections take its turns, and each
// connection's packages stay in order. A full queue takes a package only in the place of one of a submitter that has
// more (fairness.ts): more packages in this queue, or more bytes in all queues.
import { fitsBytes, type Bounds } from './bounds.js';
import { bytesOf, givingWay, type Holding, onePackage, type Submitter } from './fairness.js';

/** A core, or `any` for packages that name none. */
export type QueueName = number | 'any';

/** What the queues need to know of a package. */
interface Sized {
  readonly bytes: number;
}

/** A package in a queue. */
interface Place<T> extends Holding {
  readonly name: QueueName;
  readonly by: Submitter;
  readonly item: T;
}

/** One queue: by address and connection, those whose turn is next first; each connection's oldest first. */
type Turns<T> = Map<string, Map<object | string, Place<T>[]>>;

/** All queues. */
export class Waiting<T extends Sized> {
  readonly #queues = new Map<QueueName, Turns<T>>();
  /** The packages in all queues, in the order of arrival. */
  readonly #places = new Set<Place<T>>();
  readonly #bounds: Bounds;
  #bytes = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** Number of packages in a queue. */
  count(name: QueueName): number {
    return this.#inQueue(name).length;
  }

  /** Bytes of the packages in all queues. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a package. Returns those that had to leave for it, of any queue; undefined if there is no room. */
  push(name: QueueName, by: Submitter, item: T): T[] | undefined {
    const place = placeOf(name, by, item);
    const leaving = this.#leaving(place);
    if (leaving === undefined) return undefined;
    for (const each of leaving) this.#remove(each);
    this.#add(place);
    return leaving.map((each) => each.item);
  }

  /** Adds a package that had a place before a restart. */
  restore(name: QueueName, by: Submitter, item: T): void {
    this.#add(placeOf(name, by, item));
  }

  #add(place: Place<T>): void {
    const { name, by } = place;
    const turns = getOrMake(this.#queues, name, () => new Map() as Turns<T>);
    const connections = getOrMake(turns, by.address, () => new Map<object | string, Place<T>[]>());
    getOrMake(connections, by.connection, () => [] as Place<T>[]).push(place);
    this.#places.add(place);
    this.#bytes += place.bytes;
  }

  /** Takes the package whose turn it is. */
  shift(name: QueueName): T | undefined {
    const turns = this.#queues.get(name);
    const address = turns?.entries().next().value;
    if (turns === undefined || address === undefined) return undefined;
    const [, connections] = address;
    const [connection, [first]] = connections.entries().next().value!;
    // Both go behind the others, if they have more.
    turns.delete(address[0]);
    turns.set(...address);
    const line = connections.get(connection)!;
    connections.delete(connection);
    connections.set(connection, line);
    this.#remove(first!);
    return first!.item;
  }

  #inQueue(name: QueueName): Place<T>[] {
    const addresses = [...(this.#queues.get(name)?.values() ?? [])];
    return addresses.flatMap((connections) => [...connections.values()].flat());
  }

  /** The packages that have to leave for another one. Undefined if it has no room even so. */
  #leaving(place: Place<T>): Place<T>[] | undefined {
    const { queuePackagesMax, queuedBytesMax } = this.#bounds;
    const here = this.#inQueue(place.name);
    const leaving = new Set<Place<T>>();
    let [count, bytes] = [here.length, this.#bytes];
    const leave = (each: Place<T>): void => {
      leaving.add(each);
      if (each.name === place.name) count--;
      bytes -= each.bytes;
    };
    if (count >= queuePackagesMax) {
      const next = givingWay(here, place, onePackage).next();
      if (next.done === true) return undefined;
      leave(next.value);
    }
    const fits = (): boolean => fitsBytes(place.bytes, count, bytes, queuedBytesMax);
    if (fits()) return [...leaving];
    // The oldest package of each other queue stays: the total does not bound the first one of a queue.
    const oldest = new Map<QueueName, Place<T>>();
    for (const each of this.#places) if (!oldest.has(each.name)) oldest.set(each.name, each);
    const mayLeave = (each: Place<T>): boolean => each.name === place.name || oldest.get(each.name) !== each;
    const others = [...this.#places].filter((each) => !leaving.has(each));
    for (const each of givingWay(others, place, bytesOf, mayLeave)) {
      leave(each);
      if (fits()) return [...leaving];
    }
    return undefined;
  }

  #remove(place: Place<T>): void {
    const { name, by } = place;
    const turns = this.#queues.get(name)!;
    const connections = turns.get(by.address)!;
    const line = connections.get(by.connection)!;
    line.splice(line.indexOf(place), 1);
    if (line.length === 0) connections.delete(by.connection);
    if (connections.size === 0) turns.delete(by.address);
    if (turns.size === 0) this.#queues.delete(name);
    this.#places.delete(place);
    this.#bytes -= place.bytes;
  }
}

function placeOf<T extends Sized>(name: QueueName, by: Submitter, item: T): Place<T> {
  return { name, by, item, bytes: item.bytes, parties: [by.address, by.connection] };
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}
