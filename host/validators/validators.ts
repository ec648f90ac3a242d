// All validators of a dev chain: accepts packages, has them refined and attested, follows them through blocks, and provides
// the author's two inherents. What validators sign and keep is in local.ts.
//
// Spec: RFC-0031 § Processing stages of a Work Package; D5a, D7, D8, D14, D20. A group's members run in one process and
// refinement is deterministic, so it is done once for all of them; each then signs with its own key and keeps its own
// shard. The caller provides time, signing keys, the database and the chain.
import { equal, ok, type Result, toHex } from '../bytes/index.js';
import {
  RECENT_BLOCKS,
  type Progress,
  type WorkPackage,
  type WorkPackageSpec,
  type WorkReport,
} from '../contract/index.js';
import type { Database } from '../db/index.js';
import type { Encoded } from '../erasure/index.js';
import { authorize, chainOver, collect, ensureCore, ensureRecent, refine, refuse } from '../incore/index.js';
import type { Authorized, BlockId, GuestRunner, InCoreChain, Refusal, Signer } from '../incore/index.js';
import { AvailabilityInherent } from './availability.js';
import { BOUNDS, type Bounds } from './bounds.js';
import { type Submitter, THIS_PROCESS } from './fairness.js';
import { canFollow, type Flight, isStuck, isUnregistered, stateAfter } from './flights.js';
import { displaced, Intake, type IntakeSteps, type Ticket } from './intake.js';
import { LocalValidators } from './local.js';
import { OnChain } from './on-chain.js';
import type { PendingReport } from './on-chain.js';
import type { Recovered } from './recovery.js';
import type { Candidate } from './candidates.js';
import { ReportingInherent } from './reporting.js';
import type { ShardParcel } from './shard-store.js';
import { Tracker } from './tracker.js';
import type { StageDetail } from './tracker.js';
import type { ChainView, CommittedBlock } from '../node/index.js';
import type { Surroundings } from './surroundings.js';
import type { Validator } from './validator.js';

export interface ValidatorsOptions extends Surroundings {
  chain: ChainView;
  database: Database;
  runGuest: GuestRunner;
  /** The keys that this process holds; validators with other keys do not sign. */
  signers: readonly Signer[];
  /** Transports a shard to its validator. For tests: may change or lose it. */
  deliver?(validator: number, parcel: ShardParcel): ShardParcel | undefined;
  /** For how many blocks validators keep their shards. Default 600: an hour of six-second blocks. */
  shardsKeptBlocks?: number;
  /** How much it keeps at a time. Default: BOUNDS. */
  bounds?: Partial<Bounds>;
}

/** Interval, in blocks, at which old shards are removed. */
const FORGETTING_BLOCKS = 64;

/**
 * With instant sealing, how long the next block may take if packages only wait: for a prerequisite, or for shards. So
 * a prerequisite may be submitted within a minute after the package that needs it.
 */
const PATIENCE_MS = 6_000;

export class Validators {
  readonly tracker: Tracker;
  readonly #options: ValidatorsOptions;
  readonly #inCore: InCoreChain;
  readonly #onChain: OnChain;
  readonly #local: LocalValidators;
  readonly #availability: AvailabilityInherent;
  readonly #reporting: ReportingInherent;
  readonly #flights = new Map<string, Flight>();
  readonly #intake: Intake;
  #unsubscribe: () => void;

