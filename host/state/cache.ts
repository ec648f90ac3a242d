/**
 * A cache of bounded size that forgets what was not asked for lately.
 *
 * Two generations instead of a list in order of use: an entry found in the old one moves to the young one, and when the
 * young one is full it becomes the old one, whose entries are dropped. That costs nothing on most hits, where an exact
 * order of use would cost two Map operations each.
 */
export class BoundedCache<V> {
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  #youngBytes = 0;
  #oldBytes = 0;

  /** Keeps entries of up to `bytesMax` by the estimate of `costOf`, which must answer the same for the same entry. */
  constructor(
    readonly bytesMax: number,
    readonly costOf: (value: V) => number,
  ) {}

  get(key: string): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: V): void {
    if (this.#young.has(key)) return; // content-addressed: the same key has the same value
    const cost = this.costOf(value);
    if (cost > this.bytesMax / 2) return; // it would push out everything else
    if (this.#youngBytes + cost > this.bytesMax / 2) {
      this.#old = this.#young;
      this.#oldBytes = this.#youngBytes;
      this.#young = new Map();
      this.#youngBytes = 0;
    }
    this.#young.set(key, value);
    this.#youngBytes += cost;
  }

  /** What is kept now, by the estimate. */
  get bytes(): number {
    return this.#youngBytes + this.#oldBytes;
  }
}
