// The durable database: LMDB, in a folder that one process owns.
//
// A batch is one synchronous transaction, which is on disk when `write` returns: after a crash, the database is in the
// state of the last batch. Other processes may read at the same time (`readOnly`), without owning the folder.
import { existsSync, lstatSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { open } from 'lmdb';
import type { Database as Store, RootDatabase } from 'lmdb';
import { Failure, text, utf8 } from '../bytes/index.js';
import { freeBytes, isSystemError, makeFolder, reasonOf } from '../files/index.js';
import { afterPrefix, DatabaseNotWritten } from './database.js';
import type { Batch, Column, Database } from './database.js';
import { checkDataFile, DamagedFile } from './lmdb-file.js';
import { DatabaseInUse, own } from './owner.js';

/** The version of the contents of all columns. A database of another version is refused. */
export const FORMAT_VERSION = '1';

const DATA_FILE = 'data.mdb';
const FORMAT_COLUMN = '#database';
const FORMAT_KEY = utf8('format');
const COLUMNS_MAX = 32;
/** The lock file of the LMDB library, which maps it too. */
const LOCK_FILE = 'lock.mdb';
/** A file that says that the folder has a database: without it, a missing data file is that of a new one. */
const MADE_FILE = 'made';
/** With less, the LMDB library could end the process, because it maps files before it fills them. */
const FREE_BYTES_MIN = 2 ** 20;
// Address space, neither memory nor the file's size. If the file were mapped again as it grows, it would be in memory
// twice.
const MAP_BYTES = 2 ** 36;
/** Prevents a read from creating the column. The LMDB library has this option, but its types lack it. */
const NO_CREATION = { create: false };
const BINARY = { encoding: 'binary', keyEncoding: 'binary' } as const;

/** The folder can't be opened as a database of this program. */
export class DatabaseRefused extends Failure {}

/** The system's reasons for which nothing was written; the LMDB library passes on their texts, not their codes. */
const REFUSED_WRITES = [
  ['No space left on device', 'the disk is full'],
  ['Disk quota exceeded', "the user's quota of the disk is used up"],
  ['Read-only file system', 'its file system can only be read'],
  ['Input/output error', 'the disk reported an error'],
] as const;

/** How to open a database. */
export interface LmdbOptions {
  /** Read a database that another process may be writing, without owning the folder. `write` is not available. */
  readonly readOnly?: boolean;
}

type Values = Store<Buffer, Uint8Array>;

export class LmdbDatabase implements Database {
  readonly path: string;
  readonly #store: RootDatabase<Buffer, Uint8Array>;
  readonly #columns = new Map<string, LmdbColumn>();
  readonly #release: () => void;
  readonly #readOnly: boolean;

  /** Opens the folder `path`, which is created if it does not exist. Throws DatabaseInUse or DatabaseRefused. */
  constructor(path: string, { readOnly = false }: LmdbOptions = {}) {
    this.path = resolve(path);
    this.#readOnly = readOnly;
    if (readOnly) {
      if (!existsSync(join(this.path, DATA_FILE))) throw new DatabaseRefused(`there is no database in ${this.path}`);
      this.#release = () => undefined;
    } else {
      this.#release = ownFolder(this.path);
    }
    try {
      // A reader leaves that to the owner, which may be writing just now.
      if (!readOnly) checkFolder(this.path);
      this.#store = openStore(this.path, readOnly);
    } catch (error) {
      this.#release();
      if (error instanceof DatabaseRefused) throw error;
      throw new DatabaseRefused(`the database in ${this.path} can't be opened: ${reasonOf(error)}`, { cause: error });
    }
    try {
      this.#checkFormat();
      if (!readOnly && !existsSync(join(this.path, MADE_FILE))) writeFileSync(join(this.path, MADE_FILE), '');
      // LMDB doesn't reuse pages that a killed reader had in view until its entry in the reader table is removed.
      if (readOnly) this.#store.readerCheck();
    } catch (error) {
      void this.#store.close();
      this.#release();
      if (error instanceof Failure) throw error;
      throw new DatabaseRefused(`the database in ${this.path} can't be opened: ${reasonOf(error)}`, { cause: error });
    }
  }

  column(name: string): Column {
    return this.#column(name);
  }

  write(batch: Batch): void {
    if (this.#readOnly) throw new Error(`the database in ${this.path} is open only for reading`);
    try {
      this.#write(batch);
    } catch (error) {
      const { message } = error as Error;
      const reason = REFUSED_WRITES.find(([text]) => message.includes(text))?.[1];
      if (reason === undefined) throw error;
      // A page of which a part was written is an error of the disk to the library, also if the disk is full.
      const isFull = (freeBytes(this.path) ?? Infinity) < FREE_BYTES_MIN;
      throw new DatabaseNotWritten(
        `the database in ${this.path} can't be written: ${isFull ? 'the disk is full' : reason}`,
        { cause: error },
      );
    }
  }

  #write(batch: Batch): void {
    // Columns are created outside the transaction, because that is a transaction of its own.
    const stores = new Map<string, Values>();
    for (const [name] of batch.writes) if (!stores.has(name)) stores.set(name, this.#column(name).create());
    this.#store.transactionSync(() => {
      for (const [name, key, value] of batch.writes) {
        const store = stores.get(name) as Values;
        if (value === undefined) store.removeSync(key);
        else store.putSync(key, value as Buffer);
      }
    });
  }

  /** Makes everything that other processes have written so far visible to reads. */
  refresh(): void {
    this.#store.resetReadTxn();
  }

  async close(): Promise<void> {
    await this.#store.close();
    this.#release();
  }

  #column(name: string): LmdbColumn {
    let column = this.#columns.get(name);
    if (column === undefined) this.#columns.set(name, (column = new LmdbColumn(name, this.#store)));
    return column;
  }

  #checkFormat(): void {
    const stored = this.#column(FORMAT_COLUMN).get(FORMAT_KEY);
    const format = stored && text(stored);
    if (format === FORMAT_VERSION) return;
    if (format !== undefined) {
      throw new DatabaseRefused(
        `the database in ${this.path} has format ${format}, and this program reads format ${FORMAT_VERSION}; ` +
          'use the program that wrote it, or another base path',
      );
    }
    if (this.#readOnly || this.#store.getKeysCount() > 0) {
      throw new DatabaseRefused(`${this.path} holds a database of another program; use another base path`);
    }
    this.#column(FORMAT_COLUMN)
      .create()
      .putSync(FORMAT_KEY, utf8(FORMAT_VERSION) as Buffer);
  }
}