  constructor(options: ValidatorsOptions) {
    this.#options = options;
    const { chain, database, signers } = options;
    this.tracker = new Tracker(
      () => options.nowMs(),
      (message) => options.warn(message),
    );
    this.#inCore = chainOver(chain);
    this.#intake = new Intake({ ...BOUNDS, ...options.bounds }, this.#steps());
    this.#onChain = new OnChain(chain);
    this.#local = new LocalValidators(this.#inCore.validators(chain.best().hash), signers, database, options);
    this.#availability = new AvailabilityInherent(() => this.validators, this.#onChain, options);
    chain.addInherentProvider(this.#availability);
    this.#reporting = new ReportingInherent(() => this.#candidates(), {
      pruned: ({ attestation: { report } }, block, id, reason) =>
        this.#conclude(report, block, { stage: 'pruned', class: id, reason }),
      postponed: ({ attestation: { report } }, block, reason) =>
        this.tracker.record(report.packageSpec.hash, block, report.coreIndex, { stage: 'postponed', reason }),
      hopeless: ({ attestation: { report } }, block, { message }) =>
        this.#conclude(report, block, {
          stage: 'refused',
          reason: 'notReportable',
          message: `the chain does not take the report: ${message}`,
        }),
    });
    chain.addInherentProvider(this.#reporting);
    this.#unsubscribe = chain.subscribeBlocks((block) => this.#onBlock(block));
    // After a restart, shards that were distributed earlier are kept, and their bits may be unsigned yet.
    if (this.#onChain.pending(chain.best().hash).length > 0) chain.wakeAuthor();
  }

  /**
   * Accepts a package, for `core` or for any core whose Authorizer accepts it. Returns its hash at once; `tracker`
   * reports its stages, including a later refusal. Submitters share full queues fairly (D40).
   */
  submit(encoded: Uint8Array, core?: number, submitter: Submitter = THIS_PROCESS): Result<Uint8Array, Refusal> {
    const collected = collect(encoded, (hash) => this.#ensureNew(hash));
    if (!collected.ok) return collected;
    const { hash, workPackage } = collected.value;
    const acceptable = this.#ensureAcceptable(workPackage, core);
    if (!acceptable.ok) return acceptable;
    const { prerequisite } = workPackage.context;
    const ticket: Ticket = { hash, bytes: encoded.length, core, prerequisite };
    const accepted = this.#intake.accept(ticket, collected.value, submitter);
    if (!accepted.ok) return accepted;
    this.#flights.set(toHex(hash), { ticket, submitter, state: { at: 'submitted' } });
    this.#record(hash, core, { stage: 'submitted', bytes: encoded.length, items: workPackage.items.length });
    for (const left of accepted.value) this.#refuse(left.hash, left.core, displaced(left.core ?? 'any'));
    return ok(hash);
  }

  /** Refuses what needs no work to be refused (D40). Packages whose story ended before they were Registered may come again. */
  #ensureNew(hash: Uint8Array): Result<void, Refusal> {
    const name = toHex(hash);
    if (this.#flights.has(name)) {
      return refuse(
        'alreadyKnown',
        `the package ${name} is on its way already: corejam_subscribePackage follows its stages`,
      );
    }
    if (this.#onChain.isRegistered(this.#options.chain.best().hash, hash)) {
      return refuse(
        'alreadyRegistered',
        `the package ${name} was Registered within the last ${RECENT_BLOCKS} blocks, and can't be Registered again: if it timed out, build it anew, with a newer context`,
      );
    }
    return ok(undefined);
  }

  #ensureAcceptable(workPackage: WorkPackage, core: number | undefined): Result<void, Refusal> {
    const recent = ensureRecent(this.#inCore, workPackage);
    if (!recent.ok) return recent;
    return core === undefined ? ok(undefined) : ensureCore(core, this.#onChain.cores(this.#options.chain.best().hash));
  }

  /** Those whose keys this process holds. */
  get validators(): readonly Validator[] {
    return this.#local.all;
  }

  /** Bytes of the encoded packages that this node keeps, from submission to the last stage. */
  get keptBytes(): number {
    return this.#intake.bytes;
  }

  /** Resolves when every package submitted so far is attested or refused. */
  async settled(): Promise<void> {
    await this.#intake.settled();
  }

  /** Recovers the package of a report from the shards of the validators in `from` (default: all). */
  recover(spec: WorkPackageSpec, from?: readonly number[]): Result<Recovered, string> {
    return this.#local.recover(spec, this.#inCore.validators(this.#options.chain.best().hash).length, from);
  }

  /** The reports that wait for availability on the best block. */
  pending(): readonly PendingReport[] {
    return this.#onChain.pending(this.#options.chain.best().hash);
  }

  /** The bitfields that an author would take for a block on `parent`. */
  bitfields(parent: BlockId): ReturnType<AvailabilityInherent['collect']> {
    return this.#availability.collect(parent);
  }

  /** Unsubscribes from blocks. */
  close(): void {
    this.#unsubscribe();
  }

  /** The steps of the intake's work. A package that was concluded meanwhile is left as it is. */
  #steps(): IntakeSteps {
    const best = (): Uint8Array => this.#options.chain.best().hash;
    const isRegistered = (hash: Uint8Array): boolean => this.#onChain.isRegistered(best(), hash);
    return {
      nowMs: () => this.#options.nowMs(),
      mayLeave: ({ hash }) => isUnregistered(this.#flights.get(toHex(hash))),
      isStuck: (ticket) => isStuck(ticket, this.#flights, isRegistered),
      canFollow: (ticket) => canFollow(ticket, this.#flights, isRegistered),
      shareLeft: (core, authId) => this.#onChain.shareLeft(best(), core, authId),
      authIds: ({ workPackage }) => {
        const at = workPackage.context.headerHash;
        return this.#inCore.block(at) === undefined ? [] : this.#onChain.authIds(at);
      },
      authorize: (collected, core) => authorize(this.#inCore, this.#options.runGuest, collected, core),
      authorized: (ticket, { core, authId, context, weight: weightPs }) => {
        const flight = this.#flightOf(ticket);
        if (flight?.state.at === 'submitted') flight.state = { at: 'authorized', core, context: context.hash };
        this.#record(ticket.hash, core, { stage: 'authorized', authId, weightPs });
      },
      refine: (ticket, authorized) => this.#refine(ticket, authorized),
      refused: ({ hash }, core, refusal) => this.#refuse(hash, core, refusal),
      failed: ({ hash }, core, error) => {
        this.#options.warn(`the package ${toHex(hash)} could not be worked on: ${String(error)}`);
        this.#refuse(hash, core, {
          reason: 'hostFault',
          message: 'this node failed while it worked on the package; it may be submitted again',
        });
      },
    };
  }

  #flightOf(ticket: Ticket): Flight | undefined {
    const flight = this.#flights.get(toHex(ticket.hash));
    return flight?.ticket === ticket ? flight : undefined;
  }

  async #refine(ticket: Ticket, authorized: Authorized): Promise<void> {
    const { hash } = ticket;
    const { core } = authorized;
    const recent = ensureRecent(this.#inCore, authorized.workPackage);
    if (!recent.ok) return this.#refuse(hash, core, recent.error);
    const answer = await refine(this.#inCore, this.#options.runGuest, authorized);
    const flight = this.#flightOf(ticket);
    if (flight?.state.at !== 'authorized') return; // it was concluded meanwhile
    if (!answer.ok) return this.#refuse(hash, core, answer.error);
    const refined = answer.value;
    const { report } = refined;
    this.#record(hash, core, {
      stage: 'refined',
      weightPs: report.results.reduce((sum, { weight }) => sum + weight, 0n),
      items: report.results.map(({ class: id, weight, result }, index) => ({
        class: id,
        weightPs: weight,
        result: result.ok
          ? { outputBytes: result.value.length }
          : { error: result.error, reason: refined.failures[index] ?? '' },
      })),
    });
    const attestation = this.#local.attest(refined);
    const { address, connection } = flight.submitter;
    flight.state = {
      at: 'attested',
      candidate: { attestation, submitter: [address, connection] },
      shards: refined.shards,
    };
    const signatures = attestation.attestations.length;
    this.#record(hash, core, { stage: 'attested', signatures, groupSize: refined.group.length });
    this.#options.chain.wakeAuthor();
  }

  #candidates(): Candidate[] {
    return [...this.#flights.values()].flatMap(({ state }) => (state.at === 'attested' ? [state.candidate] : []));
  }

  #onBlock(block: CommittedBlock): void {
    const { packages, classes } = this.#onChain.progress(block.hash);
    if (block.origin === 'own') {
      const registered = packages.filter(({ stage }) => stage === 'registered');
      const hashes = new Set(registered.map(({ packageHash }) => toHex(packageHash)));
      this.#reporting.blockMade((hash) => hashes.has(toHex(hash)));
    }
    this.#dropAbandoned(block);
    for (const progress of packages) {
      const { packageHash, core, stage } = progress;
      const flight = this.#flights.get(toHex(packageHash));
      if (flight === undefined) continue;
      this.tracker.record(
        packageHash,
        block.number,
        core,
        stage === 'accumulated'
          ? {
              stage: 'accumulated',
              classes: classes
                .filter((run) => run.packages.some((hash) => equal(hash, packageHash)))
                .map(({ classId: id, outcome, weightUsed }) => ({ class: id, outcome, weightPs: weightUsed })),
            }
          : { stage: stage === 'registered' ? 'reported' : stage },
      );
      const after = stateAfter(progress, flight.state, block);
      if (after === undefined) this.#drop(packageHash);
      else flight.state = after;
    }
    const handedOut = this.#handOutShards(block, packages);
    this.#expire(block);
    this.#wakeAuthor(handedOut, this.#onChain.pending(block.hash).length > 0);
    if (block.number % FORGETTING_BLOCKS === 0)
      this.#local.forgetBefore(block.number - (this.#options.shardsKeptBlocks ?? 600));
  }

  /** With instant sealing, nothing but a block takes packages further, or lets them time out or expire. */
  #wakeAuthor(handedOut: boolean, isPending: boolean): void {
    const states = [...this.#flights.values()].map(({ state }) => state);
    const helps = states.some(
      (state) =>
        state.at === 'available' ||
        (state.at === 'attested' && (state.candidate.waitsFor === 'block' || state.candidate.waitsFor === 'weight')),
    );
    if (handedOut || helps) this.#options.chain.wakeAuthor();
    else if (isPending || states.some(({ at }) => at === 'attested')) this.#options.chain.wakeAuthor(PATIENCE_MS);
  }

  /** Concludes packages whose Registration is not on the best chain any more. They may be submitted again. */
  #dropAbandoned(best: BlockId): void {
    for (const { ticket, state } of [...this.#flights.values()]) {
      if (state.at !== 'registered' && state.at !== 'available') continue;
      const there = this.#options.chain.blockHash(state.block.number);
      if (there !== undefined && equal(there, state.block.hash)) continue;
      const { hash } = ticket;
      this.#drop(hash);
      this.tracker.record(hash, best.number, state.core, {
        stage: 'refused',
        reason: 'abandonedFork',
        message: `block ${state.block.number}, which Registered the package, is not on the best chain any more: submit it again`,
      });
    }
  }

  /** Sends every validator its shard of each package that this block Registered. Returns whether any shard was kept. */
  #handOutShards(block: BlockId, packages: readonly Progress[]): boolean {
    const registered: { pending: PendingReport; shards: Encoded }[] = [];
    for (const { packageHash: hash, stage } of packages) {
      const flight = this.#flights.get(toHex(hash));
      if (stage !== 'registered' || flight?.state.at !== 'registered' || flight.state.shards === undefined) continue;
      const pending = this.#onChain.pending(block.hash).find(({ report }) => equal(report.packageSpec.hash, hash));
      if (pending === undefined) continue;
      registered.push({ pending, shards: flight.state.shards });
      flight.state = { ...flight.state, shards: undefined };
    }
    return registered.length > 0 && this.#local.handOut(registered, this.#inCore.validators(block.hash).length);
  }

  /** Concludes authorized packages that the next block can no longer Register. */
  #expire(block: BlockId): void {
    for (const { ticket, state } of [...this.#flights.values()]) {
      if (state.at !== 'authorized' && state.at !== 'attested') continue;
      const candidate = state.at === 'attested' ? state.candidate : undefined;
      const { core, context: at } = state.at === 'attested' ? whereOf(state.candidate) : state;
      const context = this.#inCore.block(at);
      if (context !== undefined && block.number + 1 - context.number < RECENT_BLOCKS) continue;
      const last = this.tracker.story(ticket.hash)?.at(-1);
      const waited =
        candidate === undefined
          ? ': its core had too much to refine'
          : candidate.waitsFor === 'prerequisite'
            ? ': its prerequisite has not come'
            : last?.stage === 'postponed'
              ? `: ${last.reason}`
              : '';
      this.#refuse(ticket.hash, core, {
        reason: 'expired',
        message: `the package was not Registered within ${RECENT_BLOCKS - 1} blocks of its context${waited}`,
      });
    }
  }

  #conclude(report: WorkReport, block: number, detail: StageDetail): void {
    const { hash } = report.packageSpec;
    this.#drop(hash);
    this.tracker.record(hash, block, report.coreIndex, detail);
  }

  /** Forgets a concluded package, which no longer counts to the node's bounds. */
  #drop(hash: Uint8Array): void {
    const flight = this.#flights.get(toHex(hash));
    if (flight === undefined) return;
    this.#flights.delete(toHex(hash));
    this.#intake.release(flight.ticket);
  }

  #refuse(hash: Uint8Array, core: number | undefined, refusal: Refusal): void {
    this.#drop(hash);
    this.#record(hash, core, { stage: 'refused', ...refusal });
  }

  #record(hash: Uint8Array, core: number | undefined, detail: StageDetail): void {
    this.tracker.record(hash, this.#options.chain.best().number, core, detail);
  }
}

function whereOf({ attestation: { report } }: Candidate): { core: number; context: Uint8Array } {
  return { core: report.coreIndex, context: report.context.headerHash };
}
