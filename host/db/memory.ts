// The database in memory: for tests, and for chains that need not outlive their process.
import type { Batch, Column, Database } from './database.js';

/** A key as a Latin-1 string: a Map compares it by content, and it sorts as its bytes do. */
function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function bytesOf(key: string): Uint8Array {
  return Uint8Array.from(key, (character) => character.charCodeAt(0));
}

class MemoryColumn implements Column {
  readonly values = new Map<string, Uint8Array>();

  get(key: Uint8Array): Uint8Array | undefined {
    return this.values.get(keyOf(key))?.slice();
  }

  has(key: Uint8Array): boolean {
    return this.values.has(keyOf(key));
  }

  with<T>(key: Uint8Array, use: (value: Uint8Array) => T): T | undefined {
    const value = this.values.get(keyOf(key));
    return value && use(value);
  }

  *entries(prefix: Uint8Array = new Uint8Array(0)): Iterable<[Uint8Array, Uint8Array]> {
    const start = keyOf(prefix);
    const keys = [...this.values.keys()].filter((key) => key.startsWith(start)).sort();
    for (const key of keys) {
      const value = this.values.get(key);
      if (value !== undefined) yield [bytesOf(key), value.slice()];
    }
  }
}

/** A database that ends with its process. */
export class MemoryDatabase implements Database {
  readonly #columns = new Map<string, MemoryColumn>();
  #open = true;

  column(name: string): Column {
    return this.#column(name);
  }

  write(batch: Batch): void {
    if (!this.#open) throw new Error('the database is closed');
    // All values are copied before the first change, so that a failing copy changes nothing.
    const copies = batch.writes.map(
      ([column, key, value]) => [column, keyOf(key), value && new Uint8Array(value)] as const,
    );
    for (const [column, key, value] of copies) {
      const { values } = this.#column(column);
      if (value === undefined) values.delete(key);
      else values.set(key, value);
    }
  }

  async close(): Promise<void> {
    this.#open = false;
  }

  #column(name: string): MemoryColumn {
    let column = this.#columns.get(name);
    if (column === undefined) this.#columns.set(name, (column = new MemoryColumn()));
    return column;
  }
}