/** Makes the folder and this process its owner. Throws DatabaseInUse or DatabaseRefused. */
function ownFolder(path: string): () => void {
  try {
    makeFolder(path);
    return own(path);
  } catch (error) {
    if (error instanceof DatabaseInUse || !isSystemError(error)) throw error;
    throw new DatabaseRefused(`the database in ${path} can't be opened: ${reasonOf(error)}`, { cause: error });
  }
}

/** Refuses what would make the LMDB library crash the process, or begin anew where a database was. */
function checkFolder(path: string): void {
  const [data, lock, made] = [DATA_FILE, LOCK_FILE, MADE_FILE].map((name) => join(path, name)) as [
    string,
    string,
    string,
  ];
  const free = freeBytes(path);
  if (free !== undefined && free < FREE_BYTES_MIN) {
    throw new DatabaseRefused(`the disk with the database in ${path} is full: ${free >> 10} KiB are free`);
  }
  const whatToDo = 'put back a copy of it, or begin a new chain in another folder';
  const found = lstatSync(data, { throwIfNoEntry: false });
  if ((found === undefined || (found.isFile() && found.size === 0)) && existsSync(made)) {
    const what = found === undefined ? 'missing' : 'empty';
    throw new DatabaseRefused(`the database in ${path} is damaged: its file ${DATA_FILE} is ${what}; ${whatToDo}`);
  }
  if (lstatSync(lock, { throwIfNoEntry: false })?.isFile() === false) {
    throw new DatabaseRefused(`the database in ${path} can't be opened: ${LOCK_FILE} is not a file; remove it`);
  }
  if (found === undefined || (found.isFile() && found.size === 0)) return;
  try {
    checkDataFile(data);
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    throw new DatabaseRefused(
      `the database in ${path} is damaged: ${DATA_FILE} can't be used, because ${error.message}; ${whatToDo}`,
    );
  }
}

function openStore(path: string, readOnly: boolean): RootDatabase<Buffer, Uint8Array> {
  return open<Buffer, Uint8Array>({
    ...BINARY,
    path,
    readOnly,
    noSubdir: false, // the default would take a folder with a dot in its name for a file
    maxDbs: COLUMNS_MAX,
    overlappingSync: false,
    mapSize: MAP_BYTES,
  });
}

class LmdbColumn implements Column {
  #values: Values | undefined;

  constructor(
    readonly name: string,
    readonly store: RootDatabase<Buffer, Uint8Array>,
  ) {}

  /** The LMDB database of this column, created if it does not exist. */
  create(): Values {
    this.#values ??= this.store.openDB<Buffer, Uint8Array>({ ...BINARY, name: this.name });
    return this.#values;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.with(key, (value) => value.slice());
  }

  has(key: Uint8Array): boolean {
    return this.#existing()?.getBinaryFast(key) !== undefined;
  }

  with<T>(key: Uint8Array, use: (value: Uint8Array) => T): T | undefined {
    // The LMDB library returns a buffer that the next read overwrites; `length` is that of the value.
    const found = this.#existing()?.getBinaryFast(key);
    return found && use(plain(found));
  }

  *entries(prefix: Uint8Array = new Uint8Array(0)): Iterable<[Uint8Array, Uint8Array]> {
    const values = this.#existing();
    if (values === undefined) return;
    const end = afterPrefix(prefix);
    for (const { key, value } of values.getRange({
      ...(prefix.length > 0 && { start: prefix }),
      ...(end && { end }),
    })) {
      yield [new Uint8Array(key), plain(value)];
    }
  }

  /** The LMDB database of this column, if it exists. */
  #existing(): Values | undefined {
    return (this.#values ??= this.store.openDB<Buffer, Uint8Array>({ ...BINARY, name: this.name, ...NO_CREATION }));
  }
}

/** The same bytes as a plain Uint8Array. */
function plain(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
