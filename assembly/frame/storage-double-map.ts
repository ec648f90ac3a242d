// Maps with two keys: the entries of one first key are adjacent, and can be listed and removed together.
import { Removal, storageClearPrefix, storageGet } from '../io';
import { Bytes, Option, Reader, Tuple2, Writer } from '../scale';
import { StorageItem } from './storage-item';

// @ts-ignore: decorator of AssemblyScript
@inline const PREFIX_BYTES: i32 = 32;

/** Members of both kinds of double maps. */
abstract class DoubleMapItem<A, B, V> extends StorageItem<V> {
  /** Writes a first key. Generated. */
  abstract $writeFirst(writer: Writer, key: A): void;
  /** Reads a first key. Generated. */
  abstract $readFirst(reader: Reader): A;
  /** Writes a second key. Generated. */
  abstract $writeSecond(writer: Writer, key: B): void;
  /** Reads a second key. Generated. */
  abstract $readSecond(reader: Reader): B;

  private $below(first: A): Writer {
    const writer = this.$start();
    this.$writeFirst(writer, first);
    this.$hashTail(writer, PREFIX_BYTES, 0);
    return writer;
  }

  /** The common prefix of the storage keys of all entries of `first`. */
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

  /** Sets the value of an entry. */
  set(first: A, second: B, value: V): void {
    this.$store(this.keyOf(first, second), value);
  }

  /** Same as `set`; FRAME's name. */
  insert(first: A, second: B, value: V): void {
    this.$store(this.keyOf(first, second), value);
  }

  /** Removes an entry. */
  remove(first: A, second: B): void {
    this.$remove(this.keyOf(first, second));
  }

  /** The value if there is one; also for plain numbers. */
  tryGet(first: A, second: B): Option<V> {
    const bytes = storageGet(this.keyOf(first, second));
    return bytes === null ? new Option<V>(false, this.$initial()) : new Option<V>(true, this.$decode(bytes));
  }

  /** The encoded value, or null. */
  raw(first: A, second: B): Bytes | null {
    return storageGet(this.keyOf(first, second));
  }

  /** At most `limit` second keys of `first`, in the order of their storage keys. */
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

  /** At most `limit` pairs of keys, in the order of their storage keys. */
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

  /** Removes all entries of `first`, or about `limit` of them: see the host function `clear_prefix`. */
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

  /** Removes the entry. Returns the value, or the default. */
  take(first: A, second: B): V {
    const key = this.keyOf(first, second);
    const value = this.$load(key);
    this.$remove(key);
    return value;
  }
}

/** A double map to objects, null if absent. For numbers use `tryGet`. */
export abstract class OptionDoubleMap<A, B, V> extends DoubleMapItem<A, B, V> {
  /** The value, or null. */
  get(first: A, second: B): V | null {
    const bytes = storageGet(this.keyOf(first, second));
    return bytes === null ? null : this.$decode(bytes);
  }

  /** Removes the entry. Returns the value, or null. */
  take(first: A, second: B): V | null {
    const value = this.get(first, second);
    this.remove(first, second);
    return value;
  }
}
