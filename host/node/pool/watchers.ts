// The watchers of transactions, which are called with each status.
import { isFinal, type TransactionStatus, type Watcher } from './entry.js';
import { MultiMap } from './multi-map.js';

/** Watchers by transaction hash. A final status removes them. */
export class Watchers {
  readonly #byHash = new MultiMap<string, Watcher>();
  readonly #max: number;
  readonly #onFault: (error: unknown) => void;
  #count = 0;

  constructor(max: number, onFault: (error: unknown) => void) {
    this.#max = max;
    this.#onFault = onFault;
  }

  get full(): boolean {
    return this.#count >= this.#max;
  }

  /** Returns a function that removes the watcher. */
  add(hash: string, watcher: Watcher): () => void {
    this.#byHash.add(hash, watcher);
    this.#count++;
    return () => this.#remove(hash, watcher);
  }

  has(hash: string): boolean {
    return this.#byHash.has(hash);
  }

  notify(hash: string, status: TransactionStatus): void {
    for (const watcher of this.#byHash.get(hash)) {
      if (isFinal(status)) this.#remove(hash, watcher);
      try {
        watcher(status);
      } catch (error) {
        this.#onFault(error);
      }
    }
  }

  #remove(hash: string, watcher: Watcher): void {
    if (this.#byHash.delete(hash, watcher)) this.#count--;
  }
}
