// Single values in storage.
import { storageAppend, storageGet } from '../io';
import { Bytes, Option } from '../scale';
import { StorageItem } from './storage-item';

/** Members of both kinds of values. */
abstract class ValueItem<V> extends StorageItem<V> {
  /** The storage key. */
  get key(): Bytes {
    return this.prefix;
  }

  /** Whether there is a value. */
  has(): bool {
    return this.$has(this.key);
  }

  /** Sets the value. */
  set(value: V): void {
    this.$store(this.key, value);
  }

  /** Removes the value. */
  remove(): void {
    this.$remove(this.key);
  }

  /** The value if there is one; also for plain numbers. */
  tryGet(): Option<V> {
    const bytes = storageGet(this.key);
    return bytes === null ? new Option<V>(false, this.$initial()) : new Option<V>(true, this.$decode(bytes));
  }

  /** The encoded value, or null. */
  raw(): Bytes | null {
    return storageGet(this.key);
  }

  /** Length of the encoded value in bytes; −1 if there is none. */
  encodedLength(): i64 {
    return this.$length(this.key);
  }

  /** For an Array: appends one encoded element without reading the others. */
  appendEncoded(item: Bytes): void {
    storageAppend(this.key, item);
  }
}

/** A value; its type's default if absent. */
export abstract class StorageValue<V> extends ValueItem<V> {
  /** The value, or the default. */
  get(): V {
    return this.$load(this.key);
  }

  /** Removes the value and returns it, or the default. */
  take(): V {
    const value = this.$load(this.key);
    this.remove();
    return value;
  }
}

/** An object, null if absent. For numbers use `tryGet`. */
export abstract class OptionValue<V> extends ValueItem<V> {
  /** The value, or null. */
  get(): V | null {
    const bytes = storageGet(this.key);
    return bytes === null ? null : this.$decode(bytes);
  }

  /** Removes the value and returns it, or null. */
  take(): V | null {
    const value = this.get();
    this.remove();
    return value;
  }
}
