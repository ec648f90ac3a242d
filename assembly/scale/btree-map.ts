// BTreeMap<K, V>: unique keys in ascending order, stored as two sorted arrays.
// Keys are integers, U128-like objects with `compare`, fixed bytes, or byte strings.
import { compareBytes } from './bytes';

/** A sorted map. */
export class BTreeMap<K, V> {
  /** The keys, ascending. */
  readonly keys: Array<K> = [];
  /** The values, each at its key's index. */
  readonly values: Array<V> = [];

  /** Number of entries. */
  get size(): i32 {
    return this.keys.length;
  }

  /** The index of `key`, or −1. */
  indexOf(key: K): i32 {
    const at = this.lowerBound(key);
    return at < this.keys.length && order<K>(this.keys[at], key) == 0 ? at : -1;
  }

  has(key: K): bool {
    return this.indexOf(key) >= 0;
  }

  /** The value at `key`. Panics if there is none: check `has` or `indexOf` first. */
  get(key: K): V {
    const at = this.indexOf(key);
    if (at < 0) throw new Error('BTreeMap: no such key');
    return this.values[at];
  }

  /** Sets the value at `key`. */
  set(key: K, value: V): void {
    const at = this.lowerBound(key);
    if (at < this.keys.length && order<K>(this.keys[at], key) == 0) {
      this.values[at] = value;
      return;
    }
    insertAt<K>(this.keys, at, key);
    insertAt<V>(this.values, at, value);
  }

  /** Removes `key`. Returns false if there is no such key. */
  remove(key: K): bool {
    const at = this.indexOf(key);
    if (at < 0) return false;
    this.keys.splice(at, 1);
    this.values.splice(at, 1);
    return true;
  }

  /** Appends an entry, for decoders. Returns false if its key is not above the last one. */
  push(key: K, value: V): bool {
    const last = this.keys.length - 1;
    if (last >= 0 && order<K>(this.keys[last], key) >= 0) return false;
    this.keys.push(key);
    this.values.push(value);
    return true;
  }

  private lowerBound(key: K): i32 {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (order<K>(this.keys[middle], key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function insertAt<T>(array: Array<T>, index: i32, item: T): void {
  array.push(item);
  for (let i = array.length - 1; i > index; i--) array[i] = array[i - 1];
  array[index] = item;
}

function order<K>(a: K, b: K): i32 {
  if (isInteger<K>()) return a < b ? -1 : a > b ? 1 : 0;
  // @ts-ignore: K is a byte string here
  if (idof<K>() == idof<StaticArray<u8>>())
    return compareBytes(changetype<StaticArray<u8>>(a), changetype<StaticArray<u8>>(b));
  // @ts-ignore: every other key has `compare`, or the program does not compile
  return a.compare(b);
}
