// A map with several values for each key.

/** Sets of values by key. A key is removed with its last value. */
export class MultiMap<K, V> {
  readonly #sets = new Map<K, Set<V>>();

  /** A copy of the values of a key, in order of insertion. */
  get(key: K): V[] {
    return [...(this.#sets.get(key) ?? [])];
  }

  has(key: K): boolean {
    return this.#sets.has(key);
  }

  add(key: K, value: V): void {
    const present = this.#sets.get(key);
    if (present === undefined) this.#sets.set(key, new Set([value]));
    else present.add(value);
  }

  /** Returns whether the value was present. */
  delete(key: K, value: V): boolean {
    const present = this.#sets.get(key);
    if (present?.delete(value) !== true) return false;
    if (present.size === 0) this.#sets.delete(key);
    return true;
  }
}
