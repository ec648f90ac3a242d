// The future half of the pool: transactions that wait for a tag that nobody provides yet.
import { compareEntries, type Entry } from './entry.js';

/** Waiting transactions, found by the tags they lack. */
export class FutureSet {
  readonly #entries = new Map<string, { entry: Entry; missing: Set<string> }>();
  readonly #wanted = new Map<string, Set<string>>();
  #bytes = 0;

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(hash: string): Entry | undefined {
    return this.#entries.get(hash)?.entry;
  }

  *values(): IterableIterator<Entry> {
    for (const { entry } of this.#entries.values()) yield entry;
  }

  /** Add one that lacks these tags, at least one. */
  insert(entry: Entry, missing: readonly string[]): void {
    this.#entries.set(entry.hash, { entry, missing: new Set(missing) });
    this.#bytes += entry.bytes.length;
    for (const tag of missing) {
      const waiting = this.#wanted.get(tag);
      if (waiting === undefined) this.#wanted.set(tag, new Set([entry.hash]));
      else waiting.add(entry.hash);
    }
  }

  remove(hash: string): void {
    const found = this.#entries.get(hash);
    if (found === undefined) return;
    this.#entries.delete(hash);
    this.#bytes -= found.entry.bytes.length;
    for (const tag of found.missing) this.#forget(tag, hash);
  }

  /** A tag is there now: takes out and answers those that lack nothing any more. */
  satisfy(tag: string): Entry[] {
    const freed: Entry[] = [];
    for (const hash of this.#wanted.get(tag) ?? []) {
      const { entry, missing } = this.#entries.get(hash)!;
      missing.delete(tag);
      if (missing.size > 0) continue;
      this.#entries.delete(hash);
      this.#bytes -= entry.bytes.length;
      freed.push(entry);
    }
    this.#wanted.delete(tag);
    return freed;
  }

  /** The one to give up first. */
  worst(): Entry | undefined {
    let worst: Entry | undefined;
    for (const { entry } of this.#entries.values()) {
      if (worst === undefined || compareEntries(entry, worst) > 0) worst = entry;
    }
    return worst;
  }

  #forget(tag: string, hash: string): void {
    const waiting = this.#wanted.get(tag);
    waiting?.delete(hash);
    if (waiting?.size === 0) this.#wanted.delete(tag);
  }
}
