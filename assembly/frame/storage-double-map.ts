// Maps with two keys: entries of one first key lie side by side, and can be listed and removed together.
import { Removal, storageClearPrefix, storageGet } from '../io';
import { Bytes, Option, Reader, Tuple2, Writer } from '../scale';
import { StorageItem } from './storage-item';

// @ts-ignore: decorator of AssemblyScript
@inline const PREFIX_BYTES: i32 = 32;

/** What both kinds of double maps have in common. */
abstract class DoubleMapItem<A, B, V> extends StorageItem<V> {
  /** Writes a first key. Made by the compiler. */
  abstract $writeFirst(writer: Writer, key: A): void;
  /** Reads a first key. Made by the compiler. */
  abstract $readFirst(reader: Reader): A;
  /** Writes a second key. Made by the compiler. */
  abstract $writeSecond(writer: Writer, key: B): void;
  /** Reads a second key. Made by the compiler. */
  abstract $readSecond(reader: Reader): B;

  private $below(first: A): Writer {
    const writer = this.$start();
    this.$writeFirst(writer, first);
    this.$hashTail(writer, PREFIX_BYTES, 0);
    return writer;
  }

  /** What the storage keys of all entries of `first` begin with. */
  prefixOf(first: A): Bytes {
    return this.$below(first).finish();
  }

  /** The storage key of `first` and `second`. */
  keyOf(first: A, second: B): Bytes {
    const writer = this.$below(first);
    const start = writer.length;
    this.$writeSecond(writer, second);
    this.$hashTail(writer, start, 1);
    return writer.finish();
  }

  /** Whether there is an entry. */
  has(first: A, second: B): bool {
    return this.$has(this.keyOf(first, second));
  }

  /** Puts an entry. */
  set(first: A, second: B, value: V): void {
    this.$store(this.keyOf(first, second), value);
  }

  /** Puts an entry; FRAME's word for `set`. */
  insert(first: A, second: B, value: V): void {
    this.$store(this.keyOf(first, second), value);
  }

  /** Removes an entry. */
  remove(first: A, second: B): void {
    this.$remove(this.keyOf(first, second));
  }

  /** The value, or that there is none; for plain numbers too. */
  tryGet(first: A, second: B): Option<V> {
    const bytes = storageGet(this.keyOf(first, second));
    return bytes === null ? new Option<V>(false, this.$initial()) : new Option<V>(true, this.$decode(bytes));
  }

  /** The encoded value, null when there is none. */
  raw(first: A, second: B): Bytes | null {
    return storageGet(this.keyOf(first, second));
  }

  /** Second keys below `first`, in the order of their storage keys, at most `limit`. */
  keys(first: A, limit: i32 = i32.MAX_VALUE): Array<B> {
    const keys = new Array<B>();
    const prefix = this.prefixOf(first);
    let at = this.$next(prefix, prefix);
    while (at !== null && keys.length < limit) {
      const reader = this.$keyReader(at, prefix.length, 1);
      keys.push(this.$readSecond(reader));
      if (!reader.done) throw new Error('storage: a key does not decode');
      at = this.$next(prefix, at);
    }
    return keys;
  }

  /** All pairs of keys, in the order of their storage keys, at most `limit`. */
  allKeys(limit: i32 = i32.MAX_VALUE): Array<Tuple2<A, B>> {
    const keys = new Array<Tuple2<A, B>>();
    const prefix = this.prefix;
    let at = this.$next(prefix, prefix);
    while (at !== null && keys.length < limit) {
      const reader = this.$keyReader(at, PREFIX_BYTES, 0);
      const first = this.$readFirst(reader);
      const rest = this.$keyReader(at, at.length - <i32>reader.remaining, 1);
      keys.push(new Tuple2<A, B>(first, this.$readSecond(rest)));
      if (!rest.done) throw new Error('storage: a key does not decode');
      at = this.$next(prefix, at);
    }
    return keys;
  }

  /** Removes all entries of `first`, or about `limit` of them: see the host's `clear_prefix`. */
  clear(first: A, limit: i64 = -1): Removal {
    return storageClearPrefix(this.prefixOf(first), limit);
  }
}

/** A double map whose absent entries are the value type's default. */
export abstract class StorageDoubleMap<A, B, V> extends DoubleMapItem<A, B, V> {
  /** The value, or the default. */
  get(first: A, second: B): V {
    return this.$load(this.keyOf(first, second));
  }

  /** The value, or the default; it is removed. */
  take(first: A, second: B): V {
    const key = this.keyOf(first, second);
    const value = this.$load(key);
    this.$remove(key);
    return value;
  }
}

/** A double map to objects that may be absent. For numbers use `tryGet`. */
export abstract class OptionDoubleMap<A, B, V> extends DoubleMapItem<A, B, V> {
  /** The value, or null. */
  get(first: A, second: B): V | null {
    const bytes = storageGet(this.keyOf(first, second));
    return bytes === null ? null : this.$decode(bytes);
  }

  /** The value, or null; it is removed. */
  take(first: A, second: B): V | null {
    const value = this.get(first, second);
    this.remove(first, second);
    return value;
  }
}
