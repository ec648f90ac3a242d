// The stages of each package as seen by this node, for the package's submitter.
//
// Time comes from an injected clock. Above a limit, concluded packages without listeners are removed, the oldest first.
// Packages in progress are bounded by bounds.ts.
import { toHex } from '../bytes/index.js';
import type { RunOutcome, WorkError } from '../contract/index.js';
import type { RefusalReason } from '../incore/index.js';

/** The in-core result of one item. */
interface ItemOutcome {
  class: number;
  weightPs: bigint;
  /** Length of its output, or the error in the report and the VM's reason. */
  result: { outputBytes: number } | { error: WorkError; reason: string };
}

/** The fields of each stage, except time and place. */
export type StageDetail =
  | { stage: 'submitted'; bytes: number; items: number }
  | { stage: 'authorized'; authId: number; weightPs: bigint }
  | { stage: 'refined'; items: ItemOutcome[]; weightPs: bigint }
  | { stage: 'attested'; signatures: number; groupSize: number }
  | { stage: 'reported' }
  | { stage: 'available' }
  /** `weightPs`: weight used by `accumulate` of each class of the package, for all packages of the block together. */
  | { stage: 'accumulated'; classes: { class: number; outcome: RunOutcome; weightPs: bigint }[] }
  /** The author left it out of this block because of what its classes returned, and tries it again. */
  | { stage: 'postponed'; reason: string }
  | { stage: 'pruned'; class: number; reason: string }
  | { stage: 'timedOut' }
  | { stage: 'discarded' }
  | { stage: 'refused'; reason: RefusalReason; message: string };

/** One stage of a package. */
export type StageEvent = StageDetail & {
  /** 32 bytes. */
  package: Uint8Array;
  /** Milliseconds since the Unix epoch, by the node's clock. */
  timeMs: number;
  /** Height of the block in which it happened; for off-chain stages, of the best block at that time. */
  block: number;
  /** The core, once one is chosen. */
  core: number | undefined;
};

/** Whether nothing more happens after a stage. */
const LAST: Readonly<Record<StageEvent['stage'], boolean>> = {
  submitted: false,
  authorized: false,
  refined: false,
  attested: false,
  postponed: false,
  reported: false,
  available: false,
  accumulated: true,
  pruned: true,
  timedOut: true,
  discarded: true,
  refused: true,
};

export type StageListener = (event: StageEvent) => void;

interface Story {
  events: StageEvent[];
  listeners: Set<StageListener>;
}

export class Tracker {
  readonly #stories = new Map<string, Story>();
  readonly #everyone = new Set<StageListener>();

  readonly #nowMs: () => number;
  readonly #warn: (message: string) => void;
  readonly #storiesMax: number;

  constructor(nowMs: () => number, warn: (message: string) => void, storiesMax = 4_096) {
    this.#nowMs = nowMs;
    this.#warn = warn;
    this.#storiesMax = storiesMax;
  }

  /** Adds a stage and notifies the listeners. `submitted` begins a new story. */
  record(hash: Uint8Array, block: number, core: number | undefined, detail: StageDetail): void {
    const event: StageEvent = { ...detail, package: hash, timeMs: this.#nowMs(), block, core };
    const key = toHex(hash);
    const story = this.#stories.get(key) ?? { events: [], listeners: new Set() };
    if (detail.stage === 'submitted') {
      story.events = [];
      this.#stories.delete(key); // makes it the newest
    }
    story.events.push(event);
    this.#stories.set(key, story);
    this.#forget();
    for (const listener of [...story.listeners, ...this.#everyone]) {
      try {
        listener(event);
      } catch (error) {
        this.#warn(`a listener to a package's stages failed: ${String(error)}`);
      }
    }
  }

  /** The stages of a package so far, in order; undefined if this node does not know it. */
  story(hash: Uint8Array): readonly StageEvent[] | undefined {
    const events = this.#stories.get(toHex(hash))?.events;
    // A story without events has listeners that wait for the package.
    return events === undefined || events.length === 0 ? undefined : events;
  }

  /** Whether the package is known and nothing more will happen to it. */
  concluded(hash: Uint8Array): boolean {
    const last = this.story(hash)?.at(-1);
    return last !== undefined && isLast(last);
  }

  /** Passes on the stages so far and later ones. Returns a function that unsubscribes. The package may be unknown. */
  subscribe(hash: Uint8Array, listener: StageListener): () => void {
    const key = toHex(hash);
    let story = this.#stories.get(key);
    if (story === undefined) this.#stories.set(key, (story = { events: [], listeners: new Set() }));
    for (const event of story.events) listener(event);
    story.listeners.add(listener);
    const { listeners } = story;
    return () => {
      listeners.delete(listener);
      const now = this.#stories.get(key);
      if (now !== undefined && now.events.length === 0 && now.listeners.size === 0) this.#stories.delete(key);
    };
  }

  /** Passes on every later stage of every package. Returns a function that unsubscribes. */
  subscribeAll(listener: StageListener): () => void {
    this.#everyone.add(listener);
    return () => void this.#everyone.delete(listener);
  }

  #forget(): void {
    if (this.#stories.size <= this.#storiesMax) return;
    for (const [key, { events, listeners }] of this.#stories) {
      const last = events.at(-1);
      if (listeners.size === 0 && last !== undefined && isLast(last)) {
        this.#stories.delete(key);
        if (this.#stories.size <= this.#storiesMax) return;
      }
    }
  }
}

/** Whether this is the last stage of a package. */
export function isLast(event: Pick<StageEvent, 'stage'>): boolean {
  return LAST[event.stage];
}
