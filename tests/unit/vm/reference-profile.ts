// The trace of the reference meter: what it charges goes to the activation that is running.

/** What one function (by index) or one kind of work priced by size (by name) came to. */
export interface ProfileEntry {
  calls: number;
  /** Charged to itself: by segment, and never more than there was fuel. */
  self: number;
  /** From when its outermost activation was entered until it was left, or the run ended. */
  total: number;
  /** Prices of its instructions that were executed, one by one. */
  executed: number;
}

export class Profile {
  readonly entries = new Map<number | string, ProfileEntry>();
  setup = 0;
  readonly #running: { key: number | string; since: number }[] = [];

  #of(key: number | string): ProfileEntry {
    if (!this.entries.has(key)) this.entries.set(key, { calls: 0, self: 0, total: 0, executed: 0 });
    return this.entries.get(key)!;
  }

  /** Runs `work` as an activation of `key`; `used` returns what has been charged so far. */
  within<T>(key: number | string, used: () => number, work: () => T): T {
    this.#of(key).calls += 1;
    this.#running.push({ key, since: used() });
    try {
      return work();
    } finally {
      const { since } = this.#running.pop()!;
      if (this.#running.every((outer) => outer.key !== key)) this.#of(key).total += used() - since;
    }
  }

  charge(fuel: number): void {
    const now = this.#running.at(-1);
    if (now === undefined) this.setup += fuel;
    else this.#of(now.key).self += fuel;
  }

  execute(fuel: number): void {
    const now = this.#running.at(-1);
    if (now !== undefined) this.#of(now.key).executed += fuel;
  }
}
