// All validators of a dev chain: accepts packages, has them refined and attested, follows them through blocks, and provides
// the author's two inherents. What validators sign and keep is in local.ts.
//
// Spec: RFC-0031 § Processing stages of a Work Package; D5a, D7, D8, D14, D20. A group's members run in one process and
// refinement is deterministic, so it is done once for all of them; each then signs with its own key and keeps its own
// shard. The caller provides time, signing keys, the database and the chain.
import { Failure, ok, type Result, toHex } from '../bytes/index.js';
import { RECENT_BLOCKS, type WorkPackage, type WorkPackageSpec } from '../contract/index.js';
import type { Batch } from '../db/index.js';
import { authorize, chainOver, collect, ensureCore, ensureRecent, refine, refuse } from '../incore/index.js';
import type { Authorized, BlockId, GuestRunner, InCoreChain, Refusal, Signer } from '../incore/index.js';
import { AvailabilityInherent } from './availability.js';
import { BOUNDS, type Bounds } from './queues/bounds.js';
import { type Submitter, THIS_PROCESS } from './queues/fairness.js';
import { canFollow, type Flight, isStuck, isUnregistered } from './flights.js';
import { Following } from './block-following.js';
import { displaced, Intake, type IntakeSteps, type Ticket } from './queues/intake.js';
import { Journal } from './journal.js';
import { LocalValidators } from './local.js';
import { OnChain } from './on-chain.js';
import type { PendingReport } from './on-chain.js';
import { PackageStore } from './package-store.js';
import type { Recovered } from './recovery.js';
import { ReportingInherent } from './selection/reporting.js';
import { restore } from './restoring.js';
import type { ShardParcel } from './shard-store.js';
import { Tracker } from './tracker.js';
import type { StageDetail, StageEvent } from './tracker.js';
import type { ChainView } from '../node/index.js';
import type { Surroundings } from './surroundings.js';
import type { Validator } from './validator.js';

export interface ValidatorsOptions extends Surroundings {
  chain: ChainView;
  runGuest: GuestRunner;
  /** The keys that this process holds; validators with other keys do not sign. */
  signers: readonly Signer[];
  /** Transports a shard to its validator. For tests: may change or lose it. */
  deliver?(validator: number, parcel: ShardParcel): ShardParcel | undefined;
  /** For how many blocks validators keep their shards. Default: SHARDS_KEPT_BLOCKS. */
  shardsKeptBlocks?: number;
  /** How much it keeps at a time. Default: BOUNDS. */
  bounds?: Partial<Bounds>;
}

/** An hour of six-second blocks. */
const SHARDS_KEPT_BLOCKS = 600;

export class Validators {
  readonly tracker: Tracker;
  readonly #options: ValidatorsOptions;
  readonly #inCore: InCoreChain;
  readonly #onChain: OnChain;
  readonly #local: LocalValidators;
  readonly #availability: AvailabilityInherent;
  readonly #following: Following;
  readonly #reporting: ReportingInherent;
  readonly #flights = new Map<string, Flight>();
  readonly #intake: Intake;
  readonly #store: PackageStore;
  readonly #journal: Journal;
  readonly #unsubscribe: () => void;
  #arrivals: number;
  readonly #connections = new WeakMap<object, string>();
  #isClosed = false;

