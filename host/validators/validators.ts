// All validators of a dev chain: accepts packages, refines and attests them, distributes shards, and provides the
// author's two inherents.
//
// Spec: RFC-0031 § Processing stages of a Work Package; D5a, D7, D8, D14, D20. A group's members run in one process and
// refinement is deterministic, so it is done once for all of them; each then signs with its own key and keeps its own
// shard. The caller provides time, signing keys, the database and the chain.
import { equal, err, ok, type Result, toHex } from '../bytes/index.js';
import {
  type Attestation,
  RECENT_BLOCKS,
  type Progress,
  type Stage,
  type WorkPackageSpec,
  type WorkReport,
} from '../contract/index.js';
import { Batch } from '../db/index.js';
import type { Database } from '../db/index.js';
import type { Encoded } from '../erasure/index.js';
import { authorize, chainOver, collect, ensureRecent, refine, refuse } from '../incore/index.js';
import type {
  Authorized,
  BlockId,
  Collected,
  GuestRunner,
  InCoreChain,
  Refined,
  Refusal,
  Signer,
} from '../incore/index.js';
import { AvailabilityInherent } from './availability.js';
import { Lanes } from './lanes.js';
import { OnChain } from './on-chain.js';
import type { PendingReport } from './on-chain.js';
import { recoverPackage, type Recovered } from './recovery.js';
import type { Candidate } from './candidates.js';
import { ReportingInherent } from './reporting.js';
import { SHARDS_COLUMN } from './shard-store.js';
import type { ShardParcel } from './shard-store.js';
import { Tracker } from './tracker.js';
import type { StageDetail } from './tracker.js';
import type { ChainView } from '../node/index.js';
import type { Surroundings } from './surroundings.js';
import { Validator } from './validator.js';

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
}

/** Most packages in progress at a time, and most bytes of them together. */
const FLIGHTS_MAX = 1_024;
const FLIGHT_BYTES_MAX = 256 * 1024 * 1024;
/** Interval, in blocks, at which old shards are removed. */
const FORGETTING_BLOCKS = 64;

/** A package in progress: from submission to its last stage. */
interface Flight {
  readonly hash: Uint8Array;
  readonly bytes: number;
  state: FlightState;
}

type FlightState =
  | { readonly at: 'submitted' }
  /** Its core works on it. */
  | { readonly at: 'authorized'; readonly core: number }
  /** It waits to be Registered. */
  | { readonly at: 'attested'; readonly core: number; readonly candidate: Candidate; readonly shards: Encoded }
  /** The shards are kept until they are sent. */
  | { readonly at: 'registered'; readonly shards: Encoded | undefined }
  /** It waits for accumulation, usually for less than a block. */
  | { readonly at: 'available' };

/** The state of a package after the chain has taken it to `stage`. */
function stateAfter(stage: Stage, state: FlightState): FlightState | 'concluded' {
  switch (stage) {
    case 'registered':
      return { at: 'registered', shards: state.at === 'attested' ? state.shards : undefined };
    case 'available':
      return { at: 'available' };
    case 'timedOut':
    case 'accumulated':
    case 'discarded':
      return 'concluded';
  }
}

export class Validators {
  readonly tracker: Tracker;
  readonly validators: readonly Validator[];
  readonly #options: ValidatorsOptions;
  readonly #inCore: InCoreChain;
  readonly #onChain: OnChain;
  readonly #availability: AvailabilityInherent;
  readonly #flights = new Map<string, Flight>();
  readonly #lanes = new Lanes();
  #unsubscribe: () => void;

