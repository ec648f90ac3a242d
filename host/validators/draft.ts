// What the author decided for a block under construction. Spec: D5a, D34.
import type { Attestation, WorkReport } from '../contract/index.js';
import type { Candidate } from './candidates.js';
import { NoRoom } from './room.js';

/** What was decided for a block under construction. It counts once the block is made. */
export class Draft {
  chosen: readonly Checked[] = [];
  readonly noRoom = new NoRoom();
  /** The cores that are kept for a candidate, which has the next block. */
  keptCores: ReadonlySet<number> = new Set();
  /** Those that the join left out, and their cores. */
  readonly leftOut = new Map<Candidate, { readonly keepsPlace: boolean }>();
  readonly leftOutCores = new Set<number>();
  /** Those of which it is known what they wait for. */
  readonly decided = new Set<Candidate>();
  /** Those with which every class is content, so far. */
  taken: ReadonlySet<WorkReport> = new Set();
  /** Those that are concluded as pruned. */
  readonly pruned = new Set<Candidate>();
  /** What becomes of those that are not Registered. */
  readonly findings: (() => void)[] = [];

  constructor(readonly number: number) {}

  /** Whether it is on its core only because one before it found no room. */
  isInPlaceOfAnother(candidate: Candidate): boolean {
    const core = candidate.attestation.report.coreIndex;
    return this.noRoom.has(core) || this.keptCores.has(core);
  }
}

/** A candidate, with as many signatures as the block has room for. */
export interface Checked {
  readonly candidate: Candidate;
  readonly attestation: Attestation;
}
