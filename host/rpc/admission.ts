// Which connections are kept: bounds on their number, for each address and for all, and time-outs.
//
// A connection that is idle costs its peer nothing, so many of them must not keep others out: where a bound is reached, a
// new one takes the place of one that is idle, by class, then the one that has been idle for longest:
//
//   1. half-open ones, which have sent no whole request
//   2. HTTP connections between requests
//   3. WebSockets without a subscription
//   4. WebSockets with subscriptions
//
// Where none has been idle for long enough, the new one is refused. `sweep` closes those that are half-open, or silent in
// spite of pings, for too long.
import type { Clock } from '../node/index.js';

/** Bounds on connections. */
export interface ConnectionBounds {
  /** WebSockets; there may be as many other connections. */
  connectionsMax: number;
  /** Of these, so many of one address, of each kind. */
  addressConnectionsMax: number;
}

export const DEFAULT_BOUNDS: ConnectionBounds = { connectionsMax: 256, addressConnectionsMax: 192 };

/** A request must be whole, and its answer read, within this time. */
export const REQUEST_MS_MAX = 60_000;
/** A request's headers must be whole within this time. */
export const HEADERS_MS_MAX = 10_000;
/** A client that has sent nothing for this long is sent a ping; at twice this it is gone. */
const PING_AFTER_MS = 30_000;
const SWEEP_MS = 5_000;

/** How long a connection of each kind must have been idle before another may take its place. */
const IDLE_MS_MIN = { opening: 250, http: 250, socket: 250, subscriber: 10_000 } as const;
type Kind = keyof typeof IDLE_MS_MIN;
const CLASSES = Object.keys(IDLE_MS_MIN) as Kind[];

/** A connection, as far as admission is concerned. */
export class Visitor {
  /** Whether it is a WebSocket; until then it is half-open or HTTP. */
  isSocket = false;
  /** Whether it has sent a whole request. */
  isOpen = false;
  /** Requests without an answer. */
  requests = 0;
  subscriptions = 0;
  /** When it last sent a request, or was admitted. */
  usefulMs: number;
  /** When anything of it last arrived. */
  heardMs: number;
  /** When the message began that is not whole yet. */
  unfinishedSinceMs: number | undefined;
  /** Whether this end does not read it for now: then it is neither silent nor slow. */
  isUnread = false;
  /** Sends a ping, if it is a WebSocket. */
  ping: (() => void) | undefined;

  constructor(
    readonly address: string,
    readonly admittedMs: number,
    /** Ends the connection. */
    readonly end: () => void,
  ) {
    this.usefulMs = admittedMs;
    this.heardMs = admittedMs;
  }

  /** It is read from now on. */
  readAgain(nowMs: number): void {
    this.isUnread = false;
    this.heardMs = nowMs;
    if (this.unfinishedSinceMs !== undefined) this.unfinishedSinceMs = nowMs;
  }

  get kind(): Kind {
    if (this.isSocket) return this.subscriptions > 0 ? 'subscriber' : 'socket';
    return this.isOpen ? 'http' : 'opening';
  }
}

/** All connections. */
export class Admission {
  readonly #bounds: ConnectionBounds;
  readonly #clock: Clock;
  readonly #visitors = new Set<Visitor>();
  #cancelSweep: () => void;

  constructor(bounds: ConnectionBounds, clock: Clock) {
    this.#bounds = bounds;
    this.#clock = clock;
    this.#cancelSweep = clock.after(SWEEP_MS, () => this.#sweep());
  }

  get count(): number {
    return this.#visitors.size;
  }

  /** A new TCP connection; undefined if it is refused. `end` ends it; `leave` must follow. */
  admit(address: string, end: () => void): Visitor | undefined {
    if (!this.#makeRoom(address, false)) return undefined;
    const visitor = new Visitor(address, this.#clock.nowMs(), end);
    this.#visitors.add(visitor);
    return visitor;
  }

  /** It becomes a WebSocket. Returns whether there is room. */
  upgrade(visitor: Visitor): boolean {
    if (!this.#makeRoom(visitor.address, true)) return false;
    visitor.isSocket = true;
    visitor.isOpen = true;
    visitor.usefulMs = this.#clock.nowMs();
    return true;
  }

  leave(visitor: Visitor): void {
    this.#visitors.delete(visitor);
  }

  close(): void {
    this.#cancelSweep();
  }

  #makeRoom(address: string, isSocket: boolean): boolean {
    const alike = [...this.#visitors].filter((visitor) => visitor.isSocket === isSocket);
    const { connectionsMax, addressConnectionsMax } = this.#bounds;
    const ofAddress = alike.filter((visitor) => visitor.address === address);
    if (ofAddress.length >= addressConnectionsMax) return this.#replace(ofAddress);
    return alike.length < connectionsMax || this.#replace(alike);
  }

  /** Ends the most dispensable of these. Returns whether there was one. */
  #replace(visitors: readonly Visitor[]): boolean {
    const nowMs = this.#clock.nowMs();
    for (const kind of CLASSES) {
      let found: Visitor | undefined;
      for (const visitor of visitors) {
        if (visitor.kind !== kind || visitor.requests > 0 || nowMs - visitor.usefulMs < IDLE_MS_MIN[kind]) continue;
        if (found === undefined || visitor.usefulMs < found.usefulMs) found = visitor;
      }
      if (found === undefined) continue;
      this.#end(found);
      return true;
    }
    return false;
  }

  #end(visitor: Visitor): void {
    this.#visitors.delete(visitor);
    visitor.end();
  }

  #sweep(): void {
    const nowMs = this.#clock.nowMs();
    for (const visitor of [...this.#visitors]) {
      const { kind, heardMs, unfinishedSinceMs } = visitor;
      if (visitor.isUnread) continue;
      if (kind === 'opening' && nowMs - visitor.admittedMs >= HEADERS_MS_MAX) this.#end(visitor);
      else if (unfinishedSinceMs !== undefined && nowMs - unfinishedSinceMs >= REQUEST_MS_MAX) this.#end(visitor);
      else if (visitor.isSocket && nowMs - heardMs >= 2 * PING_AFTER_MS) this.#end(visitor);
      else if (visitor.isSocket && nowMs - heardMs >= PING_AFTER_MS) visitor.ping?.();
    }
    this.#cancelSweep = this.#clock.after(SWEEP_MS, () => this.#sweep());
  }
}
