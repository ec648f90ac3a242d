// The reports that wait to be Registered, and the order in which the author takes them. Spec: D34.
//
// Each core has a queue. A new candidate goes to its end, and so does one that the join left out of a block. Cores are
// taken by their last turn, longest ago first. A turn is a Registered report, which the chain's state says, or a candidate
// that the join of this author left out: a core whose packages are always left out is not always the first.
import { toHex } from '../bytes/index.js';
import type { Attestation } from '../contract/index.js';
import type { Verdict } from './report-errors.js';

/** A report that waits to be Registered, and why the last block did not include it. */
export interface Candidate {
  readonly attestation: Attestation;
  /** Undefined until it has been tried in a block. */
  waitsFor?: Verdict['waitsFor'];
}

const keys = new WeakMap<Uint8Array, string>();

/** A package's hash as a key of maps, which is encoded only once for each array. */
export function keyOf(hash: Uint8Array): string {
  let key = keys.get(hash);
  if (key === undefined) keys.set(hash, (key = toHex(hash)));
  return key;
}

/** The block in which a report was last Registered on each core; undefined if none was. */
export type LastRegistered = (cores: readonly number[]) => readonly (number | undefined)[];

export class CandidateQueues {
  readonly #positions = new WeakMap<Candidate, number>();
  /** By core: the block of this author in which the join last left out a candidate. */
  readonly #lastLeftOut = new Map<number, number>();
  #end = 0;

  /** Moves a candidate behind all others of its core. */
  moveBehind(candidate: Candidate): void {
    this.#positions.set(candidate, this.#end++);
  }

  /** Notes that the join of block `block` left the candidate out. */
  leaveOut(candidate: Candidate, block: number): void {
    this.moveBehind(candidate);
    this.#lastLeftOut.set(candidate.attestation.report.coreIndex, block);
  }

  /**
   * All candidates, core by core, each core's in the order of its queue. A core comes before its turn if a candidate of
   * an earlier core has its prerequisite there, so that both can be Registered in one block.
   */
  inOrder(candidates: readonly Candidate[], lastRegistered: LastRegistered): Candidate[] {
    const queues = this.#byCore(candidates);
    const cores = [...queues.keys()].sort((a, b) => a - b);
    const last = lastRegistered(cores);
    const since = new Map(
      cores.map((core, index) => [core, Math.max(last[index] ?? -1, this.#lastLeftOut.get(core) ?? -1)]),
    );
    cores.sort((a, b) => since.get(a)! - since.get(b)!); // stable: cores of the same block in ascending order
    return withPrerequisitesFirst(cores.map((core) => queues.get(core)!));
  }

  #byCore(candidates: readonly Candidate[]): Map<number, Candidate[]> {
    for (const candidate of candidates) if (!this.#positions.has(candidate)) this.moveBehind(candidate);
    const queues = new Map<number, Candidate[]>();
    for (const candidate of candidates) {
      const core = candidate.attestation.report.coreIndex;
      const queue = queues.get(core);
      if (queue === undefined) queues.set(core, [candidate]);
      else queue.push(candidate);
    }
    for (const queue of queues.values()) queue.sort((a, b) => this.#positions.get(a)! - this.#positions.get(b)!);
    return queues;
  }
}

function withPrerequisitesFirst(queues: readonly Candidate[][]): Candidate[] {
  const wanted = new Set<string>();
  for (const queue of queues)
    for (const { attestation } of queue) {
      const { prerequisite } = attestation.report.context;
      if (prerequisite !== undefined) wanted.add(keyOf(prerequisite));
    }
  if (wanted.size === 0) return queues.flat(); // most packages have none, and no hash is looked at
  const queueOf = new Map<string, Candidate[]>();
  for (const queue of queues)
    for (const { attestation } of queue) {
      const key = keyOf(attestation.report.packageSpec.hash);
      if (wanted.has(key)) queueOf.set(key, queue);
    }
  const ordered: Candidate[] = [];
  const begun = new Set<Candidate[]>();
  const place = (queue: Candidate[]): void => {
    if (begun.has(queue)) return; // placed, or on the way: two cores may wait for each other
    begun.add(queue);
    for (const candidate of queue) {
      const { prerequisite } = candidate.attestation.report.context;
      const first = prerequisite === undefined ? undefined : queueOf.get(keyOf(prerequisite));
      if (first !== undefined) place(first);
      ordered.push(candidate);
    }
  };
  for (const queue of queues) place(queue);
  return ordered;
}
