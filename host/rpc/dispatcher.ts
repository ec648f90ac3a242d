// JSON-RPC 2.0 without a transport: a message in, a message out, and the subscriptions of one connection.
//
// Spec: https://www.jsonrpc.org/specification, and Substrate's subscriptions: a subscription method returns an id, and
// its results follow as notifications `{ method, params: { subscription, result } }`.
// Whatever a method throws is sent as an error object (errors.ts); what is not the request's fault is logged too.
import { isObject, type Json } from '../node/index.js';
import { ANSWER_BYTES_MAX, boundedJson } from './answers.js';
import {
  BATCH_TOO_LARGE,
  errorObject,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  oversizedAnswer,
  oversizedBatchAnswer,
  PARSE_ERROR,
  RpcError,
  TOO_MANY,
  unsafeDenied,
  type ErrorObject,
} from './errors.js';
import type { Arrival, Following } from './following.js';
import { Params } from './params.js';

/** Who sends requests, for methods that must be fair between clients, and what it may ask for. */
export interface Client {
  /** The network that it sends from. */
  readonly address: string;
  /** A connection, or by name those that count as one. Compared by identity. */
  readonly connection: object | string;
  /** Whether it may call methods that are unsafe to offer to others. */
  readonly unsafe: boolean;
  /** The most bytes of JSON that one answer may have. */
  readonly answerBytesMax: number;
}

/** Serves a request. What it throws is sent as an error. */
export type Method = (params: Params, client: Client) => Json | Promise<Json>;

/** Where a subscription sends its results, until it is closed. */
interface Sink {
  readonly closed: boolean;
  send(result: Json): void;
  /** Resolves when the client has had time to follow what it was sent until now (following.ts). */
  followed(): Promise<void>;
  /** Ends the subscription: there are no more results. */
  close(): void;
}

/** A stream of results. `start` may send at once, and returns a function that stops the stream. */
export interface Subscription {
  /** The method of the notifications: `chain_newHead`. */
  notification: string;
  /** The methods that end it: `chain_unsubscribeNewHeads`. */
  unsubscribe: readonly string[];
  start(params: Params, sink: Sink, client: Client): (() => void) | Promise<() => void>;
}

/** All methods and subscriptions, by full name. */
export interface Registry {
  methods: ReadonlyMap<string, Method>;
  subscriptions: ReadonlyMap<string, Subscription>;
  /** Those that only clients with the right to unsafe methods may call. */
  unsafe: ReadonlySet<string>;
}

/** Where the notifications of a connection are sent, and what knows when its client has followed them. */
export interface Outlet {
  push(message: string): void;
  readonly following?: Following;
}

/** Bounds of one connection. */
export interface ConnectionLimits {
  batchMax: number;
  subscriptionsMax: number;
  /** Requests without a response yet. */
  pendingMax: number;
  /** Bytes of one answer, of all answers of a batch together, and of one notification. */
  answerBytesMax: number;
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  batchMax: 256,
  subscriptionsMax: 2048,
  pendingMax: 4096,
  answerBytesMax: ANSWER_BYTES_MAX,
};

/** An id that is longer is not repeated in the error for an answer that is too large. */
const ID_LENGTH_MAX = 1024;

type Id = string | number | null;
interface Response {
  jsonrpc: '2.0';
  id: Id;
  result?: Json;
  error?: ErrorObject;
}

/** A method's result, and what to do after it is sent, or was found too large to send. */
interface Outcome {
  result: Json;
  after?: After;
}
type After = (sent: boolean) => void;
/** Receives the response (none for a notification) as text, and what to do after it is sent or not. */
type Respond = (text: string | undefined, after?: After) => void;

const isPromise = <T>(value: unknown): value is Promise<T> =>
  typeof (value as { then?: unknown } | null)?.then === 'function';
const MALFORMED =
  'Invalid request: it needs "jsonrpc": "2.0", a "method" that is a string, ' +
  'and an "id" that is a string or a number';

const failed = (id: Id, error: unknown, onInternal?: () => void): Response => ({
  jsonrpc: '2.0',
  id,
  error: errorObject(error, onInternal),
});

/**
 * One client's requests and subscriptions. Without an outlet (HTTP) there are no subscriptions.
 * `client`: who it is for methods that are fair between clients; by default, this connection of the node's own process.
 */
export class Connection {
  readonly #active = new Map<string, { unsubscribe: readonly string[]; stop: () => void }>();
  readonly #registry: Registry;
  readonly #limits: ConnectionLimits;
  readonly #onFault: (method: string, error: unknown) => void;
  readonly #outlet: Outlet | undefined;
  readonly #client: Client;
  #pending = 0;
  #closed = false;
  #nextSubscription = 1;

