// A node without a runtime: it keeps the packages' state itself and answers CoreJamApi from it, so that the validators can
// be watched from outside. What it does is the least that the contract of CoreJamApi says; the real one is tests/integration's.
import { blake2_256, Reader, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { decodeAttestations, decodeBitfields, readReport, writeReport } from '../../../host/incore/index.js';
import type { Attestation, SignedBitfield, WorkReport } from '../../../host/incore/index.js';
import type {
  BlockListener,
  BlockRef,
  ChainView,
  CommittedBlock,
  InherentItem,
  InherentProvider,
} from '../../../host/node/index.js';
import type { JoinAnswer, PendingReport } from '../../../host/validators/index.js';

type Progress = { hash: Uint8Array; core: number; stage: number };

export class FakeNode implements ChainView {
  readonly blocks: BlockRef[] = [];
  validatorKeys: Uint8Array[] = [];
  groups: number[][] = [
    [0, 1],
    [2, 3],
    [4, 5],
  ];
  assigned = new Map<number, { id: number; codeHash: Uint8Array; param: Uint8Array }>();
  classes = new Map<number, Uint8Array>();
  preimages = new Map<string, Uint8Array>();
  availabilityTimeOut = 10;
  /** What validate_reports and join answer; undefined is "fine". */
  reportError: (attestation: Attestation, before: Attestation[]) => number | undefined = () => undefined;
  joinAnswers: (reports: WorkReport[]) => Map<number, JoinAnswer> = () => new Map();
  wakes = 0;
  /** What the last block carried. */
  lastInherents: { bitfields: SignedBitfield[]; attestations: Attestation[] } = { bitfields: [], attestations: [] };
  calls: string[] = [];

  readonly #providers: InherentProvider[] = [];
  readonly #listeners = new Set<BlockListener>();
  #pending: PendingReport[] = [];
  #votes = new Map<number, Set<number>>();
  #progress: Progress[] = [];
  #ran: number[] = [];
  readonly #registered = new Set<string>();

  constructor() {
    this.#push();
  }

  /** Makes a block of what the providers give. */
  author(): BlockRef {
    const parent = this.best();
    const number = parent.number + 1;
    this.#progress = [];
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
    this.#settle(number);
    for (const { report } of this.lastInherents.attestations) {
      this.#pending.push({ core: report.coreIndex, report, registeredAt: number });
      this.#registered.add(toHex(report.packageSpec.hash));
      this.#progress.push({ hash: report.packageSpec.hash, core: report.coreIndex, stage: 0 });
    }
    const block = this.#push();
    const committed: CommittedBlock = { ...block, origin: 'own', extrinsics: [], changes: [] };
    for (const listener of this.#listeners) listener(committed);
    return block;
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

  subscribeBlocks(listener: BlockListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  addInherentProvider(source: InherentProvider): void {
    this.#providers.push(source);
  }

  wakeAuthor(): void {
    this.wakes++;
  }

  /** Stores a preimage and answers its hash. */
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
          .option(this.assigned.get(reader.u16()), (into, { id, codeHash, param }) =>
            into.u32(id).raw(codeHash).bytes(param),
          )
          .finish();
      case 'CoreJamApi_class_code':
        return writer.option(this.classes.get(reader.u32()), (into, hash) => into.raw(hash)).finish();
      case 'CoreJamApi_lookup':
        return writer.option(this.preimages.get(toHex(reader.raw(32))), (into, data) => into.bytes(data)).finish();
      case 'CoreJamApi_minimum_attestations':
        return writer.u32(1).finish();
      case 'CoreJamApi_pending':
        return writer
          .vec(this.#pending, (into, { core, report, registeredAt }) => {
            into.u16(core);
            writeReport(into, report);
            into.u32(registeredAt);
          })
          .finish();
      case 'CoreJamApi_progress':
        return writer
          .vec(this.#progress, (into, { hash, core, stage }) => into.raw(hash).u16(core).u8(stage))
          .vec(this.#ran, (into, id) => into.u32(id).u8(0).u64(42n))
          .finish();
      case 'CoreJamApi_validate_reports':
        return writer
          .vec(this.#validate(decodeAttestations(args)), (into, error) =>
            into.option(error, (inner, index) => inner.u8(index)),
          )
          .finish();
      case 'CoreJamApi_join':
        return this.#join(args);
      default:
        throw new Error(`the fake node has no ${method}`);
    }
  }

  #validate(attestations: Attestation[]): (number | undefined)[] {
    const before: Attestation[] = [];
    return attestations.map((attestation) => {
      const error = this.#validateOne(attestation, before) ?? this.reportError(attestation, before);
      if (error === undefined) before.push(attestation);
      return error;
    });
  }

  /** A core takes one report at a time; prerequisites come first. */
  #validateOne({ report }: Attestation, before: readonly Attestation[]): number | undefined {
    if (this.#pending.some(({ core }) => core === report.coreIndex)) return 8;
    if (before.some((other) => other.report.coreIndex === report.coreIndex)) return 10;
    const { prerequisite } = report.context;
    if (prerequisite === undefined || this.#registered.has(toHex(prerequisite))) return undefined;
    return before.some((other) => toHex(other.report.packageSpec.hash) === toHex(prerequisite)) ? undefined : 12;
  }

  #join(args: Uint8Array): Uint8Array {
    const reports = new Reader(args).vec(readReport);
    return new Writer()
      .vec([...this.joinAnswers(reports)], (into, [id, answer]) => {
        into.u32(id);
        if (answer.kind === 'indices') into.u8(0).vec(answer.indices, (inner, index) => inner.u32(index));
        else into.u8({ trapped: 1, overran: 2, malformed: 3 }[answer.kind]);
      })
      .finish();
  }

  #apply({ identifier, data }: InherentItem): void {
    const name = String.fromCharCode(...identifier);
    if (name === 'cjavail0') {
      this.lastInherents.bitfields = decodeBitfields(data);
      for (const { validator, bits } of this.lastInherents.bitfields) {
        bits.forEach((bit, core) => {
          if (bit) this.#votes.set(core, (this.#votes.get(core) ?? new Set()).add(validator));
        });
      }
      this.#settle(this.best().number + 1);
    } else if (name === 'cjreport') {
      this.lastInherents.attestations = decodeAttestations(data);
    } else {
      throw new Error(`unknown inherent ${name}`);
    }
  }

  /** D8: n − ⌊(n − 1) / 3⌋ votes; D15: ten blocks. */
  #settle(number: number): void {
    const n = this.validatorKeys.length;
    this.#pending = this.#pending.filter(({ core, report, registeredAt }) => {
      const hash = report.packageSpec.hash;
      const votes = this.#votes.get(core)?.size ?? 0;
      if (votes >= n - Math.floor((n - 1) / 3)) {
        this.#progress.push({ hash, core, stage: 1 }, { hash, core, stage: 3 });
        this.#ran.push(...new Set(report.results.map((result) => result.class)));
      } else if (number - registeredAt >= this.availabilityTimeOut) {
        this.#progress.push({ hash, core, stage: 2 });
      } else {
        return true;
      }
      this.#votes.delete(core);
      return false;
    });
  }

  #push(): BlockRef {
    const number = this.blocks.length;
    const hashOf = (what: string): Uint8Array => blake2_256(utf8(`${what} ${number}`));
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
