// What the author decided for a block under construction. Spec: D5a, D34.
import type { Attestation, WorkReport } from '../../contract/index.js';
import type { Candidate } from './candidates.js';
import { NoRoom } from './room.js';

/** What was decided for a block under construction. It counts once the block is made. */
export class Draft {
  chosen: readonly Checked[] = [];
  readonly noRoom = new NoRoom();
  /** By core: the candidate that it is kept for, which has the next block. */
  keptFor: ReadonlyMap<number, Candidate> = new Map();
  /** Those of classes that are taken singly which have no turn. */
  waiting: readonly Candidate[] = [];
  /** Those that the join left out, and their cores. */
  readonly leftOut = new Map<Candidate, { readonly keepsPlace: boolean }>();
  readonly leftOutCores = new Set<number>();
  /** Those of which it is known what they wait for. */
  readonly decided = new Set<Candidate>();
  /** Those with which every class is content, so far. */
  taken: ReadonlySet<WorkReport> = new Set();
  /** Those that are concluded as pruned. */
  readonly pruned = new Set<Candidate>();
  /** What is concluded from the block: what becomes of those that are not Registered, and what the next joins are to know. */
  readonly findings: (() => void)[] = [];

  constructor(readonly number: number) {}

  /** The candidate of the core that found no room, so that another one may be in the block. */
  withoutRoom(core: number): Candidate | undefined {
    return this.noRoom.firstOf(core) ?? this.keptFor.get(core);
  }
}

/** A candidate, with as many signatures as the block has room for. */
export interface Checked {
  readonly candidate: Candidate;
  readonly attestation: Attestation;
}
