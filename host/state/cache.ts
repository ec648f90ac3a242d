// A cache of bounded size that drops entries which have not been used recently.
//
// It has two generations instead of a list in order of use: an entry found in the old generation moves to the young
// one; when the young one is full, it becomes the old one, whose entries are dropped. Most hits cost nothing more than
// the look-up, whereas an exact order of use would cost two Map operations for each.
export class BoundedCache<V> {
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  #youngBytes = 0;
  #oldBytes = 0;

  /** Keeps entries of up to `bytesMax` in total, by the estimate of `costOf`. */
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
    if (cost > this.bytesMax / 2) return; // it would displace everything else
    if (this.#youngBytes + cost > this.bytesMax / 2) {
      this.#old = this.#young;
      this.#oldBytes = this.#youngBytes;
      this.#young = new Map();
      this.#youngBytes = 0;
    }
    this.#young.set(key, value);
    this.#youngBytes += cost;
  }

  /** The estimated size of all entries, in bytes. */
  get bytes(): number {
    return this.#youngBytes + this.#oldBytes;
  }
}
