// The way of packages into the node: which it accepts, and in which order they are authorized and refined.
//
// Spec: D40. A package waits in a bounded queue of its core, or of those that name no core. Each queue authorizes one
// package after another, and no queue waits for refinements. From its authorization on a package counts to its core's
// share of the node's bounds. Each core refines one package after another, and cores work concurrently. A core's time is
// shared fairly between those who submitted the packages (core-time.ts), and packages that the next blocks could Register
// come before others.
import { err, ok, type Result } from '../../bytes/index.js';
import { refuse } from '../../incore/index.js';
import type { Authorized, Collected, Refusal } from '../../incore/index.js';
import type { Bounds } from './bounds.js';
import { CoreTime, type Turn } from './core-time.js';
import type { Submitter } from './fairness.js';
import { Running } from './running.js';
import { type Place, placeOf, Shares, type Standing } from './shares.js';
import { Waiting, type QueueName } from './waiting.js';

/** A package from its submission to its last stage, without its contents. */
export interface Ticket {
  readonly hash: Uint8Array;
  /** Length of the encoded package. */
  readonly bytes: number;
  /** The core that the submitter named. */
  readonly core: number | undefined;
  /** The package that must be Registered before it. */
  readonly prerequisite: Uint8Array | undefined;
}

/** A package that waits for authorization. */
interface Waiter {
  readonly bytes: number;
  readonly ticket: Ticket;
  readonly collected: Collected;
  readonly submitter: Submitter;
}

/** A package in a core's share. `turn` until its refinement begins. */
interface Counted {
  readonly place: Place<Ticket>;
  readonly authId: number;
  turn: Refinement | undefined;
}

/** A package that waits for its refinement. */
interface Refinement extends Turn {
  readonly ticket: Ticket;
  readonly authorized: Authorized;
}

/** A core at work. */
interface Core {
  readonly time: CoreTime<Refinement>;
  readonly counted: Set<Counted>;
  isRefining: boolean;
}

/** What one refinement may be charged, in milliseconds: a clock that is set forward is not charged. */
const REFINEMENT_MS_MAX = 60_000;

/** The steps of the work, and what becomes of a package. */
export interface IntakeSteps extends Standing<Ticket> {
  /** By core, the AuthId that it is assigned to as of the package's context block, if any. */
  authIds(collected: Collected): readonly (number | undefined)[];
  authorize(collected: Collected, core: number): Promise<Result<Authorized, Refusal>>;
  /** It is authorized, and counts to its core's share until it is released. */
  authorized(ticket: Ticket, authorized: Authorized): void;
  refine(ticket: Ticket, authorized: Authorized): Promise<void>;
  /** Whether its prerequisite, if it has one, is Registered or refined, so that it could be Registered after it. */
  canFollow(ticket: Ticket): boolean;
  /** How many more reports under the AuthId the next block could Register on the core. */
  shareLeft(core: number, authId: number): number;
  nowMs(): number;
  refused(ticket: Ticket, core: number | undefined, refusal: Refusal): void;
  /** This node failed while it worked on the package. */
  failed(ticket: Ticket, core: number | undefined, error: unknown): void;
}

const inQueue = (name: QueueName): string => (name === 'any' ? 'for any core' : `for core ${name}`);

/** The queues, and the work on them. */
export class Intake {
  readonly #steps: IntakeSteps;
  readonly #shares: Shares<Ticket>;
  readonly #waiting: Waiting<Waiter>;
  readonly #running = new Running();
  readonly #cores = new Map<number, Core>();
  readonly #authorizing = new Set<QueueName>();
  readonly #anyTriesMax: number;
  readonly #counted = new Map<Ticket, Counted>();
  readonly #concluded = new WeakSet<Ticket>();

  constructor(bounds: Bounds, steps: IntakeSteps) {
    this.#steps = steps;
    this.#anyTriesMax = bounds.anyTriesMax;
    this.#shares = new Shares(bounds, steps);
    this.#waiting = new Waiting(bounds);
  }

  /** Bytes of all packages that wait or are authorized. */
  get bytes(): number {
    return this.#waiting.bytes + this.#shares.bytes;
  }

