// What the dispatcher serves: methods, subscriptions, and the client that a request comes from.
import type { Params } from './params.js';
import type { Answer } from './text.js';
import type { Steps } from './turns.js';

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
  /** Counts memory that an answer takes while it is gathered. */
  gather(bytes: number): void;
  /** Work for it is done elsewhere, until the function is called that this returns. Little of it at a time is. */
  away(): () => void;
  /** Whether it has disconnected. */
  readonly gone: boolean;
}

/** Serves a request, in steps if it takes long. What it throws is sent as an error. */
export type Method = (params: Params, client: Client) => Answer | Promise<Answer> | Steps<Answer>;

/** Where a subscription sends its results, until it is closed. */
export interface Sink {
  readonly closed: boolean;
  /** A result, or a function that makes it when it is the client's turn; undefined: there is none. */
  send(result: Answer | (() => Answer | undefined)): void;
  /** Resolves when the client has had time to follow this block, which it was told of (following.ts). */
  followed(block: string): Promise<void>;
  /** The subscription holds so much memory more, until it ends. */
  retain(bytes: number): void;
  /** Ends the subscription: there are no more results. */
  close(): void;
}

/** A stream of results. `start` may send at once, and returns a function that stops the stream. */
export interface Subscription {
  /** The method of the notifications: `chain_newHead`. */
  notification: string;
  /** The methods that end it: `chain_unsubscribeNewHeads`. */
  unsubscribe: readonly string[];
  start(params: Params, sink: Sink, client: Client): (() => void) | Promise<() => void> | Steps<() => void>;
}

/** All methods and subscriptions, by full name. */
export interface Registry {
  methods: ReadonlyMap<string, Method>;
  subscriptions: ReadonlyMap<string, Subscription>;
  /** Those that only clients with the right to unsafe methods may call. */
  unsafe: ReadonlySet<string>;
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
