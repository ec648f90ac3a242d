// JSON-RPC 2.0 without a transport: a message in, a message out, and the subscriptions of one connection.
//
// Spec: https://www.jsonrpc.org/specification, and Substrate's subscriptions: a subscription method returns an id, and
// its results follow as notifications `{ method, params: { subscription, result } }`.
// Whatever a method throws is sent as an error object (errors.ts); what is not the request's fault is logged too.
import { isObject, type Json } from '../node/index.js';
import {
  BATCH_TOO_LARGE,
  errorObject,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  PARSE_ERROR,
  RpcError,
  TOO_MANY,
  type ErrorObject,
} from './errors.js';
import { Params } from './params.js';

/** Who sends requests, for methods that must be fair between clients. */
export interface Client {
  /** The network that it sends from. */
  readonly address: string;
  /** A connection, or by name those that count as one. Compared by identity. */
  readonly connection: object | string;
}

/** Serves a request. What it throws is sent as an error. */
export type Method = (params: Params, client: Client) => Json | Promise<Json>;

/** Where a subscription sends its results, until it is closed. */
interface Sink {
  readonly closed: boolean;
  send(result: Json): void;
  /** Ends the subscription: there are no more results. */
  close(): void;
}

/** A stream of results. `start` may send at once, and returns a function that stops the stream. */
export interface Subscription {
  /** The method of the notifications: `chain_newHead`. */
  notification: string;
  /** The methods that end it: `chain_unsubscribeNewHeads`. */
  unsubscribe: readonly string[];
  start(params: Params, sink: Sink): (() => void) | Promise<() => void>;
}

/** All methods and subscriptions, by full name. */
export interface Registry {
  methods: ReadonlyMap<string, Method>;
  subscriptions: ReadonlyMap<string, Subscription>;
}

/** Bounds of one connection. */
export interface ConnectionLimits {
  batchMax: number;
  subscriptionsMax: number;
  /** Requests without a response yet. */
  pendingMax: number;
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = { batchMax: 256, subscriptionsMax: 2048, pendingMax: 4096 };

type Id = string | number | null;
interface Response {
  jsonrpc: '2.0';
  id: Id;
  result?: Json;
  error?: ErrorObject;
}

/** A method's result, and what to do after it is sent. */
interface Outcome {
  result: Json;
  after?: () => void;
}
/** Receives the response (none for a notification) and what to do after it is sent. */
type Respond = (response: Response | undefined, after?: () => void) => void;

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
 * One client's requests and subscriptions. `push` sends a notification; without it (HTTP) there are no subscriptions.
 * `client`: who it is for methods that are fair between clients; by default, this connection of the node's own process.
 */
export class Connection {
  readonly #active = new Map<string, { unsubscribe: readonly string[]; stop: () => void }>();
  readonly #registry: Registry;
  readonly #limits: ConnectionLimits;
  readonly #onFault: (method: string, error: unknown) => void;
  readonly #push: ((message: string) => void) | undefined;
  readonly #client: Client;
  #pending = 0;
  #closed = false;
  #nextSubscription = 1;

  constructor(
    registry: Registry,
    limits: ConnectionLimits,
    onFault: (method: string, error: unknown) => void,
    push?: (message: string) => void,
    client: Partial<Client> = {},
  ) {
    this.#registry = registry;
    this.#limits = limits;
    this.#onFault = onFault;
    this.#push = push;
    this.#client = { address: 'this process', connection: this, ...client };
  }

  /**
   * Handles a message and passes the response, if there is one, to `reply`: synchronously unless a method is
   * asynchronous.
   */
  handle(text: string, reply: (message: string | undefined) => void): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      // Without the parser's message, which quotes the text at length.
      reply(JSON.stringify(failed(null, new RpcError(PARSE_ERROR, 'Parse error: the message is not JSON'))));
      return;
    }
    if (Array.isArray(message)) return this.#batch(message, reply);
    this.#request(message, (response, after) => {
      reply(response === undefined ? undefined : JSON.stringify(response));
      after?.();
    });
  }

  /** The client has disconnected: ends every subscription. */
  close(): void {
    this.#closed = true;
    for (const { stop } of [...this.#active.values()]) stop();
  }

  #batch(requests: unknown[], reply: (message: string | undefined) => void): void {
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
    const responses: Response[] = [];
    const afterwards: (() => void)[] = [];
    let waiting = requests.length;
    for (const request of requests) {
      this.#request(request, (response, after) => {
        if (response !== undefined) responses.push(response);
        if (after !== undefined) afterwards.push(after);
        if (--waiting > 0) return;
        reply(responses.length === 0 ? undefined : JSON.stringify(responses));
        for (const call of afterwards) call();
      });
    }
  }

  #request(request: unknown, respond: Respond): void {
    if (!isObject(request))
      return respond(failed(null, new RpcError(INVALID_REQUEST, 'Invalid request: a request must be an object')));
    const { id, method, params } = request;
    const validId = id === null || typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id));
    if (request.jsonrpc !== '2.0' || typeof method !== 'string' || (id !== undefined && !validId)) {
      return respond(failed(validId ? (id as Id) : null, new RpcError(INVALID_REQUEST, MALFORMED)));
    }
    const wantsAnswer = id !== undefined;
    const key = wantsAnswer ? (id as Id) : null;
    if (this.#pending >= this.#limits.pendingMax) {
      const sentence = `Too many requests wait for an answer on this connection; at most ${this.#limits.pendingMax} may`;
      return respond(failed(key, new RpcError(TOO_MANY, sentence)));
    }
    const succeed = ({ result, after }: Outcome): void =>
      respond(wantsAnswer ? { jsonrpc: '2.0', id: key, result } : undefined, after);
    const fail = (error: unknown): void =>
      respond(wantsAnswer ? failed(key, error, () => this.#onFault(method, error)) : undefined);
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
    const push = this.#push;
    if (push === undefined)
      throw new RpcError(METHOD_NOT_FOUND, 'Method not found: subscriptions need a WebSocket connection');
    if (this.#active.size >= this.#limits.subscriptionsMax) {
      const { subscriptionsMax } = this.#limits;
      throw new RpcError(
        TOO_MANY,
        `Too many subscriptions on this connection; at most ${subscriptionsMax} are allowed`,
      );
    }
    const id = `${subscription.notification}-${(this.#nextSubscription++).toString(36)}`;
    const notify = (result: Json): void =>
      push(JSON.stringify({ jsonrpc: '2.0', method: subscription.notification, params: { subscription: id, result } }));
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
      close: end,
    };
    const begin = (stopSource: () => void): Outcome => {
      stop = stopSource;
      // It may have ended while it started: the source closed the sink, or the client disconnected.
      if (ended) stopSource();
      else if (this.#closed) end();
      else this.#active.set(id, { unsubscribe: subscription.unsubscribe, stop: end });
      const after = (): void => {
        const results = held ?? [];
        held = undefined;
        if (!this.#closed) results.forEach(notify);
      };
      return { result: id, after };
    };
    const started = subscription.start(params, sink);
    return isPromise(started) ? started.then(begin) : begin(started);
  }

  #unsubscribe(name: string, params: Params): boolean {
    const id = String(params.json(0));
    const active = this.#active.get(id);
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