  /** Takes a package in. Returns those that have to leave for it, or why there is no room. */
  accept(ticket: Ticket, collected: Collected, submitter: Submitter): Result<readonly Ticket[], Refusal> {
    const { core, bytes } = ticket;
    if (core !== undefined && !this.#mayFit(ticket, core, collected, submitter)) return err(this.#full(core));
    const name = core ?? 'any';
    const left = this.#waiting.push(name, submitter, { bytes, ticket, collected, submitter });
    if (left === undefined) {
      return refuse(
        'busy',
        `${this.#waiting.count(name)} packages wait ${inQueue(name)}, and no submitter has more of them than this one: try again when one of them is authorized`,
      );
    }
    this.#start(name);
    return ok(left.map((waiter) => waiter.ticket));
  }

  /** Takes a package that waited for authorization before a restart. Bounds were checked when it came. */
  restoreSubmitted(ticket: Ticket, collected: Collected, submitter: Submitter): void {
    const name = ticket.core ?? 'any';
    this.#waiting.restore(name, submitter, { bytes: ticket.bytes, ticket, collected, submitter });
    this.#start(name);
  }

  /** Takes a package that waited for its refinement before a restart. */
  restoreAuthorized(ticket: Ticket, authorized: Authorized, submitter: Submitter): void {
    const { core, authId } = authorized;
    const place = placeOf(ticket, core, authId, submitter);
    this.#shares.add(place);
    this.#count(place, authId, turnOf(place, authorized));
    this.#refineOn(core);
  }

  /** Takes a package that was refined before a restart. */
  restoreRefined(ticket: Ticket, core: number, authId: number, submitter: Submitter): void {
    const place = placeOf(ticket, core, authId, submitter);
    this.#shares.add(place);
    this.#count(place, authId, undefined);
  }

  /** The package is concluded: it counts no more, and no further step is taken for it. */
  release(ticket: Ticket): void {
    this.#concluded.add(ticket);
    const counted = this.#counted.get(ticket);
    if (counted === undefined) return;
    this.#counted.delete(ticket);
    this.#shares.remove(counted.place);
    const core = this.#coreOf(counted.place.core);
    core.counted.delete(counted);
    if (counted.turn !== undefined) core.time.remove(counted.turn);
    if (core.counted.size === 0 && !core.isRefining) this.#cores.delete(counted.place.core);
  }

  /** Resolves when no package waits and none is worked on. */
  async settled(): Promise<void> {
    await this.#running.settled();
  }

  #start(name: QueueName): void {
    if (this.#authorizing.has(name)) return;
    this.#authorizing.add(name);
    this.#running.start(this.#authorizeAll(name));
  }

  async #authorizeAll(name: QueueName): Promise<void> {
    await Promise.resolve(); // the submitter hears of the submission before any work
    for (let next = this.#waiting.shift(name); next !== undefined; next = this.#waiting.shift(name)) {
      await this.#authorize(next);
    }
    this.#authorizing.delete(name); // in the same turn as the last `shift`, so that no package is overlooked
  }

  async #authorize({ ticket, collected, submitter }: Waiter): Promise<void> {
    if (this.#concluded.has(ticket)) return;
    try {
      const answer = await (ticket.core === undefined
        ? this.#authorizeOnAny(ticket, collected, submitter)
        : this.#steps.authorize(collected, ticket.core));
      if (this.#concluded.has(ticket)) return;
      if (!answer.ok) return this.#steps.refused(ticket, ticket.core, answer.error);
      const authorized = answer.value;
      const { core } = authorized;
      const place = placeOf(ticket, core, authorized.authId, submitter);
      const leaving = this.#shares.leavingFor(place);
      if (leaving === undefined) return this.#steps.refused(ticket, core, this.#full(core));
      for (const { item, core: itsCore } of leaving) {
        this.release(item);
        this.#steps.refused(item, itsCore, leftItsCore(itsCore));
      }
      this.#shares.add(place);
      this.#count(place, authorized.authId, turnOf(place, authorized));
      this.#steps.authorized(ticket, authorized);
      this.#refineOn(core);
    } catch (error) {
      this.#steps.failed(ticket, ticket.core, error);
    }
  }

  #count(place: Place<Ticket>, authId: number, turn: Refinement | undefined): void {
    const counted: Counted = { place, authId, turn };
    this.#counted.set(place.item, counted);
    const core = this.#coreOf(place.core);
    core.counted.add(counted);
    if (turn !== undefined) core.time.add(turn);
  }

  #coreOf(index: number): Core {
    let core = this.#cores.get(index);
    if (core === undefined) {
      core = { time: new CoreTime(), counted: new Set(), isRefining: false };
      this.#cores.set(index, core);
    }
    return core;
  }

