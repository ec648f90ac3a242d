// Prepared modules kept between runs by the hash of their code, bounded in memory. A cache has one schedule, one set of
// limits and one import policy, because they decide what is accepted and what it costs.
//
// Refusals are kept too, so that a bad module is not parsed again for each use. The caller vouches for the hash; it is
// not computed here. With a store, modules that are not in memory are read from there, and prepared ones are written
// there.
import { err, ok, toHex } from '../../bytes/index.js';
import type { Result } from '../../bytes/index.js';
import { InvalidModule } from '../format/invalid-module.js';
import type { ModuleStore } from './module-folder.js';
import { prepare } from './prepare.js';
import type { PreparedModule, PrepareOptions } from './prepare.js';
import { SCHEDULE } from '../metering/schedule.js';
import type { Schedule } from '../metering/schedule.js';

/** What V8 keeps for a module, as a multiple of its instrumented bytes: the code of both its compilers. */
const V8_BYTES_PER_BYTE = 8;
/** The least that a module and its entry take. */
const ENTRY_BYTES = 16_384;

/** Prepared modules; the least recently used are dropped first. */
export class ModuleCache {
  readonly #entries = new Map<
    string,
    { readonly module: Result<PreparedModule, InvalidModule>; readonly bytes: number }
  >();
  #total = 0;

  readonly #bytesMax: number;
  readonly #options: PrepareOptions;
  readonly #store: ModuleStore | undefined;

  /**
   * `bytesMax` bounds the estimate of what the modules take; a single one may exceed it. `options` are those of all.
   */
  constructor(bytesMax: number, options: PrepareOptions = {}, store?: ModuleStore) {
    this.#bytesMax = bytesMax;
    this.#options = options;
    this.#store = store;
  }

  /** The prices of all its modules. */
  get schedule(): Schedule {
    return this.#options.schedule ?? SCHEDULE;
  }

  /** Estimated bytes that the modules take. */
  get bytes(): number {
    return this.#total;
  }

  /**
   * The module whose code has this hash, or the reason for which it may not run. `code` is called only if it is not
   * kept.
   */
  get(codeHash: Uint8Array, code: () => Uint8Array): Result<PreparedModule, InvalidModule> {
    const key = toHex(codeHash);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      const stored = this.#store?.read(codeHash);
      const module = stored === undefined ? this.#attempt(codeHash, code()) : ok(stored);
      const size = module.ok ? module.value.instrumented.length : 0;
      entry = { module, bytes: ENTRY_BYTES + size * (1 + V8_BYTES_PER_BYTE) };
      this.#total += entry.bytes;
    }
    this.#entries.delete(key); // and set again: a Map iterates in order of insertion
    this.#entries.set(key, entry);
    for (const [oldest, { bytes }] of this.#entries) {
      if (this.#total <= this.#bytesMax || oldest === key) break;
      this.#entries.delete(oldest);
      this.#total -= bytes;
    }
    return entry.module;
  }

  #attempt(codeHash: Uint8Array, code: Uint8Array): Result<PreparedModule, InvalidModule> {
    try {
      const module = prepare(code, this.#options);
      this.#store?.write(codeHash, module);
      return ok(module);
    } catch (error) {
      if (error instanceof InvalidModule) return err(error);
      throw error;
    }
  }
}
