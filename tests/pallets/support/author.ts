// The author's reporting inherent on a test chain: the host's own, over the real runtime.
import { decode, type PruneRun, readAttestation, readPruneRun } from '../../../host/contract/index.js';
import type { Attestation, WorkReport } from '../../../host/contract/index.js';
import { toHex } from '../../../host/bytes/index.js';
import type { BlockRef } from '../../../host/node/index.js';
import type { Candidate } from '../../../host/validators/index.js';
import { ReportingInherent } from '../../../host/validators/selection/reporting.js';
import type { TestChain } from '../../harness/index.js';
import { report } from './corejam.js';

/** What the author learned about a package that is not in a block. */
export interface Finding {
  report: WorkReport;
  kind: 'pruned' | 'postponed' | 'hopeless';
  reason: string;
}

export class Author {
  candidates: Candidate[] = [];
  /** Of the last block. */
  findings: Finding[] = [];
  /** Calls of `prune` for the last block, in order. */
  prunes: PruneRun[] = [];
  /** Calls of the runtime's API for the last block: the method, and the length of its arguments. */
  calls: { method: string; bytes: number }[] = [];
  /** Changes what the runtime returns. */
  intercept: (method: string, answer: () => Uint8Array, args: Uint8Array) => Uint8Array = (_method, answer) => answer();

  readonly #inherent: ReportingInherent;
  /** The candidates that the inherent has. */
  #given: readonly Candidate[] = [];

  constructor(readonly chain: TestChain) {
    const note =
      (kind: Finding['kind']) =>
      ({ attestation }: Candidate, reason: string): void =>
        void this.findings.push({ report: attestation.report, kind, reason });
    const drop = (candidate: Candidate): void => {
      this.candidates = this.candidates.filter((one) => one !== candidate);
    };
    this.#inherent = new ReportingInherent({
      pruned: (candidate, _block, _id, reason) => {
        note('pruned')(candidate, reason);
        drop(candidate);
      },
      postponed: (candidate, _block, reason) => note('postponed')(candidate, reason),
      hopeless: (candidate, _block, { message }) => {
        note('hopeless')(candidate, message);
        drop(candidate);
      },
    });
  }

  add(...attestations: Attestation[]): void {
    this.addOf('a submitter', ...attestations);
  }

  /** Candidates of this submitter. */
  addOf(submitter: string, ...attestations: Attestation[]): void {
    this.candidates.push(...attestations.map((attestation) => ({ attestation, submitter: [submitter] })));
  }

  /** Selects reports for the open block, which is made with them, or without them, but does not Register them here. */
  choose({ isMade = true } = {}): Attestation[] {
    const { chain } = this;
    const isThere = new Set(this.candidates);
    for (const candidate of this.#given) if (!isThere.has(candidate)) this.#inherent.remove(candidate);
    const wasThere = new Set(this.#given);
    for (const candidate of this.candidates) if (!wasThere.has(candidate)) this.#inherent.add(candidate);
    this.#given = [...this.candidates];
    this.findings = [];
    this.prunes = [];
    this.calls = [];
    const header = {
      parentHash: chain.parentHash,
      number: 0,
      stateRoot: chain.parentHash,
      extrinsicsRoot: chain.parentHash,
    };
    const parent: BlockRef = { hash: chain.parentHash, number: chain.number - 1, header: { ...header, digest: [] } };
    const item = this.#inherent.provide(parent, {
      number: chain.number,
      parent,
      slot: 0n,
      timestampMs: 0n,
      call: (method, args) => {
        chain.overlay.begin();
        try {
          const answer = this.intercept(method, () => chain.call(method, args), args);
          this.calls.push({ method, bytes: args.length });
          if (method === 'CoreJamApi_join') this.prunes.push(...decode((r) => r.vec(readPruneRun), answer));
          return answer;
        } finally {
          chain.overlay.rollback();
        }
      },
    });
    this.#inherent.blockMade(() => isMade)();
    return item === undefined ? [] : decode((r) => r.vec(readAttestation), item.data);
  }

  /** Registers in the open block what it selects, in order. Throws RuntimeTrap if that makes the block invalid. */
  register(): WorkReport[] {
    const chosen = this.choose();
    report(this.chain, chosen);
    const reports = chosen.map((one) => one.report);
    const hashes = new Set(reports.map(({ packageSpec }) => toHex(packageSpec.hash)));
    this.candidates = this.candidates.filter(
      ({ attestation }) => !hashes.has(toHex(attestation.report.packageSpec.hash)),
    );
    return reports;
  }
}
