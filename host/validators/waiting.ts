// The packages that wait for authorization: a queue for each core, and one for packages that name no core. Spec: D40.
//
// A queue is fair between submitters: they take turns, and each submitter's packages stay in order. A full queue takes a
// package only from a submitter that has less in it than another, whose newest packages then have to leave.
import { fitsBytes, type Bounds } from './bounds.js';

/** Who submits: compared by identity. Connections are objects, other submitters have names. */
export type Submitter = object | string;

/** A core, or `any` for packages that name none. */
export type QueueName = number | 'any';

/** What the queues need to know of a package. */
interface Sized {
  readonly bytes: number;
}

/** One submitter's packages in one queue, oldest first. */
type Line<T> = T[];

/** All queues. */
export class Waiting<T extends Sized> {
  readonly #queues = new Map<QueueName, Map<Submitter, Line<T>>>();
  readonly #bounds: Bounds;
  #bytes = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** Number of packages in a queue. */
  count(name: QueueName): number {
    return packagesOf(this.#lines(name));
  }

  /** Bytes of the packages in all queues. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a package. Returns those that had to leave for it; undefined if there is no room. */
  push(name: QueueName, submitter: Submitter, item: T): T[] | undefined {
    const lines = this.#lines(name);
    const leaving = this.#leaving(lines, submitter, item);
    if (leaving === undefined) return undefined;
    for (const each of leaving) this.#remove(name, each);
    const queue = this.#queues.get(name) ?? new Map<Submitter, Line<T>>();
    this.#queues.set(name, queue);
    queue.set(submitter, [...(queue.get(submitter) ?? []), item]);
    this.#bytes += item.bytes;
    return leaving;
  }

  /** Takes the package whose turn it is. */
  shift(name: QueueName): T | undefined {
    const queue = this.#queues.get(name);
    const turn = queue?.entries().next().value;
    if (queue === undefined || turn === undefined) return undefined;
    const [submitter, [first, ...rest]] = turn;
    queue.delete(submitter);
    if (rest.length > 0) queue.set(submitter, rest); // behind the others
    if (queue.size === 0) this.#queues.delete(name);
    this.#bytes -= first!.bytes;
    return first;
  }

  #lines(name: QueueName): ReadonlyMap<Submitter, Line<T>> {
    return this.#queues.get(name) ?? new Map<Submitter, Line<T>>();
  }

  /**
   * The packages that have to leave a queue for `item`: always the newest of the submitter that has most, as long as it
   * has more than this submitter would have. Undefined if that is not enough.
   */
  #leaving(lines: ReadonlyMap<Submitter, Line<T>>, submitter: Submitter, item: T): T[] | undefined {
    const { queuePackagesMax, queuedBytesMax } = this.#bounds;
    const left = new Map([...lines].map(([who, line]) => [who, [...line]]));
    const own = [...(left.get(submitter) ?? []), item];
    const leaving: T[] = [];
    for (;;) {
      const count = packagesOf(left);
      const bytes = this.#bytes - bytesOf(leaving);
      const tooMany = count >= queuePackagesMax;
      if (!tooMany && fitsBytes(item.bytes, count, bytes, queuedBytesMax)) return leaving;
      const measure = tooMany ? (line: Line<T>): number => line.length : bytesOf;
      const [most] = [...left.values()].sort((a, b) => measure(b) - measure(a));
      if (most === undefined || most === left.get(submitter) || measure(most) <= measure(own)) return undefined;
      leaving.push(most.pop()!);
    }
  }

  #remove(name: QueueName, item: T): void {
    const queue = this.#queues.get(name)!;
    for (const [submitter, line] of queue) {
      const at = line.indexOf(item);
      if (at < 0) continue;
      line.splice(at, 1);
      if (line.length === 0) queue.delete(submitter);
    }
    this.#bytes -= item.bytes;
  }
}

const bytesOf = (line: readonly Sized[]): number => line.reduce((sum, { bytes }) => sum + bytes, 0);

const packagesOf = (lines: ReadonlyMap<Submitter, readonly unknown[]>): number =>
  [...lines.values()].reduce((sum, line) => sum + line.length, 0);
