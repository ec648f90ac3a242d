// The memory that all clients together make the server hold: unfinished and waiting messages, answers that were not read,
// subscriptions. Each connection has a share; the sum is bounded for the process.
//
// Where the sum exceeds its bound, connections are ended until it does not: first that with the most byte-seconds, its
// bytes times how long it has held any. So an honest client with a large message that is on its way is not ended in
// place of many that leave small ones unfinished.

/**
 * The bound. The engine's heap grows to several times of what is live in it before it is collected, so the process takes
 * more than the rest of the node and this.
 */
export const BUDGET_BYTES_MAX = 48 << 20;

/** The share of one connection. */
export interface Share {
  /** Measures the share again, and ends connections if the sum is above the bound. */
  update(): void;
  /** The connection holds nothing any more. */
  close(): void;
}

interface Held {
  readonly measure: () => number;
  readonly end: () => void;
  bytes: number;
  sinceMs: number;
}

/** The bound on all shares together. */
export class Budget {
  readonly #shares = new Set<Held>();
  readonly #bytesMax: number;
  readonly #nowMs: () => number;
  #bytes = 0;

  constructor(bytesMax: number, nowMs: () => number) {
    this.#bytesMax = bytesMax;
    this.#nowMs = nowMs;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether half of it is free. */
  get hasRoom(): boolean {
    return this.#bytes * 2 <= this.#bytesMax;
  }

  /** A share, of what `measure` returns. `end` ends its connection; it may close the share. */
  open(measure: () => number, end: () => void): Share {
    const held: Held = { measure, end, bytes: 0, sinceMs: this.#nowMs() };
    this.#shares.add(held);
    return {
      update: () => {
        if (!this.#shares.has(held)) return;
        this.#measure(held);
        if (this.#bytes > this.#bytesMax) this.#enforce();
      },
      close: () => this.#close(held),
    };
  }

  #close(held: Held): void {
    if (this.#shares.delete(held)) this.#bytes -= held.bytes;
  }

  #measure(held: Held): void {
    const bytes = held.measure();
    if (held.bytes === 0) held.sinceMs = this.#nowMs();
    this.#bytes += bytes - held.bytes;
    held.bytes = bytes;
  }

  #enforce(): void {
    // Answers were read since they were measured.
    for (const held of this.#shares) this.#measure(held);
    while (this.#bytes > this.#bytesMax) {
      const worst = this.#worst();
      if (worst === undefined) return;
      this.#close(worst);
      worst.end();
    }
  }

  #worst(): Held | undefined {
    const nowMs = this.#nowMs();
    let worst: Held | undefined;
    let most = 0;
    for (const held of this.#shares) {
      const score = held.bytes * (nowMs - held.sinceMs + 1);
      if (score > most) [worst, most] = [held, score];
    }
    return worst;
  }
}
