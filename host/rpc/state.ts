// state_*: storage, proofs, runtime calls, metadata.
import { blake2_256, equal, toHex } from '../bytes/index.js';
import type { RuntimeVersion } from '../executor/index.js';
import { BoundedMap, type CommittedBlock, type Json } from '../node/index.js';
import { childRootKey } from '../state/index.js';
import { AnswerSize, hexOf } from './answers.js';
import { changesOf, wantedKeys } from './changes.js';
import { blockAt, runtimeCall, stateAt, type Context, type ContextSubscription } from './context.js';
import type { Client } from './registry.js';
import { clientError, INVALID_BLOCK_RANGE, INVALID_COUNT, RpcError, unsafeDenied } from './errors.js';
import type { Params } from './params.js';
import {
  allKeys,
  childStorageKey,
  distinctKeys,
  ENTRIES_MAX,
  keysInSteps,
  mapInSteps,
  pageSize,
  Proof,
  valueOf,
} from './storage.js';
import type { Answer } from './text.js';
import type { Steps } from './turns.js';

const RANGE_BLOCKS_MAX = 1000;

/** One value, or null. */
export function getStorage(context: Context, params: Params, client: Client): Steps<Answer> {
  return valueOf(stateAt(context, params.optionalHash(1, 'hash')), params.bytes(0, 'key'), new AnswerSize(client));
}
export { getStorage as getStorageAt };

/** The hash of one value, or null. */
export function getStorageHash(context: Context, params: Params): Json {
  const value = stateAt(context, params.optionalHash(1, 'hash')).get(params.bytes(0, 'key'));
  return value === undefined ? null : toHex(blake2_256(value));
}
export { getStorageHash as getStorageHashAt };

/** The length of one value, or the total length of all values below a prefix, or null. */
export function* getStorageSize(context: Context, params: Params): Steps<Json> {
  const state = stateAt(context, params.optionalHash(1, 'hash'));
  const key = params.bytes(0, 'key');
  const length = state.length(key);
  if (length !== undefined) return length;
  const keys = yield* keysInSteps(state, key, ENTRIES_MAX + 1);
  if (keys.length > ENTRIES_MAX) {
    throw new RpcError(INVALID_COUNT, `more than ${ENTRIES_MAX} keys lie below this prefix; ask for a longer one`);
  }
  if (keys.length === 0) return null;
  const lengths = yield* mapInSteps(keys, (found) => state.length(found)!);
  return lengths.reduce((sum, each) => sum + each, 0);
}
export { getStorageSize as getStorageSizeAt };

/** Keys below a prefix, in order, at most `count`, after `startKey`. */
export function* getKeysPaged(context: Context, params: Params, client: Client): Steps<Answer> {
  const answer = new AnswerSize(client);
  const prefix = params.optionalBytes(0, 'prefix') ?? new Uint8Array();
  const count = pageSize(params, 1);
  const state = stateAt(context, params.optionalHash(3, 'hash'));
  const keys = yield* keysInSteps(state, prefix, count, params.optionalBytes(2, 'startKey'));
  return keys.map((key) => answer.hex(key));
}
export { getKeysPaged as getKeysPagedAt };

/** Keys below a prefix with their values, up to a bound. */
export function* getPairs(context: Context, params: Params, client: Client): Steps<Answer> {
  const answer = new AnswerSize(client);
  const state = stateAt(context, params.optionalHash(1, 'hash'));
  const keys = yield* allKeys(state, params.bytes(0, 'prefix'), 'state_getKeysPaged');
  return yield* mapInSteps(keys, (key) => [answer.hex(key), answer.hex(state.get(key)!)]);
}

/** All keys below a prefix, up to a bound; the paged form has none. */
export function* getKeys(context: Context, params: Params, client: Client): Steps<Answer> {
  const answer = new AnswerSize(client);
  const state = stateAt(context, params.optionalHash(1, 'hash'));
  const keys = yield* allKeys(state, params.bytes(0, 'prefix'), 'state_getKeysPaged');
  return keys.map((key) => answer.hex(key));
}

function* changeSet(
  context: Context,
  keys: readonly Uint8Array[],
  blockHash: Uint8Array,
  answer: AnswerSize,
): Steps<Record<'block' | 'changes', Answer>> {
  const state = context.node.stateAt(blockHash);
  const changes = yield* mapInSteps(keys, (key) => [answer.hex(key), answer.hexOrNull(state.get(key))]);
  return { block: answer.hex(blockHash), changes };
}

