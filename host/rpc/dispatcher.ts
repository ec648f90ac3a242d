// JSON-RPC 2.0 without a transport: a message in, a message out, and the subscriptions of one connection.
//
// Spec: https://www.jsonrpc.org/specification, and Substrate's subscriptions: a subscription method returns an id, and
// its results follow as notifications `{ method, params: { subscription, result } }`.
// Reading a message, each of its requests and each notification are tasks of the client's line (turns.ts).
// Whatever a method throws is sent as an error object (errors.ts); what is not the request's fault is logged too.
import { isObject } from '../node/index.js';
import { ANSWER_BYTES_MAX, boundedJson } from './answers.js';
import { costsOf } from './costs.js';
import {
  BATCH_TOO_LARGE,
  errorObject,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  oversizedAnswer,
  oversizedBatchAnswer,
  RpcError,
  TOO_MANY,
  unsafeDenied,
  type ErrorObject,
} from './errors.js';
import type { Arrival } from './following.js';
import { readingMs, readMessage } from './message.js';
import { Params } from './params.js';
import { LARGE_BYTES } from './places.js';
import { unsubscribers, type Client, type Registry } from './registry.js';
import { Subscriptions, type After, type Outcome, type Outlet } from './subscriptions.js';
import { Text, type Answer } from './text.js';
import { atOnce, inSteps, isSteps, type Line, type Steps, type Task } from './turns.js';

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
type Response =
  | { readonly jsonrpc: '2.0'; readonly id: Id; readonly result: Answer }
  | { readonly jsonrpc: '2.0'; readonly id: Id; readonly error: ErrorObject };

/** Receives the response (none for a notification) as text, and what to do after it is sent or not. */
type Respond = (text: Text | undefined, after?: After) => void;

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

const refusalText = (id: Id, error: unknown, onInternal?: () => void): Text => Text.json(failed(id, error, onInternal));

/** What connects a Connection to its client. */
export interface ConnectionParts {
  /** Runs its work; by default at once. */
  line?: Line;
  /** Takes notifications; without it (HTTP) there are no subscriptions. */
  outlet?: Outlet;
  /** Who it is for methods that are fair between clients; by default, this connection of the node's own process. */
  client?: Partial<Client>;
  /** Its answers take more than LARGE_BYTES: it must wait for a place, or has one. */
  onGathered?: () => void;
  /** A task is done. */
  onTask?: () => void;
  /** How many of its calls are under way elsewhere. */
  onAway?: (calls: number) => void;
}

/** A message that is being answered. */
interface Reading {
  readonly arrival: Arrival | undefined;
  /** Sends the answer, if there is one. */
  readonly reply: (message: Text | undefined) => void;
}

/** One client's requests and subscriptions. */
export class Connection {
  readonly #registry: Registry;
  readonly #limits: ConnectionLimits;
  readonly #onFault: (method: string, error: unknown) => void;
  readonly #outlet: Outlet | undefined;
  readonly #line: Line;
  readonly #subscriptions: Subscriptions;
  readonly #client: Client;
  readonly #onTask: () => void;
  #pending = 0;
  #away = 0;
  #closed = false;
  /** What the present request gathered, and the answers of a batch. */
  #gathered = 0;
  #batched = 0;

