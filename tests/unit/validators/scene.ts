// The reporting inherent over a runtime whose classes, weights and errors are scripted: which reports the author takes in block
// after block. Every report that a block has is available in the next one.
import { fromHex, Reader, text, toHex, Writer } from '../../../host/bytes/index.js';
import {
  decode,
  ERRORS,
  readAttestation,
  readWorkReport,
  type WorkReport,
  writePruneRun,
} from '../../../host/contract/index.js';
import type { BlockRef } from '../../../host/node/index.js';
import type { Candidate } from '../../../host/validators/index.js';
import { ReportingInherent } from '../../../host/validators/selection/reporting.js';
import type { Random } from '../../random.js';
import { indices, nameOf, type Script } from './join-world.js';

type ReportingError = (typeof ERRORS.Reporting)[number];

interface Terms {
  cores: number;
  script: Script;
  totalPs: bigint;
  perOutputPs: (id: number) => bigint;
  /** Why the package of this name can't be Registered now. */
  errorOf?: (name: string) => ReportingError | undefined;
}

export class Scene {
  readonly #terms: Terms;
  readonly #inherent: ReportingInherent;
  /** Those that wait, by name; and the names of all, by hash. */
  readonly #candidates = new Map<string, Candidate>();
  readonly #names = new Map<string, string>();
  readonly #lastOn = new Map<number, number>();
  /** The block of each Registered package, by hash. */
  readonly #registered = new Map<string, number>();
  #number = 0;

  constructor(terms: Terms, random: Random) {
    this.#terms = terms;
    const remove = ({ attestation }: Candidate): void => this.#remove(nameOf(attestation.report));
    const findings = { pruned: remove, postponed: () => undefined, hopeless: remove };
    this.#inherent = new ReportingInherent(findings, (limit) => random.below(limit));
  }

  /** Submits a package on a core. */
  add(report: WorkReport, coreIndex: number, submitter: string): void {
    const candidate: Candidate = {
      attestation: { report: { ...report, coreIndex }, validators: [true], attestations: [new Uint8Array(64)] },
      submitter: [submitter],
    };
    this.#candidates.set(nameOf(report), candidate);
    this.#names.set(toHex(report.packageSpec.hash), nameOf(report));
    this.#inherent.add(candidate);
  }

  has(name: string): boolean {
    return this.#candidates.has(name);
  }

  /** Whether a package whose name begins with `kind` waits on the core. */
  hasOn(core: number, kind: string): boolean {
    return [...this.#candidates].some(
      ([name, { attestation }]) => attestation.report.coreIndex === core && name.startsWith(kind),
    );
  }

  /** Makes a block. Returns the names of the packages that it has. */
  block(): string[] {
    const number = ++this.#number;
    const parent = { hash: new Uint8Array(32), number: number - 1 } as BlockRef;
    const call = (method: string, args: Uint8Array): Uint8Array => this.#call(method, args);
    const item = this.#inherent.provide(parent, { number, parent, slot: 0n, timestampMs: 0n, call });
    const reports = item === undefined ? [] : decode((r) => r.vec(readAttestation), item.data).map((one) => one.report);
    for (const { packageSpec, coreIndex } of reports) {
      this.#registered.set(toHex(packageSpec.hash), number);
      this.#lastOn.set(coreIndex, number);
    }
    this.#inherent.blockMade((hash) => this.#registered.has(toHex(hash)))();
    const names = reports.map(nameOf);
    for (const name of names) this.#remove(name);
    return names;
  }

  #remove(name: string): void {
    this.#inherent.remove(this.#candidates.get(name)!);
    this.#candidates.delete(name);
  }

  #call(method: string, args: Uint8Array): Uint8Array {
    const { cores, totalPs, perOutputPs } = this.#terms;
    const [r, w] = [new Reader(args), new Writer()];
    switch (method) {
      case 'CoreJamApi_auth_ids':
        return w.vec(Array<number>(cores).fill(10_000), (into, id) => into.option(id, (x, y) => x.u32(y))).finish();
      case 'CoreJamApi_last_registered': {
        const asked = r.vec((x) => x.u16());
        return w.vec(asked, (into, core) => into.option(this.#lastOn.get(core), (x, at) => x.u32(at))).finish();
      }
      case 'CoreJamApi_recently_registered': {
        const recent = [...this.#registered].flatMap(([hash, at]) => (this.#number - at < 16 ? [hash] : []));
        return w.vec(recent, (into, hash) => into.raw(fromHex(hash))).finish();
      }
      case 'CoreJamApi_minimum_attestations':
        return w.u32(1).finish();
      case 'CoreJamApi_validate_reports':
        return this.#errors(
          w,
          r.vec(readAttestation).map(({ report }) => report),
        );
      case 'CoreJamApi_screen_reports':
        return this.#errors(w, r.vec(readWorkReport));
      case 'CoreJamApi_join_terms':
        return w
          .u64(totalPs)
          .vec(
            r.vec((x) => x.u32()),
            (into, id) => into.u64(perOutputPs(id)),
          )
          .finish();
      case 'CoreJamApi_join':
        return this.#join(
          w,
          r.vec(readWorkReport),
          r.vec((x) => x.u32()),
        );
      default:
        throw new RangeError(method);
    }
  }

  #join(w: Writer, reports: readonly WorkReport[], ids: readonly number[]): Uint8Array {
    const runs = ids.map((id) => {
      const outputs = reports.flatMap(({ results }) =>
        results.flatMap(({ class: of, result }) => (of === id && result.ok ? [text(result.value)] : [])),
      );
      const weight = this.#terms.perOutputPs(id) * BigInt(outputs.length);
      const answer = this.#terms.script(outputs, id) ?? indices();
      return { classId: id, answer, weightGiven: weight, weightUsed: weight };
    });
    return w.vec(runs, writePruneRun).finish();
  }

  #errors(w: Writer, reports: readonly WorkReport[]): Uint8Array {
    const hashes = new Set(this.#registered.keys());
    const cores = new Set<number>();
    const errors = reports.map(({ packageSpec, coreIndex, context: { prerequisite } }): ReportingError | undefined => {
      const hash = toHex(packageSpec.hash);
      const scripted = this.#terms.errorOf?.(this.#names.get(hash)!);
      if (scripted !== undefined) return scripted;
      if (cores.has(coreIndex)) return 'GroupReported';
      if (prerequisite !== undefined && !hashes.has(toHex(prerequisite))) return 'PrerequisiteMissing';
      cores.add(coreIndex);
      hashes.add(hash);
      return undefined;
    });
    return w
      .vec(errors, (into, error) => into.option(error, (x, name) => x.u8(ERRORS.Reporting.indexOf(name))))
      .finish();
  }
}