/** The values of these keys after one block, each key once. */
export function* queryStorageAt(context: Context, params: Params, client: Client): Steps<Answer> {
  const answer = new AnswerSize(client);
  const keys = distinctKeys(params, 0);
  return [yield* changeSet(context, keys, blockAt(context, params.optionalHash(1, 'at')).hash, answer)];
}

/**
 * The values of these keys after the first block of a range, then every change up to the last. Keys times blocks are
 * bounded, since each is a lookup.
 */
export function* queryStorage(context: Context, params: Params, client: Client): Steps<Answer> {
  const answer = new AnswerSize(client);
  const keys = distinctKeys(params, 0);
  const from = blockAt(context, params.hash(1, 'block'));
  const to = blockAt(context, params.optionalHash(2, 'hash'));
  const blocks = to.number - from.number + 1;
  const refuse = (details: string): never => {
    const range = `['${from.number}' ... '${to.number}']`;
    throw new RpcError(INVALID_BLOCK_RANGE, `Cannot resolve a block range ${range}. ${details}`);
  };
  if (blocks < 1 || blocks > RANGE_BLOCKS_MAX) refuse(`It must go forward over at most ${RANGE_BLOCKS_MAX} blocks`);
  if (keys.length * blocks > ENTRIES_MAX) {
    refuse(
      `${keys.length} keys in ${blocks} blocks are ${keys.length * blocks} lookups, and at most ${ENTRIES_MAX} are made`,
    );
  }
  const first = yield* changeSet(context, keys, from.hash, answer);
  const sets: Answer[] = keys.length === 0 ? [] : [first];
  const start = context.node.stateAt(from.hash);
  const last = yield* mapInSteps(keys, (key) => start.get(key));
  for (let number = from.number + 1; number <= to.number; number++) {
    const hash = context.node.blockHash(number)!;
    const state = context.node.stateAt(hash);
    const changes: Answer[] = [];
    yield;
    yield* mapInSteps(keys, (key, index) => {
      const value = state.get(key);
      if (sameValue(value, last[index])) return;
      last[index] = value;
      changes.push([answer.hex(key), answer.hexOrNull(value)]);
    });
    if (changes.length > 0) sets.push({ block: answer.hex(hash), changes });
  }
  return sets;
}

const sameValue = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === undefined || b === undefined ? a === b : equal(a, b);

/** A Merkle proof of these keys, whether present or absent. */
export function* getReadProof(context: Context, params: Params, client: Client): Steps<Answer> {
  const answer = new AnswerSize(client);
  const keys = distinctKeys(params, 0);
  const block = blockAt(context, params.optionalHash(1, 'hash'));
  const proof = new Proof(answer);
  yield* proof.add(context.node.stateAt(block.hash), keys);
  return { at: toHex(block.hash), proof: proof.items };
}

/** A Merkle proof of keys in a child trie from the state root: of the child's root, and of the keys under it. */
export function* getChildReadProof(context: Context, params: Params, client: Client): Steps<Answer> {
  const answer = new AnswerSize(client);
  const storageKey = childStorageKey(params, 0);
  const keys = distinctKeys(params, 1);
  const block = blockAt(context, params.optionalHash(2, 'hash'));
  const state = context.node.stateAt(block.hash);
  const child = state.child(storageKey);
  const proof = new Proof(answer);
  yield* proof.add(state, [childRootKey(storageKey)]);
  if (child !== undefined) yield* proof.add(child, keys);
  return { at: toHex(block.hash), proof: proof.items };
}

/** Calls a runtime entry point; its writes are discarded. */
export function call(context: Context, params: Params, client: Client): Answer | Promise<Answer> {
  const method = params.string(0, 'name');
  if (!/^\w{1,128}$/.test(method)) {
    const shown = JSON.stringify(method.slice(0, 100));
    throw clientError(`Execution failed: ${shown} is no name of a runtime entry point`);
  }
  const args = params.bytes(1, 'bytes');
  const block = blockAt(context, params.optionalHash(2, 'hash'));
  const output = isMetadata(method, args)
    ? metadata(context, block.hash, method, args)
    : runtimeCall(context, client, block.hash, method, args);
  // What comes later is no part of this task, which has been counted by then; it is bounded where it comes from.
  return output instanceof Uint8Array ? new AnswerSize(client).hex(output) : output.then(hexOf);
}
export { call as callAt };

