// Transactions that proved invalid, refused unseen for a while.

/** Hashes with the time their ban ends; bounded, the oldest forgotten first. */
export class Banned {
  readonly #untilMs = new Map<string, number>();

  constructor(
    readonly max: number,
    readonly banMs: number,
    readonly nowMs: () => number,
  ) {}

  add(hash: string): void {
    this.#untilMs.delete(hash);
    this.#untilMs.set(hash, this.nowMs() + this.banMs);
    if (this.#untilMs.size > this.max) this.#untilMs.delete(this.#untilMs.keys().next().value!);
  }

  has(hash: string): boolean {
    const untilMs = this.#untilMs.get(hash);
    if (untilMs === undefined) return false;
    if (untilMs > this.nowMs()) return true;
    this.#untilMs.delete(hash);
    return false;
  }
}
