// Room for reports in a block: which candidates found none, and which others of their cores may still find it. Spec: D34.
//
// A core whose candidate found no room, in the block or beside the head of the core's queue, may have another report in its
// place, which needs less. It keeps its place among the cores then, so that those that need less don't use up its turn.
import type { Candidate } from './candidates.js';
import { needsLess, type Verdict } from './report-errors.js';

/** Bytes of a result beside its output: class, item hash, weight, the kind of result and a length. */
const RESULT_BYTES = 4 + 32 + 8 + 1 + 1;
const SIGNATURE_BYTES = 64;

/** What a report takes of a block. */
interface Size {
  readonly bytes: number;
  readonly items: number;
  readonly signatures: number;
}

/** The candidates of a block that found no room in it. */
export class NoRoom {
  readonly #byCore = new Map<number, { readonly candidate: Candidate; readonly verdict: Verdict }[]>();

  note(candidate: Candidate, verdict: Verdict): void {
    const core = candidate.attestation.report.coreIndex;
    const noted = this.#byCore.get(core) ?? [];
    this.#byCore.set(core, [...noted, { candidate, verdict }]);
  }

  /** The first one of the core. */
  firstOf(core: number): Candidate | undefined {
    return this.#byCore.get(core)?.[0]?.candidate;
  }

  /** Whether the candidate needs no less, of what was not left, than one of its core that found no room. */
  isFor(candidate: Candidate): boolean {
    const noted = this.#byCore.get(candidate.attestation.report.coreIndex) ?? [];
    return noted.some((one) => !isLess(sizeOf(candidate), sizeOf(one.candidate), needsLess(one.verdict)));
  }
}

/** Whether a report may find room where another one did not, for lack of these. */
function isLess(size: Size, other: Size, of: readonly (keyof Size)[]): boolean {
  return of.length === 0 || of.some((name) => size[name] < other[name]);
}

function sizeOf({ attestation: { report, attestations } }: Candidate): Size {
  const { authorization, results } = report;
  const evidence = authorization.kind === 'bulk' ? authorization.evidence.length : 0;
  return {
    bytes: results.reduce(
      (sum, { result }) => sum + RESULT_BYTES + (result.ok ? result.value.length : 0),
      evidence + SIGNATURE_BYTES * attestations.length,
    ),
    items: results.length,
    signatures: attestations.length,
  };
}
