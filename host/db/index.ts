// The embedded database: LMDB, and an equivalent in memory.
export { Batch, DatabaseNotWritten, KEY_BYTES_MAX } from './database.js';
export type { Column, Database } from './database.js';
export { DatabaseRefused, FORMAT_VERSION, LmdbDatabase } from './lmdb.js';
export { MemoryDatabase } from './memory.js';
export { DatabaseInUse, isAbandoned, own } from './owner.js';
