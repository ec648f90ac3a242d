// Screening: the first candidate of each core that can be Registered now. Spec: D34.
//
// The runtime checks reports without outputs and evidence, in order, and keeps those that pass for the checks of later ones. So
// one call takes several candidates of each core: what follows one that passed is only behind it. The first call has
// the first candidate of each core, later ones more of the cores without one that passed, a bounded number a block. They
// are always offered in the given order; which of a queue are, if not all can be, rotates from block to block. What is
// known without the runtime is not offered: candidates without their prerequisite, and those on a core that is occupied.
//
// A core whose queue leaves no room for the `prune` of the candidate whose turn it is, is kept for it: this block takes
// only what leaves the room in the next one. The candidate is offered again before others of its core, in every call.
import { ok } from '../../bytes/index.js';
import { coreJamApi, UnexpectedAnswer, type WorkReport } from '../../contract/index.js';
import type { BuildingBlock } from '../../node/index.js';
import { keyOf } from '../key-of.js';
import { type Candidate, groupBy } from './candidates.js';
import { isCoreBusy, isForThisChoice, type Verdict, verdictOf } from './report-errors.js';

/** Candidates of one core that are offered in each call. */
const OFFERED = [1, 15, Infinity] as const;
/** Candidates that are offered for one block; those that passed are offered again in later calls. */
const SCREENED_MAX = 8_192;
/** How many times cores are moved for prerequisites in one selection. */
const MOVES_MAX = 4;

/** Receives the verdict for each candidate that can't be Registered. */
export type Refused = (candidate: Candidate, verdict: Verdict) => void;

/** When candidates were last offered, so that each of a queue is that is too long for one block. */
export class LastScreened {
  readonly #screened = new WeakMap<Candidate, number>();
  #next = 0;

  note(candidate: Candidate): void {
    this.#screened.set(candidate, this.#next++);
  }

