/**
 * The embedded database as the rest of the host sees it: named columns of byte strings, changed by atomic batches.
 *
 * Two implementations with the same behaviour: LmdbDatabase (durable) and MemoryDatabase. What the columns mean is left
 * to their users.
 */
import { concat } from '../bytes/index.js';

/** The longest key, in bytes (LMDB's limit at its page size). */
export const KEY_BYTES_MAX = 1978;

/** One column. Keys are 1 to KEY_BYTES_MAX bytes; what is answered is a copy, for the caller to keep, but where it says so. */
export interface Column {
  get(key: Uint8Array): Uint8Array | undefined;
  has(key: Uint8Array): boolean;
  /** What `use` makes of the value, if there is one. It sees the database's own bytes: not to be changed, nor kept. */
  with<T>(key: Uint8Array, use: (value: Uint8Array) => T): T | undefined;
  /** The entries whose key begins with `prefix`, in the order of the keys. Not to be mixed with writes. */
  entries(prefix?: Uint8Array): Iterable<[key: Uint8Array, value: Uint8Array]>;
}

/** Columns, and the one way to change them. */
export interface Database {
  /** The column of this name, which is empty as long as nothing was written to it. */
  column(name: string): Column;
  /** Writes the whole batch in one durable transaction, or throws and writes nothing. */
  write(batch: Batch): void;
  /** Nothing may be read or written afterwards. */
  close(): Promise<void>;
}

/** A change of one key; undefined removes it. */
export type Write = readonly [column: string, key: Uint8Array, value: Uint8Array | undefined];

/** Changes to be written together, in order: the last one of a key counts. Keys and values must not change meanwhile. */
export class Batch {
  readonly writes: Write[] = [];

  put(column: string, key: Uint8Array, value: Uint8Array): this {
    checkKey(key);
    this.writes.push([column, key, value]);
    return this;
  }

  remove(column: string, key: Uint8Array): this {
    checkKey(key);
    this.writes.push([column, key, undefined]);
    return this;
  }
}

function checkKey(key: Uint8Array): void {
  if (key.length === 0 || key.length > KEY_BYTES_MAX) {
    throw new RangeError(`a database key must have 1 to ${KEY_BYTES_MAX} bytes, not ${key.length}`);
  }
}

/** The first key after all that begin with `prefix`; undefined if no key comes after them. */
export function afterPrefix(prefix: Uint8Array): Uint8Array | undefined {
  const last = prefix.findLastIndex((byte) => byte !== 0xff);
  return last < 0 ? undefined : concat(prefix.subarray(0, last), Uint8Array.of(prefix[last]! + 1));
}
