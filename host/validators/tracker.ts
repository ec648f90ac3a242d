// The stages of each package as told by this node to the package's submitter. journal.ts decides when a stage is told.
//
// Above a limit, concluded packages without listeners are removed, those first that
// were concluded first. Packages in progress are bounded by bounds.ts. Listeners may wait for packages that are not
// submitted yet; the number of such listeners is bounded, and who has most of them gives way to others (D40).
import { toHex } from '../bytes/index.js';
import type { RunOutcome, WorkError } from '../contract/index.js';
import type { RefusalReason } from '../incore/index.js';
import { givingWay, type Holding, onePackage, type Submitter, THIS_PROCESS } from './queues/fairness.js';

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
  /** Shared with later stories of the same package. */
  readonly listeners: Set<StageListener>;
}

/** Where stages come from. */
export interface TrackerSource {
  /** Tells all that can be told by now: called before stories are read. */
  update(): void;
  /** The story of a package was removed. */
  forgotten(hash: Uint8Array): void;
  warn(message: string): void;
}

/** How much a tracker keeps at a time. */
interface TrackerBounds {
  /** Stories, beyond which concluded ones are removed. */
  readonly storiesMax: number;
  /** Listeners to packages that were not submitted here. */
  readonly awaitedMax: number;
}

/** A listener to a package that was not submitted here. */
interface Awaiting extends Holding {
  readonly key: string;
  readonly listener: StageListener;
  /** Called when it has to leave for another one. */
  readonly left: () => void;
}

const TRACKER_BOUNDS: TrackerBounds = { storiesMax: 4_096, awaitedMax: 16_384 };

export class Tracker {
  readonly #stories = new Map<string, Story>();
  /** The stories that may be removed: concluded, and without listeners. In the order in which they became so. */
  readonly #removable = new Set<string>();
  /** The listeners of packages that were not submitted here. */
  readonly #awaited = new Map<string, Set<StageListener>>();
  /** All of them, in the order of arrival. */
  readonly #awaiting = new Set<Awaiting>();
  readonly #everyone = new Set<StageListener>();

  readonly #source: TrackerSource;
  readonly #bounds: TrackerBounds;

  constructor(source: TrackerSource, bounds: Partial<TrackerBounds> = {}) {
    this.#source = source;
    this.#bounds = { ...TRACKER_BOUNDS, ...bounds };
  }

  /** Adds a stage and notifies the listeners. `submitted` begins a new story. */
  record(event: StageEvent): void {
    const key = toHex(event.package);
    const story = this.#stories.get(key) ?? { events: [], listeners: this.#awaited.get(key) ?? new Set() };
    if (this.#awaited.delete(key)) for (const each of this.#awaiting) if (each.key === key) this.#awaiting.delete(each);
    story.events = storyAfter(story.events, event);
    this.#stories.set(key, story);
    this.#sort(key, story);
    this.#forget();
    for (const listener of [...story.listeners, ...this.#everyone]) {
      try {
        listener(event);
      } catch (error) {
        this.#source.warn(`a listener to a package's stages failed: ${String(error)}`);
      }
    }
  }

  /** Takes over the stories that were told before a restart, of the packages that were concluded first first. */
  restore(stories: Iterable<StageEvent[]>): void {
    for (const events of stories) {
      const key = toHex(events[0]!.package);
      const story: Story = { events, listeners: new Set() };
      this.#stories.set(key, story);
      this.#sort(key, story);
    }
    this.#forget();
  }

  /** The stages of a package so far, in order; undefined if this node does not know it. */
  story(hash: Uint8Array): readonly StageEvent[] | undefined {
    this.#source.update();
    return this.told(hash);
  }

  /** The same, as of the last stage that was told. */
  told(hash: Uint8Array): readonly StageEvent[] | undefined {
    return this.#stories.get(toHex(hash))?.events;
  }

  /** Whether the package is known and nothing more will happen to it. */
  concluded(hash: Uint8Array): boolean {
    this.#source.update();
    const story = this.#stories.get(toHex(hash));
    return story !== undefined && isConcluded(story);
  }

  /**
   * Passes on the stages so far and later ones. Returns a function that unsubscribes; undefined if the package is
   * unknown and there is no room for another listener of `by` to such a package. `left` is called if it has to leave for one of
   * another party.
   */
  subscribe(
    hash: Uint8Array,
    listener: StageListener,
    by: Submitter = THIS_PROCESS,
    left: () => void = () => undefined,
  ): (() => void) | undefined {
    this.#source.update();
    const key = toHex(hash);
    const story = this.#stories.get(key);
    const parties = [by.address, by.connection];
    const awaiting = story === undefined ? { key, listener, left, bytes: 0, parties } : undefined;
    if (awaiting !== undefined && !this.#makeRoom(awaiting)) return undefined;
    const listeners = story?.listeners ?? this.#awaited.get(key) ?? new Set();
    for (const event of story?.events ?? []) listener(event);
    listeners.add(listener);
    if (awaiting !== undefined) {
      this.#awaited.set(key, listeners);
      this.#awaiting.add(awaiting);
    }
    this.#removable.delete(key);
    return () => {
      if (awaiting !== undefined) this.#awaiting.delete(awaiting);
      this.#removeListener(key, listeners, listener);
    };
  }

  /** Passes on every later stage of every package. Returns a function that unsubscribes. */
  subscribeAll(listener: StageListener): () => void {
    this.#everyone.add(listener);
    return () => void this.#everyone.delete(listener);
  }

  #removeListener(key: string, listeners: Set<StageListener>, listener: StageListener): void {
    if (!listeners.delete(listener) || listeners.size > 0) return;
    if (this.#awaited.get(key) === listeners) this.#awaited.delete(key);
    const now = this.#stories.get(key);
    if (now?.listeners === listeners) this.#sort(key, now);
  }

  #makeRoom(newcomer: Awaiting): boolean {
    if (this.#awaiting.size < this.#bounds.awaitedMax) return true;
    const [from] = givingWay(this.#awaiting, newcomer, onePackage);
    if (from === undefined) return false;
    this.#awaiting.delete(from);
    this.#removeListener(from.key, this.#awaited.get(from.key)!, from.listener);
    from.left();
    return true;
  }

  /** Enters a story among those that may be removed, or takes it out. */
  #sort(key: string, story: Story): void {
    if (isConcluded(story) && story.listeners.size === 0) this.#removable.add(key);
    else this.#removable.delete(key);
  }

  #forget(): void {
    for (const key of this.#removable) {
      if (this.#stories.size <= this.#bounds.storiesMax) return;
      this.#removable.delete(key);
      const story = this.#stories.get(key)!;
      this.#stories.delete(key);
      this.#source.forgotten(story.events[0]!.package);
    }
  }
}

/** The stages of a package after another one. */
export function storyAfter(events: readonly StageEvent[], event: StageEvent): StageEvent[] {
  return event.stage === 'submitted' ? [event] : [...events, event];
}

function isConcluded({ events }: Story): boolean {
  const last = events.at(-1);
  return last !== undefined && isLast(last);
}

/** Whether this is the last stage of a package. */
export function isLast(event: Pick<StageEvent, 'stage'>): boolean {
  return LAST[event.stage];
}