  constructor(options: ValidatorsOptions) {
    this.#options = options;
    const { chain, signers } = options;
    const warn = (message: string): void => options.warn(message);
    this.tracker = new Tracker({
      warn,
      update: () => this.#journal.tryToWrite(),
      forgotten: (hash) => this.#journal.forget(hash),
    });
    this.#store = new PackageStore(chain.database);
    this.#journal = new Journal(chain.database, this.#store, this.tracker, warn);
    this.#inCore = chainOver(chain);
    this.#intake = new Intake({ ...BOUNDS, ...options.bounds }, this.#steps());
    this.#onChain = new OnChain(chain);
    this.#local = new LocalValidators(this.#inCore.validators(chain.best().hash), signers, chain.database, options);
    this.#availability = new AvailabilityInherent(() => this.validators, this.#onChain, options);
    chain.addInherentProvider(this.#availability);
    this.#following = new Following({
      chain,
      inCore: this.#inCore,
      onChain: this.#onChain,
      flights: this.#flights,
      local: this.#local,
      store: this.#store,
      journal: this.#journal,
      shardsKeptBlocks: options.shardsKeptBlocks ?? SHARDS_KEPT_BLOCKS,
      nowMs: () => options.nowMs(),
      blockMade: (isRegistered) => this.#reporting.blockMade(isRegistered),
      drop: (hash) => this.#drop(hash),
      leave: (candidate) => this.#reporting.remove(candidate),
    });
    this.#reporting = new ReportingInherent(this.#following.findings);
    chain.addInherentProvider(this.#reporting);
    this.#arrivals = restore({
      chain,
      inCore: this.#inCore,
      store: this.#store,
      tracker: this.tracker,
      intake: this.#intake,
      flights: this.#flights,
      refuse: (hash, core, refusal) => this.#refuse(hash, core, refusal),
    });
    for (const { state } of this.#flights.values()) if (state.at === 'attested') this.#reporting.add(state.candidate);
    this.#unsubscribe = chain.addBlockKeeper(this.#following);
    this.#following.wakeAuthorAtStart();
  }

  /**
   * Accepts a package, for `core` or for any core whose Authorizer accepts it. Returns its hash at once; `tracker`
   * reports its stages, including a later refusal. Submitters share full queues fairly (D40). What is returned outlives this
   * process (D43).
   */
  submit(encoded: Uint8Array, core?: number, submitter: Submitter = THIS_PROCESS): Result<Uint8Array, Refusal> {
    const taken = this.#take(encoded, core, submitter);
    if (!taken.ok) return taken;
    return this.#stored(taken.value, this.#tryToWrite());
  }

  /** The same, for many submitters: all that are submitted in one turn of the event loop are written at once. */
  async submitWithOthers(
    encoded: Uint8Array,
    core: number | undefined,
    submitter: Submitter,
  ): Promise<Result<Uint8Array, Refusal>> {
    const taken = this.#take(encoded, core, submitter);
    if (!taken.ok) return taken;
    const failure = await new Promise<string | undefined>((resolve) => this.#journal.whenWritten(resolve));
    return this.#stored(taken.value, failure);
  }

  /** Takes a package in, which is not on disk yet. */
  #take(encoded: Uint8Array, core: number | undefined, submitter: Submitter): Result<Ticket, Refusal> {
    const collected = collect(encoded, (hash) => this.#ensureNew(hash));
    if (!collected.ok) return collected;
    const { hash, workPackage } = collected.value;
    const acceptable = this.#ensureAcceptable(workPackage, core);
    if (!acceptable.ok) return acceptable;
    if (this.#isClosed) return refuse('hostFault', 'this node is stopping: submit the package again once it runs');
    // While nothing can be written, nothing is taken in that would have to be given up.
    const failure = this.#journal.isFailing ? this.#tryToWrite() : undefined;
    if (failure !== undefined) return notStored(failure);
    const { prerequisite } = workPackage.context;
    const ticket: Ticket = { hash, bytes: encoded.length, core, prerequisite };
    const accepted = this.#intake.accept(ticket, collected.value, submitter);
    if (!accepted.ok) return accepted;
    this.#flights.set(toHex(hash), { ticket, submitter, state: { at: 'submitted' } });
    const connection = this.#nameOf(submitter.connection);
    const stored = { hash, arrival: this.#arrivals++, core, address: submitter.address, connection, encoded };
    const items = workPackage.items.length;
    this.#record(hash, core, { stage: 'submitted', bytes: encoded.length, items }, (batch) =>
      this.#store.putPackage(batch, stored),
    );
    for (const left of accepted.value) this.#refuse(left.hash, left.core, displaced(left.core ?? 'any'));
    return ok(ticket);
  }

  /** The answer to a submission; `failure`: why the package could not be written. */
  #stored(ticket: Ticket, failure: string | undefined): Result<Uint8Array, Refusal> {
    if (failure === undefined) return ok(ticket.hash);
    const refused = notStored(failure);
    if (!refused.ok && this.#flightOf(ticket) !== undefined) this.#refuse(ticket.hash, ticket.core, refused.error);
    return refused;
  }

  /** Writes all that is not on disk yet. Returns why it can't. */
  #tryToWrite(): string | undefined {
    try {
      this.#journal.write();
      return undefined;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return error.message;
    }
  }

  /** The name of a connection, which is as unlike others as the connection is, also after a restart. */
  #nameOf(connection: object | string): string {
    if (typeof connection === 'string') return connection;
    const name = this.#connections.get(connection) ?? `connection of package ${this.#arrivals}`;
    this.#connections.set(connection, name);
    return name;
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
    this.#journal.tryToWrite();
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

  /** Stops: packages in progress go on when the chain is opened again. */
  close(): void {
    this.#unsubscribe();
    this.#journal.close();
    this.#isClosed = true;
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
        if (this.#isClosed) return;
        this.#record(ticket.hash, core, { stage: 'authorized', authId, weightPs });
      },
      refine: (ticket, authorized) => this.#refine(ticket, authorized),
      refused: ({ hash }, core, refusal) => {
        if (!this.#isClosed) this.#refuse(hash, core, refusal);
      },
      failed: ({ hash }, core, error) => {
        if (this.#isClosed) return;
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
    if (this.#isClosed) return;
    const recent = ensureRecent(this.#inCore, authorized.workPackage);
    if (!recent.ok) return this.#refuse(hash, core, recent.error);
    const answer = await refine(this.#inCore, this.#options.runGuest, authorized);
    const flight = this.#flightOf(ticket);
    if (flight?.state.at !== 'authorized' || this.#isClosed) return; // it was concluded meanwhile, or goes on later
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
    const candidate = { attestation, submitter: [address, connection] };
    flight.state = { at: 'attested', candidate, shards: () => refined.shards };
    this.#reporting.add(candidate);
    const signatures = attestation.attestations.length;
    this.#record(hash, core, { stage: 'attested', signatures, groupSize: refined.group.length }, (batch) =>
      this.#store.putAttestation(batch, attestation),
    );
    this.#options.chain.wakeAuthor();
  }

  /** Forgets a concluded package, which no longer counts to the node's bounds. */
  #drop(hash: Uint8Array): void {
    const flight = this.#flights.get(toHex(hash));
    if (flight === undefined) return;
    this.#flights.delete(toHex(hash));
    if (flight.state.at === 'attested') this.#reporting.remove(flight.state.candidate);
    this.#intake.release(flight.ticket);
  }

  #refuse(hash: Uint8Array, core: number | undefined, refusal: Refusal): void {
    this.#drop(hash);
    this.#record(hash, core, { stage: 'refused', ...refusal }, (batch) => this.#store.removePackage(batch, hash));
  }

  /** A package reaches a stage between blocks. `change`: the writes that belong to it. */
  #record(hash: Uint8Array, core: number | undefined, detail: StageDetail, change?: (batch: Batch) => void): void {
    this.#journal.record(this.#event(hash, this.#options.chain.best().number, core, detail), change);
  }

  #event(hash: Uint8Array, block: number, core: number | undefined, detail: StageDetail): StageEvent {
    return { ...detail, package: hash, timeMs: this.#options.nowMs(), block, core };
  }
}

function notStored(reason: string): Result<never, Refusal> {
  return refuse('hostFault', `this node can't store the package, which may be submitted again: ${reason}`);
}
