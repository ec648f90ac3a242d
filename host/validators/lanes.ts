// Runs work in lanes: sequentially in each lane, the lanes concurrently.

/** Lanes by name, and the started work, so that a caller can wait for it. */
export class Lanes {
  readonly #last = new Map<number | string, Promise<void>>();
  readonly #started = new Set<Promise<void>>();

  /** Does `work` once all earlier work of the lane has ended or failed. */
  run(lane: number | string, work: () => Promise<void>): Promise<void> {
    const done = (this.#last.get(lane) ?? Promise.resolve()).then(work);
    const ended = done.catch(() => undefined); // the caller receives the error; the next work of the lane starts anyway
    this.#last.set(lane, ended);
    void ended.then(() => {
      if (this.#last.get(lane) === ended) this.#last.delete(lane);
    });
    return done;
  }

  /** Keeps track of work until it has ended. It must not reject. */
  start(work: Promise<void>): void {
    const ended = work.finally(() => this.#started.delete(ended));
    this.#started.add(ended);
  }

  /** Resolves when no started work is left, that included which other work has started. */
  async settled(): Promise<void> {
    while (this.#started.size > 0) await Promise.all(this.#started);
  }
}