  constructor(
    registry: Registry,
    limits: ConnectionLimits,
    onFault: (method: string, error: unknown) => void,
    { line = atOnce, outlet, client = {}, onGathered, onTask, onAway }: ConnectionParts = {},
  ) {
    this.#registry = registry;
    this.#limits = limits;
    this.#onFault = onFault;
    this.#outlet = outlet;
    this.#line = line;
    this.#subscriptions = new Subscriptions(outlet, line, limits, onFault);
    const isClosed = (): boolean => this.#closed;
    this.#client = {
      address: 'this process',
      connection: this,
      unsafe: true,
      ...client,
      answerBytesMax: limits.answerBytesMax,
      gather: (bytes) => {
        this.#gathered += bytes;
        if (this.answerBytes > LARGE_BYTES) onGathered?.();
      },
      away: () => {
        onAway?.(++this.#away);
        return () => onAway?.(--this.#away);
      },
      get gone() {
        return isClosed();
      },
    };
    this.#onTask = onTask ?? (() => undefined);
  }

  /** The memory that it holds, besides messages that it was given or has sent. */
  get bytes(): number {
    return this.answerBytes + this.#subscriptions.bytes;
  }

  /** The bytes of answers in preparation. */
  get answerBytes(): number {
    return this.#gathered + this.#batched;
  }

  get subscriptions(): number {
    return this.#subscriptions.count;
  }

  /**
   * Handles a message and passes the response, if there is one, to `reply`, once. Throws nothing, whatever the message
   * is.
   */
  handle(message: Uint8Array | string, reply: (message: Text | undefined) => void): void {
    const following = this.#outlet?.following;
    const arrival = following?.arrived();
    const reading: Reading = {
      arrival,
      reply: (text) => {
        try {
          reply(text);
        } finally {
          if (arrival !== undefined) following!.answered(arrival);
        }
      },
    };
    const data = typeof message === 'string' ? Buffer.from(message) : message;
    const read = (value: unknown): void => this.#read(value, reading);
    const refuse = (error: unknown): void => {
      reading.reply(refusalText(null, error, () => this.#onFault('(a message)', error)));
    };
    this.#line.push(inSteps(readingMs(data.length), readMessage(data), read, refuse));
  }

  /** The client has disconnected: ends every subscription. */
  close(): void {
    this.#closed = true;
    this.#outlet?.following?.close();
    this.#subscriptions.close();
  }

  #read(message: unknown, reading: Reading): void {
    if (Array.isArray(message)) return this.#batch(message, reading);
    const respond: Respond = (response, after) => {
      reading.reply(response);
      after?.(true);
    };
    this.#line.unshift([this.#task(message, reading, respond)]);
  }

  /** A response as text; Substrate's error instead of one that is too large. */
  #text(response: Response): { text: Text; isWhole: boolean } {
    const max = this.#limits.answerBytesMax;
    const text = boundedJson(response, max);
    if (text !== undefined) return { text, isWhole: true };
    const id = typeof response.id === 'string' && response.id.length > ID_LENGTH_MAX ? null : response.id;
    return { text: refusalText(id, oversizedAnswer(max)), isWhole: false };
  }

  #batch(requests: unknown[], reading: Reading): void {
    const { reply } = reading;
    if (requests.length === 0) {
      const empty = 'Invalid request: a batch must hold at least one request';
      reply(refusalText(null, new RpcError(INVALID_REQUEST, empty)));
      return;
    }
    if (requests.length > this.#limits.batchMax) {
      const { batchMax } = this.#limits;
      const sentence = `The batch request was too large: it holds ${requests.length} requests, and at most ${batchMax} are taken`;
      reply(refusalText(null, new RpcError(BATCH_TOO_LARGE, sentence)));
      return;
    }
    const max = this.#limits.answerBytesMax;
    const responses: Text[] = [];
    const afterwards: After[] = [];
    let bytes = '[]'.length;
    let waiting = requests.length;
    let isOversized = false;
    const respond: Respond = (response, after) => {
      if (isOversized) return after?.(false);
      if (after !== undefined) afterwards.push(after);
      if (response !== undefined) {
        bytes += response.bytes + (responses.length === 0 ? 0 : ','.length);
        this.#batched += response.bytes;
        responses.push(response);
      }
      isOversized = bytes > max;
      if (isOversized) reply(refusalText(null, oversizedBatchAnswer(max)));
      else if (--waiting > 0) return;
      else reply(responses.length === 0 ? undefined : batchText(responses));
      for (const response of responses.splice(0)) this.#batched -= response.bytes;
      for (const call of afterwards.splice(0)) call(!isOversized);
    };
    // As in Substrate, the remaining requests of a batch whose answers are too large are not served.
    const skip = (): boolean => isOversized;
    this.#line.unshift(requests.map((request) => this.#task(request, reading, respond, skip)));
  }

  /** The task that serves a request. */
  #task(request: unknown, reading: Reading, respond: Respond, skip: () => boolean = () => false): Task {
    const method = isObject(request) && typeof request.method === 'string' ? request.method : '';
    const costs = costsOf(this.#registry);
    let steps: Steps<void> | undefined;
    let usedMs = 0;
    const serve = (isOver: () => boolean): boolean => {
      if (steps === undefined && skip()) return true;
      steps ??= this.#request(request, reading.arrival, respond);
      do {
        if (steps.next().done === true) return true;
      } while (!isOver());
      return false;
    };
    return {
      expectedMs: costs.expectedMs(method),
      run: (isOver) => {
        const beganMs = performance.now();
        let isDone = true;
        try {
          isDone = serve(isOver);
        } catch (error) {
          this.#onFault(method, error);
        }
        usedMs += performance.now() - beganMs;
        if (!isDone) return false;
        this.#gathered = 0;
        this.#onTask();
        costs.learn(method, usedMs);
        return true;
      },
    };
  }

  *#request(request: unknown, arrival: Arrival | undefined, respond: Respond): Steps<void> {
    const refuse = (id: Id, error: RpcError): void => respond(this.#text(failed(id, error)).text);
    if (!isObject(request))
      return refuse(null, new RpcError(INVALID_REQUEST, 'Invalid request: a request must be an object'));
    const { id, method, params } = request;
    const validId = id === null || typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id));
    if (request.jsonrpc !== '2.0' || typeof method !== 'string' || (id !== undefined && !validId)) {
      return refuse(validId ? (id as Id) : null, new RpcError(INVALID_REQUEST, MALFORMED));
    }
    if (arrival !== undefined) this.#outlet?.following?.requested(arrival, method, params);
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
      const called = this.#call(method, new Params(params));
      outcome = isSteps<Outcome>(called) ? yield* called : called;
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

  #call(name: string, params: Params): Outcome | Promise<Outcome> | Steps<Outcome> {
    if (this.#registry.unsafe.has(name) && !this.#client.unsafe) throw unsafeDenied();
    const method = this.#registry.methods.get(name);
    if (method !== undefined) {
      const result = method(params, this.#client);
      if (isPromise(result)) return result.then((value) => ({ result: value }));
      return isSteps<Answer>(result) ? asOutcome(result) : { result };
    }
    const subscription = this.#registry.subscriptions.get(name);
    if (subscription !== undefined) return this.#subscriptions.subscribe(subscription, params, this.#client);
    if (unsubscribers(this.#registry).has(name)) return { result: this.#subscriptions.unsubscribe(name, params) };
    const shown = JSON.stringify(name.slice(0, 100));
    throw new RpcError(
      METHOD_NOT_FOUND,
      `Method not found: this node has no method ${shown}; rpc_methods lists those it has`,
    );
  }
}

const batchText = (responses: readonly Text[]): Text =>
  Text.join(['[', ...responses.flatMap((response, index) => (index === 0 ? [response] : [',', response])), ']']);

function* asOutcome(steps: Steps<Answer>): Steps<Outcome> {
  return { result: yield* steps };
}
