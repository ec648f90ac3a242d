// When blocks are made: as soon as there is work, at an interval, or only on request.
import type { Clock } from './types.js';

/**
 * `instant`: when a transaction is ready or a package needs a block; `manual`: by engine_createBlock; else by the
 * clock.
 */
export type SealingMode = 'instant' | 'manual' | { intervalMs: number };

/** `instant`, `manual` or `interval=MS`; undefined for anything else. */
export function parseSealing(text: string): SealingMode | undefined {
  if (text === 'instant' || text === 'manual') return text;
  const found = /^interval=([1-9]\d{0,8})$/.exec(text);
  return found === null ? undefined : { intervalMs: Number(found[1]) };
}

/** Whether a block is due when work arrives. */
const WAKES: Readonly<Record<Extract<SealingMode, string>, boolean>> = { instant: true, manual: false };

/** Calls `make` when a block is due. `make` returns whether work is left, and logs its own failures. */
export class Sealing {
  readonly #mode: SealingMode;
  readonly #clock: Clock;
  readonly #make: () => boolean;
  #cancel: (() => void) | undefined;
  /** When the timer that `#cancel` cancels makes a block. */
  #dueMs = 0;
  #stopped = false;

  constructor(mode: SealingMode, clock: Clock, make: () => boolean) {
    this.#mode = mode;
    this.#clock = clock;
    this.#make = make;
  }

  start(): void {
    if (typeof this.#mode === 'object') this.#tick(this.#mode.intervalMs, this.#clock.nowMs() + this.#mode.intervalMs);
  }

  /** There is work, for a block within this time. What arrives before the block is begun goes into the same block. */
  wake(withinMs = 0): void {
    if (typeof this.#mode === 'object' || !WAKES[this.#mode] || this.#stopped) return;
    const dueMs = this.#clock.nowMs() + withinMs;
    if (this.#cancel !== undefined && this.#dueMs <= dueMs) return;
    this.#cancel?.();
    this.#dueMs = dueMs;
    this.#cancel = this.#clock.after(withinMs, () => {
      this.#cancel = undefined;
      if (this.#make()) this.wake();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Keeps the interval: a block that is late does not delay all that follow. */
  #tick(intervalMs: number, dueMs: number): void {
    this.#cancel = this.#clock.after(Math.max(0, dueMs - this.#clock.nowMs()), () => {
      this.#make();
      if (!this.#stopped) this.#tick(intervalMs, Math.max(dueMs + intervalMs, this.#clock.nowMs()));
    });
  }
}
