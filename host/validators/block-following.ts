// Follows the packages of this node through blocks. What a block does to them is written in the transaction of that block,
// and told once that is durable: so a block never has a report whose shards, or whose stage, a crash could have lost.
//
// Spec: RFC-0031 § Processing stages of a Work Package, § Availability; D11 (which contexts expire).
import { equal, toHex } from '../bytes/index.js';
import { type Progress, RECENT_BLOCKS, type RunRecord, type WorkReport } from '../contract/index.js';
import type { Batch } from '../db/index.js';
import type { Encoded } from '../erasure/index.js';
import type { BlockId, InCoreChain } from '../incore/index.js';
import type { BlockKeeper, ChainView, KeptBlock } from '../node/index.js';
import { BlockChanges } from './block-changes.js';
import { keyOf } from './key-of.js';
import type { Candidate } from './selection/candidates.js';
import { type Flight, stateAfter } from './flights.js';
import type { Journal } from './journal.js';
import type { LocalValidators } from './local.js';
import type { BlockProgress, OnChain, PendingReport } from './on-chain.js';
import type { PackageStore } from './package-store.js';
import type { Findings } from './selection/reporting.js';
import type { StageDetail } from './tracker.js';

/** Interval, in blocks, at which old shards are removed. */
const FORGETTING_BLOCKS = 64;

/**
 * With instant sealing, how long the next block may take if packages only wait: for a prerequisite, or for shards. So
 * a prerequisite may be submitted within a minute after the package that needs it.
 */
const PATIENCE_MS = 6_000;

/** What following needs. */
interface FollowingParts {
  readonly chain: ChainView;
  readonly inCore: InCoreChain;
  readonly onChain: OnChain;
  readonly flights: ReadonlyMap<string, Flight>;
  readonly local: LocalValidators;
  readonly store: PackageStore;
  readonly journal: Journal;
  readonly shardsKeptBlocks: number;
  nowMs(): number;
  /**
   * A block of this author is made, with these packages Registered: what its inherent provider found out is final, and is
   * passed to `findings`. Returns what is to be called once the block is on disk.
   */
  blockMade(isRegistered: (hash: Uint8Array) => boolean): () => void;
  /** Forgets a concluded package. */
  drop(hash: Uint8Array): void;
  /** A candidate waits to be Registered no longer. */
  leave(candidate: Candidate): void;
}

export class Following implements BlockKeeper {
  readonly name = 'the follower of packages';
  /** What this author's block means for candidates that are not in it. */
  readonly findings: Findings;
  readonly #parts: FollowingParts;
  /** What the block does that is about to be written. */
  #changes: BlockChanges;