  #refineOn(index: number): void {
    const core = this.#coreOf(index);
    if (core.isRefining) return;
    core.isRefining = true;
    this.#running.start(this.#refineAll(index, core));
  }

  async #refineAll(index: number, core: Core): Promise<void> {
    for (let turn = this.#nextOn(index, core); turn !== undefined; turn = this.#nextOn(index, core)) {
      const { ticket, authorized } = turn;
      this.#counted.get(ticket)!.turn = undefined;
      const begunMs = this.#steps.nowMs();
      try {
        await this.#steps.refine(ticket, authorized);
      } catch (error) {
        this.#steps.failed(ticket, index, error);
      }
      core.time.took(turn, Math.min(Math.max(0, this.#steps.nowMs() - begunMs), REFINEMENT_MS_MAX));
    }
    core.isRefining = false; // in the same turn as the last `next`, so that no package is overlooked
    if (core.counted.size === 0) this.#cores.delete(index);
  }

  /**
   * The core's next package: one that the next blocks could Register, if there is any. That is one whose prerequisite
   * is there, of an AuthId with a greater share of the next block than it has refined packages that wait.
   */
  #nextOn(index: number, core: Core): Refinement | undefined {
    try {
      const left = this.#sharesLeft(index, core);
      return core.time.next(
        ({ ticket, authorized }) => left.get(authorized.authId)! > 0 && this.#steps.canFollow(ticket),
      );
    } catch (error) {
      // Without the chain's answers there is no order that would help.
      for (const { turn, place } of [...core.counted]) {
        if (turn !== undefined) this.#steps.failed(place.item, index, error);
      }
      return undefined;
    }
  }

  /** By AuthId, the share of the next block that no refined package waits for. */
  #sharesLeft(index: number, { counted }: Core): Map<number, number> {
    const left = new Map<number, number>();
    for (const { authId, turn, place } of counted) {
      const share = left.get(authId) ?? this.#steps.shareLeft(index, authId);
      const waits = turn === undefined && this.#steps.mayLeave(place.item);
      left.set(authId, waits ? share - 1 : share);
    }
    return left;
  }

  /**
   * Authorizes on the first core that accepts, tried in ascending order of load: for each AuthId on one core, and for a
   * bounded number of AuthIds.
   */
  async #authorizeOnAny(
    ticket: Ticket,
    collected: Collected,
    submitter: Submitter,
  ): Promise<Result<Authorized, Refusal>> {
    const load = new Map<number, number>();
    const authIds = this.#steps.authIds(collected);
    for (const [core, id] of authIds.entries()) if (id !== undefined) load.set(core, this.#shares.count(core));
    const cores = [...load.keys()].sort((a, b) => load.get(a)! - load.get(b)! || a - b);
    const tried = new Set<number>();
    let refusal: Result<never, Refusal> = refuse(
      'coreUnassigned',
      "no core has an Authorizer assigned at the package's context block",
    );
    for (const core of cores) {
      const authId = authIds[core]!;
      if (tried.has(authId)) continue;
      if (this.#shares.leavingFor(placeOf(ticket, core, authId, submitter)) === undefined) {
        if (tried.size === 0) refusal = err(this.#full(core));
        continue;
      }
      tried.add(authId);
      const answer = await this.#steps.authorize(collected, core);
      if (answer.ok || this.#concluded.has(ticket)) return answer;
      refusal = answer;
      if (tried.size >= this.#anyTriesMax) break;
    }
    return refusal;
  }

  /** Whether the core could take the package now, if it is authorized. */
  #mayFit(ticket: Ticket, core: number, collected: Collected, submitter: Submitter): boolean {
    if (this.#shares.hasRoom(core, ticket.bytes)) return true;
    const authId = this.#steps.authIds(collected)[core];
    // Without an Authorizer, the authorization says better why it is refused.
    return authId === undefined || this.#shares.leavingFor(placeOf(ticket, core, authId, submitter)) !== undefined;
  }

  #full(core: number): Refusal {
    return {
      reason: 'busy',
      message: `core ${core} has ${this.#shares.count(core)} packages on their way, and this node keeps no more of them at a time: try again when one of them is concluded`,
    };
  }
}

function turnOf({ item: ticket, bytes, parties }: Place<Ticket>, authorized: Authorized): Refinement {
  return { ticket, authorized, bytes, parties, contextNumber: authorized.context.number };
}

/** Why a package that waited had to leave. */
export function displaced(name: QueueName): Refusal {
  return {
    reason: 'busy',
    message: `too many packages wait ${inQueue(name)}, and their submitter had the most of them: submit it again when fewer of them wait`,
  };
}

/** Why a package left its core's share. */
function leftItsCore(core: number): Refusal {
  return {
    reason: 'busy',
    message: `too many packages of core ${core} are on their way, and this one had to leave for one that had less room or can be Registered sooner: submit it again when fewer of them are`,
  };
}
