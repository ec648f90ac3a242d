// Maps with one key. storage-double-map.ts has those with two.
import { Removal, storageAppend, storageClearPrefix, storageGet, storageRead } from '../io';
import { markMemory, resetMemory } from '../rt';
import { Bytes, Option, Reader, Writer } from '../scale';
import { StorageItem } from './storage-item';

// @ts-ignore: decorator of AssemblyScript
@inline const PREFIX_BYTES: i32 = 32;

/** Members of both kinds of maps. */
abstract class MapItem<K, V> extends StorageItem<V> {
  /** Writes a key. Generated. */
  abstract $writeKey(writer: Writer, key: K): void;
  /** Reads a key. Generated. */
  abstract $readKey(reader: Reader): K;

  /** The storage key of `key`. */
  keyOf(key: K): Bytes {
    const writer = this.$start();
    this.$writeKey(writer, key);
    this.$hashTail(writer, PREFIX_BYTES, 0);
    return writer.finish();
  }

  /** Whether there is an entry. */
  has(key: K): bool {
    return this.$has(this.keyOf(key));
  }

  /** Sets the value of an entry. */
  set(key: K, value: V): void {
    this.$store(this.keyOf(key), value);
  }

  /** Same as `set`; FRAME's name. */
  insert(key: K, value: V): void {
    this.$store(this.keyOf(key), value);
  }

  /** Removes an entry. */
  remove(key: K): void {
    this.$remove(this.keyOf(key));
  }

  /** The value if there is one; also for plain numbers. */
  tryGet(key: K): Option<V> {
    const bytes = storageGet(this.keyOf(key));
    return bytes === null ? new Option<V>(false, this.$initial()) : new Option<V>(true, this.$decode(bytes));
  }

  /** The encoded value, or null. */
  raw(key: K): Bytes | null {
    return storageGet(this.keyOf(key));
  }

  /** Length of the encoded value in bytes; −1 if there is none. */
  encodedLength(key: K): i64 {
    return this.$length(this.keyOf(key));
  }

  /** Appends the encoded value, whose length is `length`, to `writer`, which leaves nothing else in memory. */
  writeEncoded(key: K, length: u32, writer: Writer): void {
    const at = writer.reserve(length);
    const mark = markMemory();
    const read = storageRead(this.keyOf(key), at, length);
    if (read != <i64>length) throw new Error('storage: a value has another length');
    resetMemory(mark);
  }

  /** For Array values: appends one encoded element without reading the others. */
  appendEncoded(key: K, item: Bytes): void {
    storageAppend(this.keyOf(key), item);
  }

  /** At most `limit` keys, in the order of their storage keys. Panics if the hasher does not keep the key. */
  keys(limit: i32 = i32.MAX_VALUE): Array<K> {
    const keys = new Array<K>();
    const prefix = this.prefix;
    let at = this.$next(prefix, prefix);
    while (at !== null && keys.length < limit) {
      keys.push(this.keyIn(at));
      at = this.$next(prefix, at);
    }
    return keys;
  }

  /** The key in a storage key of this map. */
  keyIn(storageKey: Bytes): K {
    const reader = this.$keyReader(storageKey, PREFIX_BYTES, 0);
    const key = this.$readKey(reader);
    if (!reader.done) throw new Error('storage: a key does not decode');
    return key;
  }

  /** Removes all entries, or about `limit` of them: see the host function `clear_prefix`. */
  clear(limit: i64 = -1): Removal {
    return storageClearPrefix(this.prefix, limit);
  }
}

/** A map whose absent entries are the value type's default. */
export abstract class StorageMap<K, V> extends MapItem<K, V> {
  /** The value, or the default. */
  get(key: K): V {
    return this.$load(this.keyOf(key));
  }

  /** Removes the entry. Returns the value, or the default. */
  take(key: K): V {
    const storageKey = this.keyOf(key);
    const value = this.$load(storageKey);
    this.$remove(storageKey);
    return value;
  }
}

/** A map to objects, null if absent. For numbers use `tryGet`. */
export abstract class OptionMap<K, V> extends MapItem<K, V> {
  /** The value, or null. */
  get(key: K): V | null {
    const bytes = storageGet(this.keyOf(key));
    return bytes === null ? null : this.$decode(bytes);
  }

  /** Removes the entry. Returns the value, or null. */
  take(key: K): V | null {
    const value = this.get(key);
    this.remove(key);
    return value;
  }
}
