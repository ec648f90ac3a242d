// The story of each package as this node sees it: one entry a stage, for whoever submitted it.
//
// Time comes from an injected clock. Bounded: concluded packages are forgotten first, the oldest before the others.
import { toHex } from '../bytes/index.js';
import type { RunOutcome, WorkError } from '../contract/index.js';
import type { RefusalReason } from '../incore/index.js';

/** What became of one item in-core. */
interface ItemOutcome {
  class: number;
  weightPs: bigint;
  /** Bytes of its output, or why it has none: the report's word, and the VM's. */
  result: { outputBytes: number } | { error: WorkError; reason: string };
}

/** What a stage says beside when and where. */
export type StageDetail =
  | { stage: 'submitted'; bytes: number; items: number }
  | { stage: 'authorized'; authId: number; weightPs: bigint }
  | { stage: 'refined'; items: ItemOutcome[]; weightPs: bigint }
  | { stage: 'attested'; signatures: number; groupSize: number }
  | { stage: 'reported' }
  | { stage: 'available' }
  /** `weightPs`: what `accumulate` used for each class of the package, with the other packages of the block. */
  | { stage: 'accumulated'; classes: { class: number; outcome: RunOutcome; weightPs: bigint }[] }
  | { stage: 'pruned'; class: number; reason: string }
  | { stage: 'timedOut' }
  | { stage: 'discarded' }
  | { stage: 'refused'; reason: RefusalReason; message: string };

/** One entry of a package's story. */
export type StageEvent = StageDetail & {
  /** 32 bytes. */
  package: Uint8Array;
  /** Milliseconds since the Unix epoch, by the node's clock. */
  timeMs: number;
  /** Height of the block in which it happened; for stages off-chain, of the best block at that time. */
  block: number;
  /** The core, once one is chosen. */
  core: number | undefined;
};

/** Stages after which nothing more happens. */
const LAST_STAGES: readonly StageEvent['stage'][] = ['accumulated', 'pruned', 'timedOut', 'discarded', 'refused'];

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

  /** Adds to the package's story and tells those who listen. A package that comes again begins a new story. */
  record(hash: Uint8Array, block: number, core: number | undefined, detail: StageDetail): void {
    const event: StageEvent = { ...detail, package: hash, timeMs: this.#nowMs(), block, core };
    const key = toHex(hash);
    const story = this.#stories.get(key) ?? { events: [], listeners: new Set() };
    if (detail.stage === 'submitted') {
      story.events = [];
      this.#stories.delete(key); // so that it becomes the youngest
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

  /** All that is known of a package, in order; undefined for one this node does not know. */
  story(hash: Uint8Array): readonly StageEvent[] | undefined {
    const events = this.#stories.get(toHex(hash))?.events;
    return events === undefined || events.length === 0 ? undefined : events; // somebody may wait for one that has not come
  }

  /** Whether the package is known and nothing more will happen to it. */
  concluded(hash: Uint8Array): boolean {
    const last = this.story(hash)?.at(-1);
    return last !== undefined && isLast(last);
  }

  /** The story so far and what is still to come, in order. Answers a function that ends it. Unknown packages may come yet. */
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

  /** Every stage of every package from now on. */
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

/** Whether nothing happens to a package after this. */
export function isLast(event: Pick<StageEvent, 'stage'>): boolean {
  return LAST_STAGES.includes(event.stage);
}
