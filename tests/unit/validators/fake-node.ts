// A fake node without a runtime, for tests of the validators: it keeps the state of packages and implements the least
// of CoreJamApi. tests/integration uses a real node.
import { blake2_256, fromHex, Reader, text, toHex, utf8, writeBits, Writer } from '../../../host/bytes/index.js';
import {
  type Attestation,
  type Authorizer,
  decode,
  ERRORS,
  INHERENTS,
  type JoinAnswer,
  type Progress,
  type PruneRun,
  readAttestation,
  readSignedBitfield,
  readWorkReport,
  type RunRecord,
  type SignedBitfield,
  type WorkReport,
  writeAuthorizer,
  writeProgress,
  writePruneRun,
  writeRunRecord,
  writeWorkReport,
} from '../../../host/contract/index.js';
import { Batch, type Database, MemoryDatabase } from '../../../host/db/index.js';
import type {
  BlockKeeper,
  BlockListener,
  BlockRef,
  ChainView,
  InherentItem,
  InherentProvider,
} from '../../../host/node/index.js';
import type { PendingReport } from '../../../host/validators/index.js';
import type { ReportingError } from '../../harness/names.js';

/** Prune weight of an output of every class. */
const PRUNE_PS = 1_000_000_000n;

export class FakeNode implements ChainView {
  readonly blocks: BlockRef[] = [];
  validatorKeys: Uint8Array[] = [];
  groups: number[][] = [
    [0, 1],
    [2, 3],
    [4, 5],
  ];
  assigned = new Map<number, Authorizer & { id: number }>();
  classes = new Map<number, Uint8Array>();
  preimages = new Map<string, Uint8Array>();
  availabilityTimeOut = 10;
  bitfieldsMax = 1_000;
  /** Results of validate_reports and join; undefined for a valid report. */
  reportError: (attestation: Attestation, before: Attestation[]) => ReportingError | undefined = () => undefined;
  /** How many more reports under an AuthId the next block could Register on a core. */
  shareLeft: (core: number, authId: number) => number = () => 16;
  /** The answer of a class to its outputs in `reports`. */
  joinAnswer: (reports: WorkReport[], classId: number) => JoinAnswer = () => ({ kind: 'indices', indices: [] });
  /** Calls of `prune`: the class, and the number of its outputs. */
  prunes: [classId: number, outputs: number][] = [];
  /** Blocks fail after their inherents were provided. */
  failsAfterInherents = false;
  /** Requests for a block as soon as possible, and for one some time later. */
  wakes = 0;
  patientWakes = 0;
  /** The inherents of the last block. */
  lastInherents: { bitfields: SignedBitfield[]; attestations: Attestation[] } = { bitfields: [], attestations: [] };
  calls: string[] = [];

  readonly #providers: InherentProvider[] = [];
  readonly #keepers = new Set<BlockKeeper>();
  #pending: PendingReport[] = [];
  #votes = new Map<number, Set<number>>();
  /** The packages that are available and not accumulated yet. */
  readonly #queued = new Set<string>();
  /** What becomes of packages of other nodes in the next block. */
  foreign: Progress[] = [];
  #progress: Progress[] = [];
  #ran: RunRecord[] = [];
  /** Heights at which packages were Registered. */
  readonly #registered = new Map<string, number>();
  #forks = 0;
  readonly #lastOn = new Map<number, number>();

  constructor(readonly database: Database = new MemoryDatabase()) {
    this.#push();
  }

