// A database in memory whose disk fills up at a chosen write, and which can be copied and opened again as it then is.
import { Batch, type Column, type Database, DatabaseNotWritten, MemoryDatabase } from '../../../host/db/index.js';

/** What a full disk is to a caller: nothing of the batch is written. */
export class DiskFull extends DatabaseNotWritten {
  constructor() {
    super("the database in memory can't be written: the disk is full");
  }
}

export class FailingDatabase implements Database {
  /** Writes so far, those that failed too. */
  writes = 0;
  /** Called before each write with its number, counted from 1; it may throw. */
  beforeWrite: (write: number) => void = () => undefined;
  readonly #data = new MemoryDatabase();
  readonly #columns = new Set<string>();

  column(name: string): Column {
    return this.#data.column(name);
  }

  write(batch: Batch): void {
    this.writes++;
    this.beforeWrite(this.writes);
    for (const [column] of batch.writes) this.#columns.add(column);
    this.#data.write(batch);
  }

  /** What is in it outlives its user, as on a disk. */
  async close(): Promise<void> {
    await Promise.resolve();
  }

  /** Another one with the same content. */
  copy(): FailingDatabase {
    const copy = new FailingDatabase();
    const batch = new Batch();
    for (const name of this.#columns) {
      for (const [key, value] of this.column(name).entries()) batch.put(name, key, value);
    }
    copy.write(batch);
    copy.writes = 0;
    return copy;
  }
}