  constructor(options: ValidatorsOptions) {
    this.#options = options;
    const { chain, database, signers } = options;
    this.tracker = new Tracker(
      () => options.nowMs(),
      (message) => options.warn(message),
    );
    this.#inCore = chainOver(chain);
    this.#onChain = new OnChain(chain);
    const keys = new Map(signers.map((signer) => [toHex(signer.publicKey), signer]));
    const shards = database.column(SHARDS_COLUMN);
    this.validators = this.#inCore.validators(chain.best().hash).flatMap((key, index) => {
      const signer = keys.get(toHex(key));
      return signer === undefined ? [] : [new Validator(index, signer, shards)];
    });
    this.#availability = new AvailabilityInherent(() => this.validators, this.#onChain, options);
    chain.addInherentProvider(this.#availability);
    chain.addInherentProvider(
      new ReportingInherent(() => this.#candidates(), {
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
      }),
    );
    this.#unsubscribe = chain.subscribeBlocks((block) => this.#onBlock(block));
    // After a restart, shards that were distributed earlier are kept, and their bits may be unsigned yet.
    if (this.#onChain.pending(chain.best().hash).length > 0) chain.wakeAuthor();
  }

  /**
   * Accepts a package, for `core` or for any core whose Authorizer accepts it. Returns its hash at once; `tracker`
   * reports its stages, including a later refusal.
   */
  submit(encoded: Uint8Array, core?: number): Result<Uint8Array, Refusal> {
    const collected = collect(encoded);
    if (!collected.ok) return collected;
    const { hash, workPackage } = collected.value;
    if (this.#flights.has(toHex(hash)))
      return refuse('alreadyKnown', `the package ${toHex(hash)} is on its way already`);
    const recent = ensureRecent(this.#inCore, workPackage);
    if (!recent.ok) return recent;
    let bytes = encoded.length;
    for (const flight of this.#flights.values()) bytes += flight.bytes;
    if (this.#flights.size >= FLIGHTS_MAX || bytes > FLIGHT_BYTES_MAX) {
      return refuse(
        'busy',
        `${this.#flights.size} packages are on their way, and this node keeps no more at a time: try again later`,
      );
    }
    const flight: Flight = {
      hash,
      bytes: encoded.length,
      state: { at: 'submitted' },
    };
    this.#flights.set(toHex(hash), flight);
    this.#record(hash, core, { stage: 'submitted', bytes: encoded.length, items: workPackage.items.length });
    this.#lanes.start(
      this.#process(flight, collected.value, core).catch((error: unknown) => {
        this.#options.warn(`the package ${toHex(hash)} could not be worked on: ${String(error)}`);
        this.#refuse(hash, core, {
          reason: 'hostFault',
          message: 'this node failed while it worked on the package; it may be submitted again',
        });
      }),
    );
    return ok(hash);
  }

  /** Resolves when every package submitted so far is attested or refused. */
  async settled(): Promise<void> {
    await this.#lanes.settled();
  }

  /** Recovers the package of a report from the shards of the validators in `from` (default: all). */
  recover(spec: WorkPackageSpec, from?: readonly number[]): Result<Recovered, string> {
    const count = this.#inCore.validators(this.#options.chain.best().hash).length;
    const byIndex = new Map(this.validators.map((validator) => [validator.index, validator]));
    return recoverPackage(spec, count, (index) =>
      from === undefined || from.includes(index) ? byIndex.get(index)?.shardOf(spec.hash) : undefined,
    );
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

  /** Each core processes its packages one after another, in order; cores work concurrently. */
  async #process(flight: Flight, collected: Collected, core: number | undefined): Promise<void> {
    const take = async (): Promise<Authorized | undefined> => {
      const answer = await this.#authorize(collected, core);
      if (!answer.ok) {
        this.#refuse(flight.hash, core, answer.error);
        return undefined;
      }
      const authorized = answer.value;
      flight.state = { at: 'authorized', core: authorized.core };
      this.#record(flight.hash, authorized.core, {
        stage: 'authorized',
        authId: authorized.authId,
        weightPs: authorized.weight,
      });
      return authorized;
    };
    if (core !== undefined) {
      return this.#lanes.run(core, async () => {
        const authorized = await take();
        if (authorized !== undefined) await this.#refine(flight, authorized);
      });
    }
    // Without a core, the choice depends on the load of the cores, so packages are authorized one after another.
    let refined: Promise<void> | undefined;
    await this.#lanes.run('any', async () => {
      const authorized = await take();
      if (authorized !== undefined) refined = this.#lanes.run(authorized.core, () => this.#refine(flight, authorized));
    });
    await refined;
  }

  async #refine(flight: Flight, authorized: Authorized): Promise<void> {
    const answer = await refine(this.#inCore, this.#options.runGuest, authorized);
    if (!answer.ok) return this.#refuse(flight.hash, authorized.core, answer.error);
    const refined = answer.value;
    const { report } = refined;
    this.#record(flight.hash, authorized.core, {
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
    const attestation = this.#attest(refined);
    flight.state = { at: 'attested', core: authorized.core, candidate: { attestation }, shards: refined.shards };
    const signatures = attestation.attestations.length;
    this.#record(flight.hash, authorized.core, { stage: 'attested', signatures, groupSize: refined.group.length });
    this.#options.chain.wakeAuthor();
  }

  /** Authorizes on `core` if given; otherwise on the first core that accepts, tried in ascending order of load. */
  async #authorize(collected: Collected, core: number | undefined): Promise<Result<Authorized, Refusal>> {
    const { runGuest } = this.#options;
    if (core !== undefined) return authorize(this.#inCore, runGuest, collected, core);
    const at = collected.workPackage.context.headerHash;
    const load = new Map<number, number>();
    for (const { state } of this.#flights.values()) {
      if ('core' in state) load.set(state.core, (load.get(state.core) ?? 0) + 1);
    }
    const cores = Array.from({ length: this.#inCore.cores(at) }, (_, index) => index).sort(
      (a, b) => (load.get(a) ?? 0) - (load.get(b) ?? 0) || a - b,
    );
    let refusal: Refusal = {
      reason: 'coreUnassigned',
      message: "no core has an Authorizer assigned at the package's context block",
    };
    for (const candidate of cores) {
      if (this.#inCore.authorizer(at, candidate) === undefined) continue;
      const authorized = await authorize(this.#inCore, runGuest, collected, candidate);
      if (authorized.ok) return authorized;
      refusal = authorized.error;
    }
    return err(refusal);
  }

  /** Signatures of the group's members whose keys this process holds. */
  #attest({ report, group }: Refined): Attestation {
    const members = group.map((index) => this.validators.find((validator) => validator.index === index));
    return {
      report,
      validators: members.map((member) => member !== undefined),
      attestations: members.flatMap((member) => (member === undefined ? [] : [member.attest(report)])),
    };
  }

  #candidates(): Candidate[] {
    return [...this.#flights.values()].flatMap(({ state }) => (state.at === 'attested' ? [state.candidate] : []));
  }

  #onBlock(block: BlockId): void {
    const { packages, classes } = this.#onChain.progress(block.hash);
    for (const { packageHash, core, stage } of packages) {
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
                .map(({ class: id, outcome, weightUsed }) => ({ class: id, outcome, weightPs: weightUsed })),
            }
          : { stage: stage === 'registered' ? 'reported' : stage },
      );
      const after = stateAfter(stage, flight.state);
      if (after === 'concluded') this.#flights.delete(toHex(packageHash));
      else flight.state = after;
    }
    const handedOut = this.#handOutShards(block, packages);
    this.#expire(block);
    // Another block helps only these; packages that wait for a prerequisite or for shards don't need one.
    const waiting = [...this.#flights.values()].some(
      ({ state }) =>
        state.at === 'available' ||
        (state.at === 'attested' && (state.candidate.waitsFor === 'block' || state.candidate.waitsFor === 'weight')),
    );
    if (handedOut || waiting) this.#options.chain.wakeAuthor();
    if (block.number % FORGETTING_BLOCKS === 0) this.#forgetShards(block.number);
  }

  /** Sends every validator its shard of each package that this block Registered. Returns whether any shard was kept. */
  #handOutShards(block: BlockId, packages: readonly Progress[]): boolean {
    const batch = new Batch();
    const count = this.#inCore.validators(block.hash).length;
    for (const { packageHash: hash, stage } of packages) {
      const flight = this.#flights.get(toHex(hash));
      if (stage !== 'registered' || flight?.state.at !== 'registered' || flight.state.shards === undefined) continue;
      const pending = this.#onChain
        .pending(block.hash)
        .find(({ report }) => toHex(report.packageSpec.hash) === toHex(hash));
      if (pending === undefined) continue;
      const { shards, paths } = flight.state.shards;
      flight.state = { at: 'registered', shards: undefined };
      for (const validator of this.validators) {
        // One for each validator of the context block; `receive` refuses one that is not under the reported root.
        const parcel = { shard: shards[validator.index]!, path: paths[validator.index]! };
        const delivered = this.#options.deliver === undefined ? parcel : this.#options.deliver(validator.index, parcel);
        if (delivered === undefined) continue;
        if (!validator.receive(batch, pending.report, pending.registeredAt, count, delivered)) {
          this.#options.warn(
            `validator ${validator.index} refused its shard of ${toHex(hash)}: it is not under the reported root`,
          );
        }
      }
    }
    if (batch.writes.length === 0) return false;
    this.#options.database.write(batch);
    return true;
  }

  /** Concludes packages that the next block can no longer Register. */
  #expire(block: BlockId): void {
    for (const candidate of this.#candidates()) {
      const { report } = candidate.attestation;
      const context = this.#inCore.block(report.context.headerHash);
      if (context !== undefined && block.number + 1 - context.number < RECENT_BLOCKS) continue;
      const waited = candidate.waitsFor === 'prerequisite' ? ': its prerequisite has not come' : '';
      this.#conclude(report, block.number, {
        stage: 'refused',
        reason: 'expired',
        message: `the package was not Registered within ${RECENT_BLOCKS - 1} blocks of its context${waited}`,
      });
    }
  }

  #forgetShards(height: number): void {
    const batch = new Batch();
    const before = height - (this.#options.shardsKeptBlocks ?? 600);
    for (const validator of this.validators) validator.forgetBefore(batch, before);
    if (batch.writes.length > 0) this.#options.database.write(batch);
  }

  #conclude(report: WorkReport, block: number, detail: StageDetail): void {
    const { hash } = report.packageSpec;
    this.#flights.delete(toHex(hash));
    this.tracker.record(hash, block, report.coreIndex, detail);
  }

  #refuse(hash: Uint8Array, core: number | undefined, refusal: Refusal): void {
    this.#flights.delete(toHex(hash));
    this.#record(hash, core, { stage: 'refused', ...refusal });
  }

  #record(hash: Uint8Array, core: number | undefined, detail: StageDetail): void {
    this.tracker.record(hash, this.#options.chain.best().number, core, detail);
  }
}