/** The metadata in version 14, which every client knows. */
export function getMetadata(context: Context, params: Params, client: Client): Answer {
  const size = new AnswerSize(client);
  const block = blockAt(context, params.optionalHash(0, 'hash'));
  const opaque = metadata(context, block.hash, 'Metadata_metadata', new Uint8Array());
  return size.hex(opaque.subarray(compactBytes(opaque)));
}

/** The length of a leading SCALE compact: 1, 2, 4 or more bytes by its two lowest bits. */
const compactBytes = ([first = 0]: Uint8Array): number => [1, 2, 4, (first >> 2) + 5][first & 3]!;

/** Metadata is large, requested by every client, and depends on the code only: it is cached by code hash. */
const METADATA_KEPT = 8;
/** The longest arguments of an entry point for metadata: a version. Others are not cached. */
const METADATA_ARGS_BYTES_MAX = 4;
const metadataByCode = new BoundedMap<string, Uint8Array>(METADATA_KEPT);

const isMetadata = (method: string, args: Uint8Array): boolean =>
  method.startsWith('Metadata_') && args.length <= METADATA_ARGS_BYTES_MAX;

function metadata({ node }: Context, blockHash: Uint8Array, method: string, args: Uint8Array): Uint8Array {
  const key = `${toHex(node.runtimeAt(blockHash).codeHash)} ${method} ${toHex(args)}`;
  const cached = metadataByCode.get(key);
  if (cached !== undefined) return cached;
  const made = node.runtimeCall(blockHash, method, args);
  metadataByCode.set(key, made);
  return made;
}

function versionJson(version: RuntimeVersion): Json {
  return {
    specName: version.specName,
    implName: version.implName,
    authoringVersion: version.authoringVersion,
    specVersion: version.specVersion,
    implVersion: version.implVersion,
    apis: version.apis.map(({ id, version: number }) => [toHex(id), number]),
    transactionVersion: version.transactionVersion,
    systemVersion: version.stateVersion,
    stateVersion: version.stateVersion,
  };
}

/** The version of the runtime of the state after a block. */
export function getRuntimeVersion(context: Context, params: Params): Json {
  return versionJson(context.node.runtimeAt(blockAt(context, params.optionalHash(0, 'hash')).hash).version());
}

/** The runtime's version, now and whenever the code changes. */
export const subscribeRuntimeVersion: ContextSubscription = {
  notification: 'state_runtimeVersion',
  unsubscribe: ['state_unsubscribeRuntimeVersion', 'chain_unsubscribeRuntimeVersion'],
  start: ({ node }, _params, sink) => {
    let current = node.runtimeAt(node.best().hash);
    sink.send(versionJson(current.version()));
    return node.subscribeBlocks(({ hash }) => {
      const next = node.runtimeAt(hash);
      if (next === current || equal(next.codeHash, current.codeHash)) return;
      current = next;
      sink.send(versionJson(next.version()));
    });
  },
};

/**
 * The values of these keys, now and whenever a block changes one. Without a list, every change, where unsafe methods are
 * allowed.
 */
export const subscribeStorage: ContextSubscription = {
  notification: 'state_storage',
  unsubscribe: ['state_unsubscribeStorage'],
  *start(context, params, sink, client) {
    if (!params.has(0, 'keys')) {
      if (!client.unsafe) throw unsafeDenied();
      return context.node.subscribeBlocks((block) => sink.send(() => changesOf(block)));
    }
    const keys = distinctKeys(params, 0);
    const { wanted, bytes, release } = wantedKeys(keys.map(toHex));
    sink.retain(bytes);
    // Blocks that are made while the first values are looked up follow these.
    let early: CommittedBlock[] | undefined = [];
    const tell = (block: CommittedBlock): void => sink.send(() => changesOf(block, wanted));
    const stopBlocks = context.node.subscribeBlocks((block) => (early === undefined ? tell(block) : early.push(block)));
    const stop = (): void => {
      stopBlocks();
      release();
    };
    try {
      sink.send(yield* changeSet(context, keys, context.node.best().hash, new AnswerSize(client)));
    } catch (error) {
      stop();
      throw error;
    }
    early.forEach(tell);
    early = undefined;
    return stop;
  },
};
