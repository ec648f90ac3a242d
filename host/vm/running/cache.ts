// Prepared modules kept between runs by the hash of their code, bounded in memory. A cache is of one schedule, one set of limits
// and one policy of imports: what they admit, and what it costs, is part of what is kept.
//
// A refusal is kept too, so that a bad module is not parsed again each time somebody names it. The caller answers for the
// hash; this does not compute it. With a store, what is not in memory is looked for there, and what is prepared goes there.
import { err, ok, toHex } from '../../bytes/index.js';
import type { Result } from '../../bytes/index.js';
import { InvalidModule } from '../format/invalid-module.js';
import type { ModuleStore } from './module-folder.js';
import { prepare } from './prepare.js';
import type { PreparedModule, PrepareOptions } from './prepare.js';

/** What V8 keeps for a module beside our own bytes, as a multiple of the instrumented ones: code of both its compilers. */
const V8_BYTES_PER_BYTE = 8;
/** A module, however small, and its entry here. */
const ENTRY_BYTES = 16_384;

/** Prepared modules in the order of use, the least used dropped first. */
export class ModuleCache {
  readonly #entries = new Map<
    string,
    { readonly module: Result<PreparedModule, InvalidModule>; readonly bytes: number }
  >();
  #total = 0;

  readonly #bytesMax: number;
  readonly #options: PrepareOptions;
  readonly #store: ModuleStore | undefined;

  /** `bytesMax` bounds the estimate of what the modules take; one alone may exceed it. `options` are those of all. */
  constructor(bytesMax: number, options: PrepareOptions = {}, store?: ModuleStore) {
    this.#bytesMax = bytesMax;
    this.#options = options;
    this.#store = store;
  }

  /** Estimated bytes that the modules take. */
  get bytes(): number {
    return this.#total;
  }

  /** The prepared module, or why it can't be one. */
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
    this.#entries.delete(key); // and set again: a Map keeps the order of insertion
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
