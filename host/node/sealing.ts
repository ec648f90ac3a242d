// When blocks are made: as soon as there is work, at an interval, or only on request.
import type { Logger } from './log.js';
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

/** Says once how the time of the chain follows the clock, where a user could wonder. `next`: the next free slot. */
export function explainTime(
  log: Logger,
  mode: SealingMode,
  runsAhead: boolean,
  next: { readonly startMs: number; readonly slotDurationMs: number },
  nowMs: number,
): void {
  const slot = `each block takes a slot of ${next.slotDurationMs} ms`;
  if (runsAhead) {
    log.info(`${slot}: with instant sealing, the time of the chain runs ahead of the clock where blocks come faster`);
    return;
  }
  if (typeof mode === 'object' && mode.intervalMs < next.slotDurationMs) {
    log.warn(`${slot}: blocks are made at the start of slots, and not every ${mode.intervalMs} ms`);
  }
  const aheadMs = next.startMs - nowMs;
  if (aheadMs > next.slotDurationMs) {
    log.warn(`the time of the chain is ahead of the clock: the next block is made in ${Math.ceil(aheadMs / 1000)} s`);
  }
}

/** Whether a block is due when work arrives. */
const WAKES: Readonly<Record<Extract<SealingMode, string>, boolean>> = { instant: true, manual: false };

/** When a block is tried again that this machine could not make or write: time may cure that, as with a full disk. */
const RETRY_MS = 6_000;

/** How a block went. */
export interface Sealed {
  /** Whether work is left, or that this machine failed. */
  readonly more: boolean | 'failed';
  /** Whether several transactions were in it, so that others are likely to arrive. */
  readonly isCrowded: boolean;
}

/**
 * While transactions arrive faster than one a block, no block is made for this many times as long as the last one took:
 * what is served meanwhile, requests and submissions, has its time, and the next block has more of them.
 */
const REST_FACTOR = 2;
const REST_MS_MAX = 100;

/**
 * Calls `make` when a block is due. `make` logs its own failures. `notBeforeMs` returns the time before which no block is
 * made.
 */
export class Sealing {
  readonly #mode: SealingMode;
  readonly #clock: Clock;
  readonly #make: () => Sealed;
  readonly #notBeforeMs: () => number;
  #cancel: (() => void) | undefined;
  /** When the timer that `#cancel` cancels makes a block. */
  #dueMs = 0;
  #restsUntilMs = 0;
  #stopped = false;

  constructor(mode: SealingMode, clock: Clock, make: () => Sealed, notBeforeMs: () => number) {
    this.#mode = mode;
    this.#clock = clock;
    this.#make = make;
    this.#notBeforeMs = notBeforeMs;
  }

  start(): void {
    if (typeof this.#mode === 'object') this.#tick(this.#mode.intervalMs, this.#clock.nowMs() + this.#mode.intervalMs);
  }

  /** There is work, for a block within this time. What arrives before the block is begun goes into the same block. */
  wake(withinMs = 0): void {
    if (typeof this.#mode === 'object' || !WAKES[this.#mode] || this.#stopped) return;
    const nowMs = this.#clock.nowMs();
    const dueMs = Math.max(nowMs + withinMs, this.#restsUntilMs, this.#notBeforeMs());
    if (this.#cancel !== undefined && this.#dueMs <= dueMs) return;
    this.#cancel?.();
    this.#dueMs = dueMs;
    this.#cancel = this.#clock.after(dueMs - nowMs, () => {
      this.#cancel = undefined;
      const beganMs = this.#clock.nowMs();
      const { more, isCrowded } = this.#make();
      const endedMs = this.#clock.nowMs();
      this.#restsUntilMs = isCrowded ? endedMs + Math.min(REST_FACTOR * (endedMs - beganMs), REST_MS_MAX) : 0;
      if (more !== false) this.wake(more === 'failed' ? RETRY_MS : 0);
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Keeps the interval: a block that is late does not delay all that follow. One that is too early waits. */
  #tick(intervalMs: number, dueMs: number): void {
    this.#cancel = this.#clock.after(Math.max(0, dueMs - this.#clock.nowMs()), () => {
      const notBeforeMs = this.#notBeforeMs();
      if (notBeforeMs > this.#clock.nowMs()) return this.#tick(intervalMs, notBeforeMs);
      this.#make();
      if (!this.#stopped) this.#tick(intervalMs, Math.max(dueMs + intervalMs, this.#clock.nowMs()));
    });
  }
}
