// Who waits to hear what becomes of which transaction.
import { isFinal, type TransactionStatus, type Watcher } from './entry.js';

/** Watchers by transaction hash; a final status ends the watching. */
export class Watchers {
  readonly #byHash = new Map<string, Set<Watcher>>();
  #count = 0;

  constructor(
    readonly max: number,
    readonly onFault: (error: unknown) => void,
  ) {}

  get full(): boolean {
    return this.#count >= this.max;
  }

  /** Answers a function that stops the watching. */
  add(hash: string, watcher: Watcher): () => void {
    const present = this.#byHash.get(hash);
    if (present === undefined) this.#byHash.set(hash, new Set([watcher]));
    else present.add(watcher);
    this.#count++;
    return () => this.#remove(hash, watcher);
  }

  has(hash: string): boolean {
    return this.#byHash.has(hash);
  }

  tell(hash: string, status: TransactionStatus): void {
    for (const watcher of [...(this.#byHash.get(hash) ?? [])]) {
      if (isFinal(status)) this.#remove(hash, watcher);
      try {
        watcher(status);
      } catch (error) {
        this.onFault(error);
      }
    }
  }

  #remove(hash: string, watcher: Watcher): void {
    const present = this.#byHash.get(hash);
    if (present?.delete(watcher) !== true) return;
    this.#count--;
    if (present.size === 0) this.#byHash.delete(hash);
  }
}