  /** The `count` of the queue that were not offered for the longest time, in the order of the queue. */
  longestAgo(queue: readonly Candidate[], count: number): readonly Candidate[] {
    if (queue.length <= count) return queue;
    // New ones come behind those that wait, so that a stream of them keeps none out.
    for (const candidate of queue) if (!this.#screened.has(candidate)) this.note(candidate);
    const byTime = [...queue].sort((a, b) => this.#screened.get(a)! - this.#screened.get(b)!);
    const chosen = new Set(byTime.slice(0, count));
    return queue.filter((candidate) => chosen.has(candidate));
  }
}

/** The order of cores, what is offered of each, and the verdicts of those that can't be Registered then. */
interface Screened {
  readonly cores: readonly number[];
  readonly offered: readonly Candidate[];
  readonly verdicts: ReadonlyMap<Candidate, Verdict>;
}

/** The candidates of a core that may be offered, in order. Most cores need no more than the first one. */
class Line {
  readonly #queue: Iterable<Candidate>;
  readonly #mayBeOffered: (candidate: Candidate) => boolean;
  readonly #offered = new Set<Candidate>();
  #rest: readonly Candidate[] | undefined;

  constructor(queue: Iterable<Candidate>, mayBeOffered: (candidate: Candidate) => boolean) {
    this.#queue = queue;
    this.#mayBeOffered = mayBeOffered;
  }

  /** The first candidate, if there is one. */
  first(): readonly Candidate[] {
    for (const candidate of this.#queue) if (this.#isLeft(candidate)) return [candidate];
    return [];
  }

  rest(): readonly Candidate[] {
    return (this.#rest ??= [...this.#queue].filter((candidate) => this.#isLeft(candidate)));
  }

  hasMore(): boolean {
    return this.first().length > 0;
  }

  offer(candidates: readonly Candidate[]): void {
    for (const candidate of candidates) this.#offered.add(candidate);
    this.#rest = undefined;
  }

  #isLeft(candidate: Candidate): boolean {
    return !this.#offered.has(candidate) && this.#mayBeOffered(candidate);
  }
}

/** What candidates may do to others. */
interface Permissions {
  /** Whether a core with a prerequisite of a candidate of this core may come before its turn. */
  moveOthers(core: number): boolean;
}

/** The screening for one block. */
export class Screening {
  readonly #building: BuildingBlock;
  readonly #lastScreened: LastScreened;
  readonly #refused: Refused;
  readonly #may: Permissions;
  readonly #occupied = new Set<number>();
  /** Those that can't be Registered in this block, whatever else is. */
  readonly #outOfBlock = new Set<Candidate>();
  /** By core: the candidate that it is kept for. */
  readonly #keptFor = new Map<number, Candidate>();
  #left = SCREENED_MAX;

  constructor(
    building: BuildingBlock,
    lastScreened: LastScreened,
    refused: Refused,
    may: Permissions = { moveOthers: () => true },
  ) {
    this.#building = building;
    this.#lastScreened = lastScreened;
    this.#refused = refused;
    this.#may = may;
  }

  /**
   * Candidates that can be Registered one after another, by the checks that need no outputs and no signatures: `first`,
   * which are known to, and then, in the given order, one of each other core. `queues` has the candidates of cores.
   */
  select(queues: ReadonlyMap<number, Iterable<Candidate>>, first: readonly Candidate[]): Candidate[] {
    const isFirst = new Set(first);
    const lines = new Map(
      [...queues].map(([core, queue]) => [
        core,
        new Line(queue, (candidate) => !isFirst.has(candidate) && !this.#outOfBlock.has(candidate)),
      ]),
    );
    let cores: readonly number[] = [...queues.keys()];
    let passing = [...first];
    /** Cores that have a candidate, or that are occupied. */
    let served = new Set([...first.map(coreOf), ...this.#occupied]);
    for (const [call, most] of OFFERED.entries()) {
      const open = [...lines].filter(([core, line]) => !served.has(core) && line.hasMore());
      if (call > 0 && (open.length === 0 || this.#left === 0)) break;
      const batches = groupBy(
        passing.filter((candidate) => !isFirst.has(candidate)),
        coreOf,
      );
      const share = Math.ceil(this.#left / open.length);
      for (const [core, line] of open) {
        const room = Math.min(share, this.#left);
        const able = call === 0 ? line.first() : this.#lastScreened.longestAgo(line.rest(), room);
        const batch = able.slice(0, Math.min(most, room));
        this.#left -= batch.length;
        line.offer(batch);
        const kept = this.#keptFor.get(core);
        batches.set(core, kept === undefined || batch.includes(kept) ? batch : [kept, ...batch]);
      }
      const screened = this.#withPrerequisitesFirst(first, batches, this.#screen(first, batches, cores));
      this.#note(screened);
      cores = screened.cores;
      passing = screened.offered.filter((candidate) => !screened.verdicts.has(candidate));
      served = new Set([...passing.map(coreOf), ...this.#occupied]);
    }
    return passing;
  }

  /** What candidates wait for that were not offered, or only behind another one of their core. */
  waitsFor(core: number, served: ReadonlySet<number>): 'availability' | 'block' {
    return served.has(core) || this.#occupied.has(core) ? 'availability' : 'block';
  }

  /** By core: the candidate that it is kept for, which has the next block. */
  get keptFor(): ReadonlyMap<number, Candidate> {
    return this.#keptFor;
  }

  #screen(
    first: readonly Candidate[],
    batches: ReadonlyMap<number, readonly Candidate[]>,
    cores: readonly number[],
  ): Screened {
    const offered = [...first, ...cores.flatMap((core) => batches.get(core) ?? [])];
    return { cores, offered, verdicts: this.#verdicts(offered, first.length) };
  }

  /**
   * A core comes before its turn if the candidate that it would have in the block is the prerequisite of one of an earlier
   * core, which can be Registered then.
   */
  #withPrerequisitesFirst(
    first: readonly Candidate[],
    batches: ReadonlyMap<number, readonly Candidate[]>,
    inTurn: Screened,
  ): Screened {
    const inVain = new Set<Candidate>();
    for (let moves = 0; moves < MOVES_MAX; moves++) {
      const followers = followersOf(
        inTurn,
        (candidate) => !inVain.has(candidate) && this.#may.moveOthers(coreOf(candidate)),
      );
      if (followers.size === 0) break;
      const moved = this.#screen(first, batches, afterPrerequisites(inTurn.cores, followers));
      const failed = [...followers.keys()].filter((candidate) => moved.verdicts.has(candidate));
      if (failed.length === 0) return moved;
      for (const candidate of failed) inVain.add(candidate);
    }
    return inTurn;
  }

  #note({ offered, verdicts }: Screened): void {
    const served = new Set(offered.filter((candidate) => !verdicts.has(candidate)).map(coreOf));
    const begun = new Set<number>();
    for (const candidate of offered) {
      const verdict = verdicts.get(candidate);
      const core = coreOf(candidate);
      this.#lastScreened.note(candidate);
      if (verdict === undefined) begun.add(core);
      // Of those behind another one of their core, only what no block will ever include is concluded.
      else if (!begun.has(core) || verdict.waitsFor === 'nothing') {
        this.#refused(candidate, verdict);
        if (!isForThisChoice(verdict)) this.#outOfBlock.add(candidate);
        if (isCoreBusy(verdict) && !this.#keptFor.has(core)) this.#keptFor.set(core, candidate);
        if (verdict.waitsFor === 'availability' && !served.has(core)) this.#occupied.add(core);
      }
    }
  }

  #verdicts(candidates: readonly Candidate[], taken: number): Map<Candidate, Verdict> {
    if (candidates.length === 0) return new Map();
    const errors = coreJamApi.screenReports(this.#building.call, candidates.map(outlineOf), taken);
    const verdicts = verdictsOf('CoreJamApi_screen_reports', errors, candidates.length);
    return new Map(
      candidates.flatMap((candidate, index) => {
        const verdict = verdicts[index];
        return verdict === undefined ? [] : [[candidate, verdict] as const];
      }),
    );
  }
}

/**
 * Candidates that want only a prerequisite that a later core has in the block, or that is such a candidate too: with the
 * core of the prerequisite. At most one a core, before what the core has otherwise.
 */
function followersOf(
  { cores, offered, verdicts }: Screened,
  isAllowed: (candidate: Candidate) => boolean,
): Map<Candidate, number> {
  if (![...verdicts.values()].some(({ waitsFor }) => waitsFor === 'prerequisite')) return new Map();
  const places = new Set(cores);
  const comes = new Map<string, number>();
  const isDecided = new Set<number>();
  const wanting: Candidate[] = [];
  for (const candidate of offered) {
    const verdict = verdicts.get(candidate);
    if (verdict === undefined) {
      comes.set(keyOf(reportOf(candidate).packageSpec.hash), coreOf(candidate));
      isDecided.add(coreOf(candidate));
    } else if (verdict.waitsFor === 'prerequisite' && !isDecided.has(coreOf(candidate)) && isAllowed(candidate))
      wanting.push(candidate);
  }
  const followers = new Map<Candidate, number>();
  const following = new Set<number>();
  for (let isMore = true; isMore;) {
    isMore = false;
    for (const candidate of wanting) {
      const { context, packageSpec } = reportOf(candidate);
      const core = coreOf(candidate);
      const from = context.prerequisite && comes.get(keyOf(context.prerequisite));
      if (from === undefined || from === core || following.has(core) || !places.has(from)) continue;
      followers.set(candidate, from);
      following.add(core);
      comes.set(keyOf(packageSpec.hash), core);
      isMore = true;
    }
  }
  return followers;
}

/** The order of cores in which each follows the one that it waits for. */
function afterPrerequisites(cores: readonly number[], followers: ReadonlyMap<Candidate, number>): number[] {
  const before = new Map([...followers].map(([candidate, core]) => [coreOf(candidate), core]));
  const order = new Set<number>();
  const place = (core: number): void => {
    const chain: number[] = [];
    for (
      let at: number | undefined = core;
      at !== undefined && !order.has(at) && !chain.includes(at);
      at = before.get(at)
    )
      chain.push(at);
    for (const each of chain.reverse()) order.add(each);
  };
  for (const core of cores) place(core);
  return [...order];
}

export function verdictsOf(
  method: string,
  errors: readonly (number | undefined)[],
  count: number,
): (Verdict | undefined)[] {
  if (errors.length !== count) throw new UnexpectedAnswer(method, 'not one result for each report');
  return errors.map((error) => (error === undefined ? undefined : verdictOf(error)));
}

export function reportOf({ attestation }: Candidate): WorkReport {
  return attestation.report;
}

function coreOf(candidate: Candidate): number {
  return reportOf(candidate).coreIndex;
}

/** The report without outputs and evidence, which the screening does not read. */
function outlineOf(candidate: Candidate): WorkReport {
  const report = reportOf(candidate);
  return {
    ...report,
    results: report.results.map((result) => ({ ...result, result: ok(new Uint8Array()) })),
    authorization:
      report.authorization.kind === 'bulk' ? { kind: 'bulk', evidence: new Uint8Array() } : report.authorization,
  };
}
