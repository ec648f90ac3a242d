// Work that has been started, so that a caller can wait for its end.

export class Running {
  readonly #started = new Set<Promise<void>>();

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