  constructor(
    registry: Registry,
    limits: ConnectionLimits,
    onFault: (method: string, error: unknown) => void,
    outlet?: Outlet,
    client: Partial<Client> = {},
  ) {
    this.#registry = registry;
    this.#limits = limits;
    this.#onFault = onFault;
    this.#outlet = outlet;
    const { answerBytesMax } = limits;
    this.#client = { address: 'this process', connection: this, unsafe: true, ...client, answerBytesMax };
  }

  /**
   * Handles a message and passes the response, if there is one, to `reply`: synchronously unless a method is
   * asynchronous. Throws nothing, whatever the message is.
   */
  handle(text: string, reply: (message: string | undefined) => void): void {
    const following = this.#outlet?.following;
    const arrival = following?.arrived();
    const answered = (): void => {
      if (arrival !== undefined) following!.answered(arrival);
    };
    try {
      const answer = (message: string | undefined): void => {
        reply(message);
        answered();
      };
      this.#handle(text, arrival, answer);
    } catch (error) {
      answered();
      this.#onFault('(a message)', error);
    }
  }

  #handle(text: string, arrival: Arrival | undefined, reply: (message: string | undefined) => void): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      // Without the parser's message, which quotes the text at length.
      reply(JSON.stringify(failed(null, new RpcError(PARSE_ERROR, 'Parse error: the message is not JSON'))));
      return;
    }
    if (Array.isArray(message)) return this.#batch(message, arrival, reply);
    this.#request(message, arrival, (response, after) => {
      reply(response);
      after?.(true);
    });
  }

  /** A response as text; Substrate's error instead of one that is too large. */
  #text(response: Response): { text: string; isWhole: boolean } {
    const max = this.#limits.answerBytesMax;
    const text = boundedJson(response, max);
    if (text !== undefined) return { text, isWhole: true };
    const id = typeof response.id === 'string' && response.id.length > ID_LENGTH_MAX ? null : response.id;
    return { text: JSON.stringify(failed(id, oversizedAnswer(max))), isWhole: false };
  }

  /** The client has disconnected: ends every subscription. */
  close(): void {
    this.#closed = true;
    this.#outlet?.following?.close();
    for (const { stop } of [...this.#active.values()]) stop();
  }

  #batch(requests: unknown[], arrival: Arrival | undefined, reply: (message: string | undefined) => void): void {
    if (requests.length === 0) {
      const empty = 'Invalid request: a batch must hold at least one request';
      reply(JSON.stringify(failed(null, new RpcError(INVALID_REQUEST, empty))));
      return;
    }
    if (requests.length > this.#limits.batchMax) {
      const { batchMax } = this.#limits;
      const sentence = `The batch request was too large: it holds ${requests.length} requests, and at most ${batchMax} are taken`;
      reply(JSON.stringify(failed(null, new RpcError(BATCH_TOO_LARGE, sentence))));
      return;
    }
    const max = this.#limits.answerBytesMax;
    const responses: string[] = [];
    const afterwards: After[] = [];
    let bytes = '[]'.length;
    let waiting = requests.length;
    let isOversized = false;
    for (const request of requests) {
      // As in Substrate, the remaining requests of a batch whose answers are too large are not served.
      if (isOversized) return;
      this.#request(request, arrival, (response, after) => {
        if (isOversized) return after?.(false);
        if (after !== undefined) afterwards.push(after);
        if (response !== undefined) {
          bytes += Buffer.byteLength(response) + (responses.length === 0 ? 0 : ','.length);
          responses.push(response);
        }
        isOversized = bytes > max;
        if (isOversized) reply(JSON.stringify(failed(null, oversizedBatchAnswer(max))));
        else if (--waiting > 0) return;
        else reply(responses.length === 0 ? undefined : `[${responses.join(',')}]`);
        responses.length = 0;
        for (const call of afterwards.splice(0)) call(!isOversized);
      });
    }
  }

  #request(request: unknown, arrival: Arrival | undefined, respond: Respond): void {
    const refuse = (id: Id, error: RpcError): void => respond(this.#text(failed(id, error)).text);
    if (!isObject(request))
      return refuse(null, new RpcError(INVALID_REQUEST, 'Invalid request: a request must be an object'));
    const { id, method, params } = request;
    const validId = id === null || typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id));
    if (request.jsonrpc !== '2.0' || typeof method !== 'string' || (id !== undefined && !validId)) {
      return refuse(validId ? (id as Id) : null, new RpcError(INVALID_REQUEST, MALFORMED));
    }
    if (arrival !== undefined) this.#outlet?.following?.requested(arrival, method);
    const wantsAnswer = id !== undefined;
    const key = wantsAnswer ? (id as Id) : null;
    if (this.#pending >= this.#limits.pendingMax) {
      const sentence = `Too many requests wait for an answer on this connection; at most ${this.#limits.pendingMax} may`;
      return refuse(key, new RpcError(TOO_MANY, sentence));
    }
    const succeed = ({ result, after }: Outcome): void => {
      if (!wantsAnswer) return respond(undefined, after);
      const { text, isWhole } = this.#text({ jsonrpc: '2.0', id: key, result });
      if (isWhole) return respond(text, after);
      after?.(false);
      respond(text);
    };
    const fail = (error: unknown): void => {
      const response = failed(key, error, () => this.#onFault(method, error));
      respond(wantsAnswer ? this.#text(response).text : undefined);
    };
    let outcome: Outcome | Promise<Outcome>;
    try {
      outcome = this.#call(method, new Params(params));
    } catch (error) {
      return fail(error);
    }
    if (!isPromise(outcome)) return succeed(outcome);
    this.#pending++;
    outcome
      .then(succeed, fail)
      .finally(() => this.#pending--)
      .catch((error: unknown) => this.#onFault(method, error));
  }

  #call(name: string, params: Params): Outcome | Promise<Outcome> {
    if (this.#registry.unsafe.has(name) && !this.#client.unsafe) throw unsafeDenied();
    const method = this.#registry.methods.get(name);
    if (method !== undefined) {
      const result = method(params, this.#client);
      return isPromise(result) ? result.then((value) => ({ result: value })) : { result };
    }
    const subscription = this.#registry.subscriptions.get(name);
    if (subscription !== undefined) return this.#subscribe(subscription, params);
    if (unsubscribers(this.#registry).has(name)) return { result: this.#unsubscribe(name, params) };
    const shown = JSON.stringify(name.slice(0, 100));
    throw new RpcError(
      METHOD_NOT_FOUND,
      `Method not found: this node has no method ${shown}; rpc_methods lists those it has`,
    );
  }

  #subscribe(subscription: Subscription, params: Params): Outcome | Promise<Outcome> {
    const outlet = this.#outlet;
    if (outlet === undefined)
      throw new RpcError(METHOD_NOT_FOUND, 'Method not found: subscriptions need a WebSocket connection');
    if (this.#active.size >= this.#limits.subscriptionsMax) {
      const { subscriptionsMax } = this.#limits;
      throw new RpcError(
        TOO_MANY,
        `Too many subscriptions on this connection; at most ${subscriptionsMax} are allowed`,
      );
    }
    const id = `${subscription.notification}-${(this.#nextSubscription++).toString(36)}`;
    const message = (params: object): object => ({ jsonrpc: '2.0', method: subscription.notification, params });
    let isOversized = false;
    const notify = (result: Json): void => {
      if (isOversized) return;
      const text = boundedJson(message({ subscription: id, result }), this.#limits.answerBytesMax);
      if (text !== undefined) return outlet.push(text);
      isOversized = true;
      // The form in which Substrate's server ends a subscription that failed.
      const error = oversizedAnswer(this.#limits.answerBytesMax);
      outlet.push(JSON.stringify(message({ subscription: id, error: `${error.message}: ${error.data}` })));
      end();
    };
    // The client must receive the subscription's id before any result: until then results are held back.
    let held: Json[] | undefined = [];
    let ended = false;
    let stop: (() => void) | undefined;
    const end = (): void => {
      if (ended) return;
      ended = true;
      this.#active.delete(id);
      stop?.();
    };
    const sink: Sink = {
      get closed() {
        return ended;
      },
      send: (result) => {
        if (ended) return;
        if (held === undefined) notify(result);
        else held.push(result);
      },
      followed: () => outlet.following?.followed() ?? Promise.resolve(),
      close: end,
    };
    const begin = (stopSource: () => void): Outcome => {
      stop = stopSource;
      // It may have ended while it started: the source closed the sink, or the client disconnected.
      if (ended) stopSource();
      else if (this.#closed) end();
      else this.#active.set(id, { unsubscribe: subscription.unsubscribe, stop: end });
      const after = (sent: boolean): void => {
        const results = held ?? [];
        held = undefined;
        if (!sent) return end();
        if (!this.#closed) results.forEach(notify);
      };
      return { result: id, after };
    };
    const started = subscription.start(params, sink, this.#client);
    return isPromise(started) ? started.then(begin) : begin(started);
  }

  #unsubscribe(name: string, params: Params): boolean {
    const id = params.json(0, 'subscription');
    const active = typeof id === 'string' ? this.#active.get(id) : undefined;
    if (active === undefined || !active.unsubscribe.includes(name)) return false;
    active.stop();
    return true;
  }
}

const unsubscribersOf = new WeakMap<Registry, Set<string>>();

/** The names of the methods that end a subscription. */
export function unsubscribers(registry: Registry): Set<string> {
  let names = unsubscribersOf.get(registry);
  if (names === undefined) {
    names = new Set([...registry.subscriptions.values()].flatMap(({ unsubscribe }) => unsubscribe));
    unsubscribersOf.set(registry, names);
  }
  return names;
}
