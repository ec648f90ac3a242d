// The subscriptions of one connection: their ids, their notifications, and how they end.
//
// A notification is sent when it is the client's turn. Its result may be made only then, and one text of a result serves
// all subscribers that are sent the same object.
import { boundedText, jsonOf } from './answers.js';
import { METHOD_NOT_FOUND, oversizedAnswer, RpcError, TOO_MANY } from './errors.js';
import type { Following } from './following.js';
import type { Params } from './params.js';
import type { Client, Sink, Subscription } from './registry.js';
import { Text, type Answer } from './text.js';
import { isSteps, type Line, type Steps } from './turns.js';

/** Where the notifications of a connection are sent, and what knows when its client has followed them. */
export interface Outlet {
  push(message: Text): void;
  /** The client does not take its notifications: ends the connection. */
  overflow(): void;
  readonly following?: Following;
}

/** A method's result, and what to do after it is sent, or was found too large to send. */
export interface Outcome {
  result: Answer;
  after?: After;
}
export type After = (sent: boolean) => void;

/** Notifications that wait for the client's turn: so many for each subscription, and so many at least. */
const WAITING_PER_SUBSCRIPTION_MAX = 64;
const WAITING_MIN = 1_024;
/** What one that waits takes. */
const WAITING_BYTES = 256;
/** What a subscription takes besides what it retains. */
const SUBSCRIPTION_BYTES = 512;
const NOTIFY_MS = 0.01;

const isPromise = <T>(value: unknown): value is Promise<T> =>
  typeof (value as { then?: unknown } | null)?.then === 'function';

interface Active {
  readonly unsubscribe: readonly string[];
  readonly stop: () => void;
}

export class Subscriptions {
  readonly #active = new Map<string, Active>();
  readonly #outlet: Outlet | undefined;
  readonly #line: Line;
  readonly #max: number;
  readonly #answerBytesMax: number;
  readonly #onFault: (method: string, error: unknown) => void;
  #closed = false;
  #next = 1;
  #waiting = 0;
  #retained = 0;

  constructor(
    outlet: Outlet | undefined,
    line: Line,
    limits: { readonly subscriptionsMax: number; readonly answerBytesMax: number },
    onFault: (method: string, error: unknown) => void,
  ) {
    this.#outlet = outlet;
    this.#line = line;
    this.#max = limits.subscriptionsMax;
    this.#answerBytesMax = limits.answerBytesMax;
    this.#onFault = onFault;
  }

  get count(): number {
    return this.#active.size;
  }

  /** The memory that they and their notifications take, before those are sent. */
  get bytes(): number {
    return this.#retained + this.#active.size * SUBSCRIPTION_BYTES + this.#waiting * WAITING_BYTES;
  }

  /** The client has disconnected: ends all. */
  close(): void {
    this.#closed = true;
    for (const { stop } of [...this.#active.values()]) stop();
  }

  unsubscribe(name: string, params: Params): boolean {
    const id = params.json(0, 'subscription');
    const active = typeof id === 'string' ? this.#active.get(id) : undefined;
    if (active === undefined || !active.unsubscribe.includes(name)) return false;
    active.stop();
    return true;
  }

  subscribe(subscription: Subscription, params: Params, client: Client): Outcome | Promise<Outcome> | Steps<Outcome> {
    const outlet = this.#outlet;
    if (outlet === undefined)
      throw new RpcError(METHOD_NOT_FOUND, 'Method not found: subscriptions need a WebSocket connection');
    if (this.#active.size >= this.#max) {
      throw new RpcError(TOO_MANY, `Too many subscriptions on this connection; at most ${this.#max} are allowed`);
    }
    const id = `${subscription.notification}-${(this.#next++).toString(36)}`;
    const head = `{"jsonrpc":"2.0","method":${JSON.stringify(subscription.notification)},"params":{"subscription":"${id}",`;
    // The client must receive the subscription's id before any result: until then results are held back.
    let held: Parameters<Sink['send']>[0][] | undefined = [];
    let ended = false;
    // Nothing more is sent, not even what was sent to the sink before.
    let silent = false;
    let stop: (() => void) | undefined;
    let retained = 0;
    const end = (): void => {
      if (ended) return;
      ended = true;
      this.#active.delete(id);
      this.#retained -= retained;
      stop?.();
    };
    const silence = (): void => {
      silent = true;
      end();
    };
    const notify = (given: Parameters<Sink['send']>[0]): void => {
      if (silent) return;
      const result = typeof given === 'function' ? given() : given;
      if (result === undefined) return;
      const text = boundedText(() => Text.join([`${head}"result":`, jsonOf(result), '}}']), this.#answerBytesMax);
      if (text !== undefined) return outlet.push(text);
      // The form in which Substrate's server ends a subscription that failed.
      const error = oversizedAnswer(this.#answerBytesMax);
      outlet.push(new Text([`${head}"error":${JSON.stringify(`${error.message}: ${error.data}`)}}}`]));
      silence();
    };
    const queue = (given: Parameters<Sink['send']>[0]): void => {
      this.#waiting++;
      if (this.#waiting > Math.max(WAITING_MIN, WAITING_PER_SUBSCRIPTION_MAX * this.#active.size)) {
        this.#waiting--;
        return outlet.overflow();
      }
      this.#line.push({
        expectedMs: NOTIFY_MS,
        run: () => {
          this.#waiting--;
          try {
            notify(given);
          } catch (error) {
            this.#onFault(subscription.notification, error);
          }
          return true;
        },
      });
    };
    const sink: Sink = {
      get closed() {
        return ended;
      },
      send: (result) => {
        if (ended) return;
        if (held === undefined) queue(result);
        else held.push(result);
      },
      followed: (block) => outlet.following?.followed(block) ?? Promise.resolve(),
      retain: (bytes) => {
        if (ended) return;
        retained += bytes;
        this.#retained += bytes;
      },
      close: end,
    };
    const begin = (stopSource: () => void): Outcome => {
      stop = stopSource;
      // It may have ended while it started: the source closed the sink, or the client disconnected.
      if (ended) stopSource();
      else if (this.#closed) silence();
      else this.#active.set(id, { unsubscribe: subscription.unsubscribe, stop: silence });
      const after = (sent: boolean): void => {
        const results = held ?? [];
        held = undefined;
        if (!sent) return silence();
        if (!this.#closed) results.forEach(queue);
      };
      return { result: id, after };
    };
    const started = subscription.start(params, sink, client);
    if (isPromise(started)) return started.then(begin);
    return isSteps<() => void>(started) ? then(started, begin) : begin(started);
  }
}

function* then<T, U>(steps: Steps<T>, next: (value: T) => U): Steps<U> {
  return next(yield* steps);
}