  constructor(parts: FollowingParts) {
    this.#parts = parts;
    this.#changes = new BlockChanges(parts.flights);
    this.findings = {
      pruned: ({ attestation: { report } }, _block, id, reason) =>
        this.#conclude(report, { stage: 'pruned', class: id, reason }),
      postponed: ({ attestation: { report } }, _block, reason) =>
        this.#changes.reach(report.packageSpec.hash, report.coreIndex, { stage: 'postponed', reason }),
      hopeless: ({ attestation: { report } }, _block, { message }) =>
        this.#conclude(report, {
          stage: 'refused',
          reason: 'notReportable',
          message: `the chain does not take the report: ${message}`,
        }),
    };
  }

  keep(block: KeptBlock, batch: Batch): () => void {
    const { onChain, local, store, journal, flights, shardsKeptBlocks } = this.#parts;
    const changes = new BlockChanges(flights);
    this.#changes = changes;
    const progress = onChain.progress(block.hash);
    let authored = (): void => undefined;
    if (block.origin === 'own') {
      const registered = progress.packages.filter(({ stage }) => stage === 'registered');
      const hashes = new Set(registered.map(({ packageHash }) => toHex(packageHash)));
      authored = this.#parts.blockMade((hash) => hashes.has(toHex(hash)));
    }
    this.#dropAbandoned();
    const handedOut = this.#progress(progress, block, batch);
    this.#expire(block);
    if (block.number % FORGETTING_BLOCKS === 0) local.forgetBefore(batch, block.number - shardsKeptBlocks);
    changes.write(store, batch);
    const told = journal.join(
      batch,
      changes.reached.map(({ hash, core, detail }) => ({
        ...detail,
        package: hash,
        timeMs: this.#parts.nowMs(),
        block: block.number,
        core,
      })),
    );
    const waits = this.#waitsOnChain(block.hash);
    const isMoving = handedOut || (waits.queued && progress.packages.length > 0);
    return () => {
      authored();
      changes.done(
        ({ ticket }) => this.#parts.drop(ticket.hash),
        (candidate) => this.#parts.leave(candidate),
      );
      told();
      this.#wakeAuthor(isMoving, waits.queued || waits.pending);
    };
  }

  /** After a restart, bits of the shards that are kept may be unsigned yet, and packages may wait for a block. */
  wakeAuthorAtStart(): void {
    const { chain, flights } = this.#parts;
    const isAttested = [...flights.values()].some(({ state: { at } }) => at === 'attested');
    const { pending, queued } = this.#waitsOnChain(chain.best().hash);
    if (isAttested || pending || queued) chain.wakeAuthor();
  }

  /** What waits on the chain for a block, whether or not this node knows of it: for bits or the time-out, or in the cores' queues. */
  #waitsOnChain(at: Uint8Array): { pending: boolean; queued: boolean } {
    const { onChain } = this.#parts;
    return { pending: onChain.pending(at).length > 0, queued: onChain.queued(at) > 0 };
  }

  /** The stages of packages, and the shards of those that are Registered. Returns whether any shard was kept. */
  #progress({ packages, classes }: BlockProgress, block: KeptBlock, batch: Batch): boolean {
    const { onChain, local, inCore } = this.#parts;
    const changes = this.#changes;
    const registered: { pending: PendingReport; shards: Encoded }[] = [];
    for (const progress of packages) {
      const { packageHash: hash, core, stage } = progress;
      const state = changes.stateOf(hash);
      if (state === undefined) continue;
      changes.reach(hash, core, detailOf(progress, classes));
      changes.move(hash, stateAfter(progress, state, block));
      if (stage !== 'registered' || state.at !== 'attested') continue;
      const pending = onChain.pending(block.hash).find(({ report }) => equal(report.packageSpec.hash, hash));
      if (pending !== undefined) registered.push({ pending, shards: state.shards() });
    }
    return registered.length > 0 && local.handOut(batch, registered, inCore.validators(block.hash).length);
  }

  /**
   * With instant sealing, nothing but a block takes packages further, or lets them time out or expire. `isMoving`: the next
   * block is likely to take some of those on the chain further. A queue that a block did not change waits for time to pass.
   */
  #wakeAuthor(isMoving: boolean, waitsOnChain: boolean): void {
    const { chain, flights } = this.#parts;
    const states = [...flights.values()].map(({ state }) => state);
    const helps = states.some(
      (state) =>
        state.at === 'attested' && (state.candidate.waitsFor === 'block' || state.candidate.waitsFor === 'weight'),
    );
    if (isMoving || helps) chain.wakeAuthor();
    else if (waitsOnChain || states.some(({ at }) => at === 'attested')) chain.wakeAuthor(PATIENCE_MS);
  }

  /** Concludes packages whose Registration is not on the best chain any more. They may be submitted again. */
  #dropAbandoned(): void {
    for (const [{ ticket }, state] of this.#changes.inProgress()) {
      if (state.at !== 'registered' && state.at !== 'available') continue;
      const there = this.#parts.chain.blockHash(state.block.number);
      if (there !== undefined && equal(there, state.block.hash)) continue;
      this.#changes.conclude(ticket.hash, state.core, {
        stage: 'refused',
        reason: 'abandonedFork',
        message: `block ${state.block.number}, which Registered the package, is not on the best chain any more: submit it again`,
      });
    }
  }

  /** Concludes authorized packages that the next block can no longer Register. */
  #expire(block: BlockId): void {
    const changes = this.#changes;
    /** Whether a context is Recent for the next block: many packages have the same. */
    const isRecent = new Map<string, boolean>();
    for (const [{ ticket }, state] of changes.inProgress()) {
      if (state.at !== 'authorized' && state.at !== 'attested') continue;
      const candidate = state.at === 'attested' ? state.candidate : undefined;
      const { core, context: at } = state.at === 'attested' ? whereOf(state.candidate) : state;
      if (!isRecent.has(keyOf(at))) {
        const context = this.#parts.inCore.block(at);
        isRecent.set(keyOf(at), context !== undefined && block.number + 1 - context.number < RECENT_BLOCKS);
      }
      if (isRecent.get(keyOf(at)) === true) continue;
      const last = changes.last(ticket.hash) ?? this.#parts.journal.last(ticket.hash);
      const waited =
        candidate === undefined
          ? ': its core had too much to refine'
          : candidate.waitsFor === 'prerequisite'
            ? ': its prerequisite has not come'
            : last?.stage === 'postponed'
              ? `: ${last.reason}`
              : '';
      changes.conclude(ticket.hash, core, {
        stage: 'refused',
        reason: 'expired',
        message: `the package was not Registered within ${RECENT_BLOCKS - 1} blocks of its context${waited}`,
      });
    }
  }

  #conclude({ packageSpec, coreIndex }: WorkReport, detail: StageDetail): void {
    this.#changes.conclude(packageSpec.hash, coreIndex, detail);
  }
}

function detailOf({ packageHash, stage }: Progress, classes: readonly RunRecord[]): StageDetail {
  if (stage !== 'accumulated') return { stage: stage === 'registered' ? 'reported' : stage };
  const its = classes.filter((run) => run.packages.some((hash) => equal(hash, packageHash)));
  return {
    stage: 'accumulated',
    classes: its.map(({ classId: id, outcome, weightUsed }) => ({ class: id, outcome, weightPs: weightUsed })),
  };
}

function whereOf({ attestation: { report } }: Candidate): { core: number; context: Uint8Array } {
  return { core: report.coreIndex, context: report.context.headerHash };
}
