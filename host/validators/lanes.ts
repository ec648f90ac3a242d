// In what order work is done: one thing after another in each lane, the lanes side by side.

/** Lanes, each named; and whatever was started, so that somebody can wait for it. */
export class Lanes {
  readonly #last = new Map<number | string, Promise<void>>();
  readonly #started = new Set<Promise<void>>();

  /** Does `work` once all that came to the lane before has ended, however it did. */
  run(lane: number | string, work: () => Promise<void>): Promise<void> {
    const done = (this.#last.get(lane) ?? Promise.resolve()).then(work);
    const ended = done.catch(() => undefined); // told to whoever asked for the work; the next in the lane starts all the same
    this.#last.set(lane, ended);
    void ended.then(() => {
      if (this.#last.get(lane) === ended) this.#last.delete(lane);
    });
    return done;
  }

  /** Remembers work until it has ended. It must not reject. */
  start(work: Promise<void>): void {
    const ended = work.finally(() => this.#started.delete(ended));
    this.#started.add(ended);
  }

  /** Resolves when all that was started so far has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#started);
  }
}
