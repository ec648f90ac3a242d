// Reads from the chain which reports wait for availability, and what a block did to packages.
//
// Calls CoreJamApi (pending, cores, progress) on the state after a block. The results for the last block are cached,
// because the listener, the author and every validator need the same ones.
import { equal, toHex } from '../bytes/index.js';
import { type CallRuntime, coreJamApi, type Progress, type RunRecord, type WorkReport } from '../contract/index.js';
import type { RuntimeSource } from '../incore/index.js';

/** A Registered report that waits for availability. */
export interface PendingReport {
  core: number;
  report: WorkReport;
  /** Height at which it was Registered. */
  registeredAt: number;
}

/** What a block did to packages, and the outcome of each class's `accumulate` in it. */
export interface BlockProgress {
  packages: Progress[];
  classes: RunRecord[];
}

/** Of so many packages, it is remembered until the next block whether they are Registered. */
const KNOWN_MAX = 65_536;

/** The chain's facts about packages, as of a block. */
export class OnChain {
  readonly #source: Pick<RuntimeSource, 'runtimeCall'>;
  readonly #pending = new LastAnswer<PendingReport[]>();
  readonly #queued = new LastAnswer<number>();
  readonly #cores = new LastAnswer<number>();
  readonly #authIds = new LastAnswer<readonly (number | undefined)[]>();
  readonly #registered = new LastAnswer<Map<string, boolean>>();
  /** By core and AuthId. */
  readonly #sharesLeft = new LastAnswer<Map<string, number>>();

  constructor(source: Pick<RuntimeSource, 'runtimeCall'>) {
    this.#source = source;
  }

  pending(at: Uint8Array): readonly PendingReport[] {
    return this.#pending.get(at, () =>
      coreJamApi.pending(this.#on(at)).map(([core, report, registeredAt]) => ({ core, report, registeredAt })),
    );
  }

  /** Number of packages that are available and await accumulation. */
  queued(at: Uint8Array): number {
    return this.#queued.get(at, () => coreJamApi.queued(this.#on(at)));
  }

  /** For each core with a pending report: the validators whose bit for it is counted; without any, no bits. */
  votes(at: Uint8Array): ReadonlyMap<number, readonly boolean[]> {
    return new Map(coreJamApi.votes(this.#on(at)).map(({ core, validators }) => [core, validators]));
  }

  /** Maximum number of bitfields in a block on this one. */
  bitfieldsMax(at: Uint8Array): number {
    return coreJamApi.bitfieldsMax(this.#on(at));
  }

  validatorCount(at: Uint8Array): number {
    return coreJamApi.validators(this.#on(at)).length;
  }

  cores(at: Uint8Array): number {
    return this.#cores.get(at, () => coreJamApi.cores(this.#on(at)));
  }

  /** By core, the AuthId that it is assigned to, for packages with this block as context. */
  authIds(at: Uint8Array): readonly (number | undefined)[] {
    return this.#authIds.get(at, () => coreJamApi.authIds(this.#on(at)));
  }

  /** Whether the next block would find the package Registered in a Recent block. */
  isRegistered(at: Uint8Array, hash: Uint8Array): boolean {
    const known = this.#registered.get(at, () => new Map<string, boolean>());
    const key = toHex(hash);
    const there = known.get(key) ?? coreJamApi.isRegistered(this.#on(at), hash);
    if (known.size < KNOWN_MAX) known.set(key, there);
    return there;
  }

  /** How many more reports under an AuthId the next block could Register on a core. */
  shareLeft(at: Uint8Array, core: number, authId: number): number {
    const known = this.#sharesLeft.get(at, () => new Map<string, number>());
    const key = `${core}/${authId}`;
    const left = known.get(key) ?? coreJamApi.sharesLeft(this.#on(at), core, [authId])[0]!;
    known.set(key, left);
    return left;
  }

  /** What happened to packages in the block itself. */
  progress(at: Uint8Array): BlockProgress {
    const [packages, classes] = coreJamApi.progress(this.#on(at));
    return { packages, classes };
  }

  #on(at: Uint8Array): CallRuntime {
    return (method, args) => this.#source.runtimeCall(at, method, args);
  }
}

/** Caches a result for one block. */
class LastAnswer<T> {
  #last: { at: Uint8Array; answer: T } | undefined;

  get(at: Uint8Array, ask: () => T): T {
    if (this.#last === undefined || !equal(this.#last.at, at)) this.#last = { at, answer: ask() };
    return this.#last.answer;
  }
}
