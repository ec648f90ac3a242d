// The interface of the embedded database: named columns of byte strings, changed by atomic batches.
//
// Two implementations with the same behaviour: LmdbDatabase (durable) and MemoryDatabase. The meaning of columns, keys
// and values is left to their users.
import { concat, Failure } from '../bytes/index.js';

/** The longest key, in bytes (LMDB's limit at its page size). */
export const KEY_BYTES_MAX = 1978;

/** One column. Keys have 1 to KEY_BYTES_MAX bytes. All returned bytes are copies that the caller may keep. */
export interface Column {
  get(key: Uint8Array): Uint8Array | undefined;
  has(key: Uint8Array): boolean;
  /**
   * The result of `use` on the value, if there is one. `use` is passed the database's own bytes and must not change or
   * keep them.
   */
  with<T>(key: Uint8Array, use: (value: Uint8Array) => T): T | undefined;
  /** The entries whose key begins with `prefix`, in key order. There must be no writes during the iteration. */
  entries(prefix?: Uint8Array): Iterable<[key: Uint8Array, value: Uint8Array]>;
}

/** The system refused a write, of which nothing is in the database: a full disk. It may succeed later. */
export class DatabaseNotWritten extends Failure {}

/** Columns, and the only way to change them. */
export interface Database {
  /** The column of this name, which is empty until the first write to it. */
  column(name: string): Column;
  /** Writes the batch in one durable transaction, or writes nothing and throws: DatabaseNotWritten where the system refuses. */
  write(batch: Batch): void;
  /** Closes the database: no reads or writes afterwards. */
  close(): Promise<void>;
}

/** A change of one key; the value undefined removes it. */
export type Write = readonly [column: string, key: Uint8Array, value: Uint8Array | undefined];

/** Changes to be written together, in order. Keys and values must not change before they are written. */
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

/** The smallest key that is greater than all that begin with `prefix`; undefined if there is none. */
export function afterPrefix(prefix: Uint8Array): Uint8Array | undefined {
  const last = prefix.findLastIndex((byte) => byte !== 0xff);
  return last < 0 ? undefined : concat(prefix.subarray(0, last), Uint8Array.of(prefix[last]! + 1));
}
