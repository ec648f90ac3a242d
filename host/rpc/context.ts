// What the methods of the built-in namespaces are passed, and the JSON and lookups that they share.
import { toHex } from '../bytes/index.js';
import { encodeDigestItem, UnknownBlock, type BlockRef, type Header, type Node, type Json } from '../node/index.js';
import type { StateView } from '../state/index.js';
import { isShort, type LongCalls } from './long-calls.js';
import type { Client, Method, Subscription } from './registry.js';
import type { Steps } from './turns.js';
import type { Params } from './params.js';
import type { Answer } from './text.js';

/** The node, and what methods return about the program. */
export interface Context {
  node: Node;
  /** The program's name and version, for system_name and system_version. */
  program: { name: string; version: string };
  /** The names of all methods, sorted; filled once all are registered. */
  methodNames: string[];
  /** Without it, every call is made in the node. */
  longCalls?: LongCalls | undefined;
}

/** A method as a namespace file exports it, under its name after the underscore. */
export type ContextMethod = (
  context: Context,
  params: Params,
  client: Client,
) => Answer | Promise<Answer> | Steps<Answer>;

/** A subscription as a namespace file exports it. */
export type ContextSubscription = Omit<Subscription, 'start'> & {
  start(
    context: Context,
    params: Params,
    sink: Parameters<Subscription['start']>[1],
    client: Client,
  ): ReturnType<Subscription['start']>;
};

/** Binds a namespace file to a context: its functions are methods, its objects are subscriptions. */
export function bindNamespace(
  prefix: string,
  namespace: Record<string, ContextMethod | ContextSubscription>,
  context: Context,
): { methods: Record<string, Method>; subscriptions: Record<string, Subscription> } {
  const methods: Record<string, Method> = {};
  const subscriptions: Record<string, Subscription> = {};
  for (const [name, item] of Object.entries(namespace)) {
    if (typeof item === 'function') methods[`${prefix}_${name}`] = (params, client) => item(context, params, client);
    else {
      const start: Subscription['start'] = (params, sink, client) => item.start(context, params, sink, client);
      subscriptions[`${prefix}_${name}`] = { ...item, start };
    }
  }
  return { methods, subscriptions };
}

const headersJson = new WeakMap<Header, Json>();

/** A header as JSON, in Substrate's form: the same object for the same header. */
export function headerJson(header: Header): Json {
  const known = headersJson.get(header);
  if (known !== undefined) return known;
  const json = {
    parentHash: toHex(header.parentHash),
    number: `0x${header.number.toString(16)}`,
    stateRoot: toHex(header.stateRoot),
    extrinsicsRoot: toHex(header.extrinsicsRoot),
    digest: { logs: header.digest.map((item) => toHex(encodeDigestItem(item))) },
  };
  headersJson.set(header, json);
  return json;
}

/** The block that an optional hash names, the best one by default. Throws UnknownBlock. */
export function blockAt({ node }: Context, hash: Uint8Array | undefined): BlockRef {
  if (hash === undefined) return node.best();
  const block = node.block(hash);
  if (block === undefined) throw new UnknownBlock(hash);
  return block;
}

/** The state after the block that an optional hash names, the best one by default. Throws UnknownBlock. */
export function stateAt(context: Context, hash: Uint8Array | undefined): StateView {
  return context.node.stateAt(blockAt(context, hash).hash);
}

/** The output of an entry point on the state after a block. Throws or rejects with UnknownBlock, RuntimeTrap or UnknownEntryPoint. */
export function runtimeCall(
  { node, longCalls }: Context,
  client: Client,
  at: Uint8Array,
  method: string,
  args: Uint8Array,
): Uint8Array | Promise<Uint8Array> {
  if (longCalls === undefined || isShort(method, args)) return node.runtimeCall(at, method, args);
  return longCalls.call(node, client, at, method, args);
}
