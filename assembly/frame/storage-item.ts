// The base of storage items: static data with the first 32 bytes of their storage keys, and their hashers.
//
// `@storage() static total: StorageValue<u32>` becomes a class derived from StorageValue with the codecs of its types,
// and one object of it in static data, so no code has to run before the first call. Layout after asc's object header:
//   [ twox128(pallet name) 16 | twox128(item name) 16 | hasher of key 1: u32 | hasher of key 2: u32 ]
import { storageClear, storageExists, storageGet, storageLength, storageNextKey, storageSet } from '../io';
import { markMemory, resetMemory } from '../rt';
import { Bytes, Reader, startsWithBytes, Writer } from '../scale';
import { bytesBeforeKey, hashTail } from './hasher';

// @ts-ignore: decorator of AssemblyScript
@inline const PREFIX_BYTES: i32 = 32;

/** Base class of storage items. */
export abstract class StorageItem<V> {
  /** Reads a value. Generated, as all members with a dollar sign that are abstract. */
  abstract $read(reader: Reader): V;
  /** Writes a value. */
  abstract $write(writer: Writer, value: V): void;
  /** The value of an absent entry. */
  abstract $initial(): V;

  /** The first 32 bytes of this item's storage keys. */
  get prefix(): Bytes {
    return this.$start().finish();
  }

  protected $start(): Writer {
    const writer = new Writer(96);
    writer.memory(changetype<usize>(this), PREFIX_BYTES);
    return writer;
  }

  protected $hashTail(writer: Writer, start: i32, which: u32): void {
    hashTail(writer, start, this.$hasher(which));
  }

  protected $hasher(which: u32): u32 {
    return load<u32>(changetype<usize>(this) + <usize>PREFIX_BYTES + ((<usize>which) << 2));
  }

  /** Decodes a stored value. Panics if it does not decode: the state is corrupt. */
  protected $decode(bytes: Bytes): V {
    const reader = Reader.of(bytes);
    const value = this.$read(reader);
    if (!reader.done) throw new Error('storage: a value does not decode');
    return value;
  }

  protected $load(key: Bytes): V {
    const bytes = storageGet(key);
    return bytes === null ? this.$initial() : this.$decode(bytes);
  }

  protected $store(key: Bytes, value: V): void {
    const mark = markMemory();
    const writer = new Writer();
    this.$write(writer, value);
    storageSet(key, writer.finish());
    resetMemory(mark); // of the encoded value, which the host has copied
  }

  protected $has(key: Bytes): bool {
    return storageExists(key);
  }
  protected $remove(key: Bytes): void {
    storageClear(key);
  }
  protected $length(key: Bytes): i64 {
    return storageLength(key);
  }

  /** The next key after `after` with this prefix; null at the end. */
  protected $next(prefix: Bytes, after: Bytes): Bytes | null {
    const key = storageNextKey(after);
    return key !== null && startsWithBytes(key, prefix) ? key : null;
  }

  /** A reader of a storage key, positioned after `skip` bytes and the hash of key `which`. */
  protected $keyReader(key: Bytes, skip: i32, which: u32): Reader {
    const before = bytesBeforeKey(this.$hasher(which));
    if (before < 0) throw new Error('storage: keys of this map are hashed away and cannot be listed');
    return new Reader(changetype<usize>(key) + <usize>(skip + before), <u32>(key.length - skip - before));
  }
}