  /** Makes a block with the inherents of the providers. */
  author(): BlockRef {
    const parent = this.best();
    const number = parent.number + 1;
    this.#progress = this.foreign.splice(0);
    this.#ran = [];
    const building = {
      number,
      parent,
      slot: BigInt(number),
      timestampMs: BigInt(number),
      call: (method: string, args: Uint8Array): Uint8Array => this.runtimeCall(parent.hash, method, args),
    };
    this.lastInherents = { bitfields: [], attestations: [] };
    for (const provider of this.#providers) {
      const inherent = provider.provide(parent, building);
      if (inherent !== undefined) this.#apply(inherent);
    }
    if (this.failsAfterInherents) throw new Error('the block is not made');
    this.#settle(number);
    for (const { report } of this.lastInherents.attestations) {
      this.#pending.push({ core: report.coreIndex, report, registeredAt: number });
      this.#registered.set(toHex(report.packageSpec.hash), number);
      this.#lastOn.set(report.coreIndex, number);
      this.#progress.push({ packageHash: report.packageSpec.hash, core: report.coreIndex, stage: 'registered' });
    }
    for (const { packageHash, stage } of this.#progress) {
      if (stage === 'available') this.#queued.add(toHex(packageHash));
      else this.#queued.delete(toHex(packageHash));
    }
    const block = this.#push();
    const batch = new Batch();
    const durable = [...this.#keepers].map((keeper) => keeper.keep({ ...block, origin: 'own' }, batch));
    this.database.write(batch);
    for (const call of durable) call();
    return block;
  }

  /** What happens to those who use the chain when the process ends: they hear of nothing any more. */
  detach(): void {
    this.#providers.splice(0);
    this.#keepers.clear();
  }

  /** Abandons the blocks from `height` on, and what they Registered. Blocks after this are of another fork. */
  abandon(height: number): void {
    this.blocks.splice(height);
    this.#forks++;
    this.#pending = this.#pending.filter(({ registeredAt }) => registeredAt < height);
    for (const [hash, at] of this.#registered) if (at >= height) this.#registered.delete(hash);
  }

  pending(): readonly PendingReport[] {
    return this.#pending;
  }

  best(): BlockRef {
    return this.blocks.at(-1)!;
  }

  block(hash: Uint8Array): BlockRef | undefined {
    return this.blocks.find((block) => toHex(block.hash) === toHex(hash));
  }

  blockHash(number: number): Uint8Array | undefined {
    return this.blocks[number]?.hash;
  }

  subscribeBlocks(_listener: BlockListener): () => void {
    throw new Error('the validators keep blocks, and do not listen to them');
  }

  addBlockKeeper(keeper: BlockKeeper): () => void {
    this.#keepers.add(keeper);
    return () => void this.#keepers.delete(keeper);
  }

  addInherentProvider(source: InherentProvider): void {
    this.#providers.push(source);
  }

  wakeAuthor(withinMs = 0): void {
    if (withinMs === 0) this.wakes++;
    else this.patientWakes++;
  }

  /** Stores a preimage and returns its hash. */
  provide(preimage: Uint8Array): Uint8Array {
    const hash = blake2_256(preimage);
    this.preimages.set(toHex(hash), preimage);
    return hash;
  }

  runtimeCall(_at: Uint8Array, method: string, args: Uint8Array): Uint8Array {
    this.calls.push(method);
    const [reader, writer] = [new Reader(args), new Writer()];
    switch (method) {
      case 'CoreJamApi_cores':
        return writer.u16(this.groups.length).finish();
      case 'CoreJamApi_validators':
        return writer.vec(this.validatorKeys, (into, key) => into.raw(key)).finish();
      case 'CoreJamApi_group':
        return writer.vec(this.groups[reader.u16()] ?? [], (into, index) => into.u32(index)).finish();
      case 'CoreJamApi_authorizer':
        return writer
          .option(this.assigned.get(reader.u16()), (into, { id, ...authorizer }) =>
            writeAuthorizer(into.u32(id), authorizer),
          )
          .finish();
      case 'CoreJamApi_auth_ids':
        return writer
          .vec(
            this.groups.map((_, core) => this.assigned.get(core)),
            (into, assigned) => into.option(assigned?.id, (w, id) => w.u32(id)),
          )
          .finish();
      case 'CoreJamApi_class_code':
        return writer.option(this.classes.get(reader.u32()), (into, hash) => into.raw(hash)).finish();
      case 'CoreJamApi_lookup':
        return writer.option(this.preimages.get(toHex(reader.raw(32))), (into, data) => into.bytes(data)).finish();
      case 'CoreJamApi_lookup_length':
        return writer
          .option(this.preimages.get(toHex(reader.raw(32)))?.length, (into, length) => into.u32(length))
          .finish();
      case 'CoreJamApi_minimum_attestations':
        return writer.u32(1).finish();
      case 'CoreJamApi_pending':
        return writer
          .vec(this.#pending, (into, { core, report, registeredAt }) =>
            writeWorkReport(into.u16(core), report).u32(registeredAt),
          )
          .finish();
      case 'CoreJamApi_queued':
        return writer.u32(this.#queued.size).finish();
      case 'CoreJamApi_votes':
        return writer
          .vec(this.#pending, (into, { core }) => {
            const votes = this.#votes.get(core);
            writeBits(
              into.u16(core),
              this.validatorKeys.map((_, index) => votes?.has(index) === true),
            );
          })
          .finish();
      case 'CoreJamApi_bitfields_max':
        return writer.u32(this.bitfieldsMax).finish();
      case 'CoreJamApi_is_registered':
        return writer.bool(this.#registered.has(toHex(reader.raw(32)))).finish();
      case 'CoreJamApi_shares_left': {
        const core = reader.u16();
        return writer
          .vec(
            reader.vec((r) => r.u32()),
            (into, id) => into.u32(this.shareLeft(core, id)),
          )
          .finish();
      }
      case 'CoreJamApi_recently_registered':
        return writer.vec([...this.#registered.keys()], (into, hash) => into.raw(fromHex(hash))).finish();
      case 'CoreJamApi_progress':
        return writer.vec(this.#progress, writeProgress).vec(this.#ran, writeRunRecord).finish();
      case 'CoreJamApi_validate_reports':
        return this.#errors(writer, reader.vec(readAttestation), this.reportError);
      case 'CoreJamApi_screen_reports':
        return this.#errors(
          writer,
          reader.vec(readWorkReport).map((report) => ({ report, validators: [], attestations: [] })),
          () => undefined,
        );
      case 'CoreJamApi_last_registered':
        return writer
          .vec(
            reader.vec((r) => r.u16()),
            (into, core) => into.option(this.#lastOn.get(core), (w, at) => w.u32(at)),
          )
          .finish();
      case 'CoreJamApi_join_terms':
        return writer
          .u64(1_500_000_000_000n)
          .vec(
            reader.vec((r) => r.u32()),
            (into) => into.u64(PRUNE_PS),
          )
          .finish();
      case 'CoreJamApi_join':
        return writer
          .vec(
            this.#join(
              reader.vec((r) => readWorkReport(r)),
              reader.vec((r) => r.u32()),
            ),
            writePruneRun,
          )
          .finish();
      default:
        throw new Error(`the fake node has no ${method}`);
    }
  }

  #errors(writer: Writer, attestations: Attestation[], errorOf: FakeNode['reportError']): Uint8Array {
    const before: Attestation[] = [];
    const errors = attestations.map((attestation) => {
      const error = this.#validateOne(attestation, before) ?? errorOf(attestation, before);
      if (error === undefined) before.push(attestation);
      return error;
    });
    return writer
      .vec(errors, (into, error) => into.option(error, (inner, name) => inner.u8(ERRORS.Reporting.indexOf(name))))
      .finish();
  }

  #join(reports: WorkReport[], classes: number[]): PruneRun[] {
    return classes.map((id) => {
      const outputs = reports.flatMap(({ results }) => results.filter((one) => one.class === id && one.result.ok));
      this.prunes.push([id, outputs.length]);
      const weightGiven = PRUNE_PS * BigInt(outputs.length);
      return { classId: id, answer: this.joinAnswer(reports, id), weightGiven, weightUsed: weightGiven / 2n };
    });
  }

  /** A core has one report at a time; prerequisites come first. */
  #validateOne({ report }: Attestation, before: readonly Attestation[]): ReportingError | undefined {
    if (this.#pending.some(({ core }) => core === report.coreIndex)) return 'CoreOccupied';
    if (before.some((other) => other.report.coreIndex === report.coreIndex)) return 'GroupReported';
    const { prerequisite } = report.context;
    if (prerequisite === undefined || this.#registered.has(toHex(prerequisite))) return undefined;
    const comes = before.some((other) => toHex(other.report.packageSpec.hash) === toHex(prerequisite));
    return comes ? undefined : 'PrerequisiteMissing';
  }

  #apply({ identifier, data }: InherentItem): void {
    const name = text(identifier);
    if (name === INHERENTS.Availability.bitfields) {
      this.lastInherents.bitfields = decode((r) => r.vec(readSignedBitfield), data);
      for (const { validator, bits } of this.lastInherents.bitfields) {
        bits.forEach((bit, core) => {
          if (bit) this.#votes.set(core, (this.#votes.get(core) ?? new Set()).add(validator));
        });
      }
      this.#settle(this.best().number + 1);
    } else if (name === INHERENTS.Reporting.report) {
      this.lastInherents.attestations = decode((r) => r.vec(readAttestation), data);
    } else {
      throw new Error(`unknown inherent ${name}`);
    }
  }

  /** D8: n − ⌊(n − 1) / 3⌋ votes; D15: ten blocks. */
  #settle(number: number): void {
    const n = this.validatorKeys.length;
    this.#pending = this.#pending.filter(({ core, report, registeredAt }) => {
      const packageHash = report.packageSpec.hash;
      const votes = this.#votes.get(core)?.size ?? 0;
      if (votes >= n - Math.floor((n - 1) / 3)) {
        this.#progress.push({ packageHash, core, stage: 'available' }, { packageHash, core, stage: 'accumulated' });
        for (const id of new Set(report.results.map((result) => result.class)))
          this.#ran.push({ classId: id, packages: [packageHash], outcome: 'returned', weightUsed: 42n });
      } else if (number - registeredAt >= this.availabilityTimeOut) {
        this.#progress.push({ packageHash, core, stage: 'timedOut' });
      } else {
        return true;
      }
      this.#votes.delete(core);
      return false;
    });
  }

  #push(): BlockRef {
    const number = this.blocks.length;
    const hashOf = (what: string): Uint8Array => blake2_256(utf8(`${what} ${number} of fork ${this.#forks}`));
    const header = {
      parentHash: this.blocks.at(-1)?.hash ?? new Uint8Array(32),
      number,
      stateRoot: hashOf('state'),
      extrinsicsRoot: hashOf('extrinsics'),
      digest: [],
    };
    this.blocks.push({ hash: hashOf('block'), number, header });
    return this.best();
  }
}
