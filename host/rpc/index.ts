// JSON-RPC, the node's interface for clients. Each file imported as `* as NAME` is one namespace of methods; its exported
// functions are the methods.
//
// Other methods (corejam_*) are registered through `extra`: maps of methods and subscriptions by full name.
import type { Node } from '../node/index.js';
import * as author from './author.js';
import * as chain from './chain.js';
import * as childstate from './childstate.js';
import { bindNamespace, type Context, type ContextMethod, type ContextSubscription } from './context.js';
import { unsubscribers, type Method, type Registry, type Subscription } from './registry.js';
import * as engine from './engine.js';
import type { LongCalls } from './long-calls.js';
import * as payment from './payment.js';
import * as state from './state.js';
import * as system from './system.js';

export { ANSWER_BYTES_MAX } from './answers.js';
export { Connection, DEFAULT_CONNECTION_LIMITS } from './dispatcher.js';
export type { Registry } from './registry.js';
export { RpcError } from './errors.js';
export { LongCalls } from './long-calls.js';
export { parseOrigins } from './access.js';
export { PortUnavailable, RPC_METHODS, startServer, type RpcServer, type ServerOptions } from './server.js';

const NAMESPACES: Record<string, Record<string, ContextMethod | ContextSubscription>> = {
  author,
  chain,
  childstate,
  engine,
  payment,
  state,
  system,
};

/** Older names of methods, which clients still use. */
const ALIASES: Record<string, string> = {
  account_nextIndex: 'system_accountNextIndex',
  chain_getRuntimeVersion: 'state_getRuntimeVersion',
  chain_subscribeRuntimeVersion: 'state_subscribeRuntimeVersion',
  subscribe_newHead: 'chain_subscribeNewHead',
};

/** The methods that Substrate calls unsafe to offer to others: they change the node, or cost it much. */
const UNSAFE: ReadonlySet<string> = new Set([
  'author_hasKey',
  'author_hasSessionKeys',
  'author_insertKey',
  'author_removeExtrinsic',
  'author_rotateKeys',
  'engine_createBlock',
  'engine_finalizeBlock',
  'state_getPairs',
  'state_queryStorage',
  'system_dryRun',
  'system_dryRunAt',
  'system_peers',
]);

/** More methods and subscriptions, by full name. */
export interface Extra {
  methods?: Record<string, Method>;
  subscriptions?: Record<string, Subscription>;
}

/** The registry of all methods and subscriptions. */
export function createRegistry(
  node: Node,
  program: Context['program'],
  extra: Extra = {},
  longCalls?: LongCalls,
): Registry {
  const context: Context = { node, program, methodNames: [], longCalls };
  const methods = new Map<string, Method>();
  const subscriptions = new Map<string, Subscription>();
  for (const [prefix, namespace] of Object.entries(NAMESPACES)) {
    const bound = bindNamespace(prefix, namespace, context);
    for (const [name, method] of Object.entries(bound.methods)) methods.set(name, method);
    for (const [name, subscription] of Object.entries(bound.subscriptions)) subscriptions.set(name, subscription);
  }
  for (const [alias, name] of Object.entries(ALIASES)) {
    if (methods.has(name)) methods.set(alias, methods.get(name)!);
    else subscriptions.set(alias, subscriptions.get(name)!);
  }
  for (const [name, method] of Object.entries(extra.methods ?? {})) methods.set(name, method);
  for (const [name, subscription] of Object.entries(extra.subscriptions ?? {})) subscriptions.set(name, subscription);
  methods.set('rpc_methods', () => ({ methods: context.methodNames }));
  const registry = { methods, subscriptions, unsafe: UNSAFE };
  context.methodNames.push(...[...methods.keys(), ...subscriptions.keys(), ...unsubscribers(registry)].sort());
  return registry;
}
