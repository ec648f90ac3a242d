// state_*: storage, proofs, runtime calls, metadata.
import { blake2_256, equal, toHex } from '../bytes/index.js';
import type { RuntimeVersion } from '../executor/index.js';
import { BoundedMap, type CommittedBlock, type Json } from '../node/index.js';
import { childRootKey } from '../state/index.js';
import { blockAt, stateAt, type Context, type ContextSubscription } from './context.js';
import { clientError, INVALID_BLOCK_RANGE, INVALID_COUNT, RpcError } from './errors.js';
import type { Params } from './params.js';
import { allKeys, childStorageKey, ENTRIES_MAX, hexOrNull, pageSize } from './storage.js';

const RANGE_BLOCKS_MAX = 1000;

/** One value, or null. */
export function getStorage(context: Context, params: Params): Json {
  return hexOrNull(stateAt(context, params.optionalHash(1, 'at')).get(params.bytes(0, 'key')));
}
export { getStorage as getStorageAt };

/** The hash of one value, or null. */
export function getStorageHash(context: Context, params: Params): Json {
  const value = stateAt(context, params.optionalHash(1, 'at')).get(params.bytes(0, 'key'));
  return value === undefined ? null : toHex(blake2_256(value));
}
export { getStorageHash as getStorageHashAt };

/** The length of one value, or the total length of all values below a prefix, or null. */
export function getStorageSize(context: Context, params: Params): Json {
  const state = stateAt(context, params.optionalHash(1, 'at'));
  const key = params.bytes(0, 'key');
  const length = state.length(key);
  if (length !== undefined) return length;
  const keys = state.keys(key, ENTRIES_MAX + 1);
  if (keys.length > ENTRIES_MAX) {
    throw new RpcError(INVALID_COUNT, `more than ${ENTRIES_MAX} keys lie below this prefix; ask for a longer one`);
  }
  return keys.length === 0 ? null : keys.reduce((sum, found) => sum + state.length(found)!, 0);
}
export { getStorageSize as getStorageSizeAt };

/** Keys below a prefix, in order, at most `count`, after `startKey`. */
export function getKeysPaged(context: Context, params: Params): Json {
  const prefix = params.optionalBytes(0, 'prefix') ?? new Uint8Array();
  const count = pageSize(params, 1);
  return stateAt(context, params.optionalHash(3, 'at'))
    .keys(prefix, count, params.optionalBytes(2, 'startKey'))
    .map(toHex);
}
export { getKeysPaged as getKeysPagedAt };

/** Keys below a prefix with their values, up to a bound. */
export function getPairs(context: Context, params: Params): Json {
  const state = stateAt(context, params.optionalHash(1, 'at'));
  return allKeys(state, params.bytes(0, 'prefix'), 'state_getKeysPaged').map((key) => [
    toHex(key),
    toHex(state.get(key)!),
  ]);
}

/** All keys below a prefix, up to a bound; the paged form has none. */
export function getKeys(context: Context, params: Params): Json {
  const state = stateAt(context, params.optionalHash(1, 'at'));
  return allKeys(state, params.bytes(0, 'prefix'), 'state_getKeysPaged').map(toHex);
}

function changeSet(context: Context, keys: readonly Uint8Array[], blockHash: Uint8Array): Json {
  const state = context.node.stateAt(blockHash);
  return { block: toHex(blockHash), changes: keys.map((key) => [toHex(key), hexOrNull(state.get(key))]) };
}

/** The values of these keys after one block. */
export function queryStorageAt(context: Context, params: Params): Json {
  const keys = params.bytesList(0, 'keys', ENTRIES_MAX);
  return [changeSet(context, keys, blockAt(context, params.optionalHash(1, 'at')).hash)];
}

/** The values of these keys after the first block of a range, then every change up to the last. */
export function queryStorage(context: Context, params: Params): Json {
  const keys = params.bytesList(0, 'keys', ENTRIES_MAX);
  const from = blockAt(context, params.hash(1, 'fromBlock'));
  const to = blockAt(context, params.optionalHash(2, 'toBlock'));
  if (to.number < from.number || to.number - from.number >= RANGE_BLOCKS_MAX) {
    const range = `['${from.number}' ... '${to.number}']`;
    throw new RpcError(
      INVALID_BLOCK_RANGE,
      `Cannot resolve a block range ${range}: it must go forward over at most ${RANGE_BLOCKS_MAX} blocks`,
    );
  }
  const sets: Json[] = [];
  const last = new Map<string, string | null>();
  for (let number = from.number; number <= to.number; number++) {
    const hash = context.node.blockHash(number)!;
    const state = context.node.stateAt(hash);
    const changes: Json[] = [];
    for (const key of keys) {
      const name = toHex(key);
      const value = hexOrNull(state.get(key));
      if (last.has(name) && last.get(name) === value) continue;
      last.set(name, value);
      changes.push([name, value]);
    }
    if (changes.length > 0) sets.push({ block: toHex(hash), changes });
  }
  return sets;
}

/** A Merkle proof of these keys, whether present or absent. */
export function getReadProof(context: Context, params: Params): Json {
  const keys = params.bytesList(0, 'keys', ENTRIES_MAX);
  const block = blockAt(context, params.optionalHash(1, 'at'));
  return { at: toHex(block.hash), proof: context.node.stateAt(block.hash).proof(keys).map(toHex) };
}

/** A Merkle proof of keys in a child trie from the state root: of the child's root, and of the keys under it. */
export function getChildReadProof(context: Context, params: Params): Json {
  const storageKey = childStorageKey(params, 0);
  const keys = params.bytesList(1, 'keys', ENTRIES_MAX);
  const block = blockAt(context, params.optionalHash(2, 'at'));
  const state = context.node.stateAt(block.hash);
  const nodes = [...state.proof([childRootKey(storageKey)]), ...(state.child(storageKey)?.proof(keys) ?? [])];
  return { at: toHex(block.hash), proof: [...new Set(nodes.map(toHex))] };
}

/** Calls a runtime entry point; its writes are discarded. */
export function call(context: Context, params: Params): Json {
  const method = params.string(0, 'method');
  if (!/^\w{1,128}$/.test(method)) {
    const shown = JSON.stringify(method.slice(0, 100));
    throw clientError(`Execution failed: ${shown} is no name of a runtime entry point`);
  }
  const args = params.bytes(1, 'data');
  const block = blockAt(context, params.optionalHash(2, 'at'));
  return cachedCall(context, block.hash, method, args);
}
export { call as callAt };

/** The metadata in version 14, which every client knows. */
export function getMetadata(context: Context, params: Params): Json {
  const answer = cachedCall(
    context,
    blockAt(context, params.optionalHash(0, 'at')).hash,
    'Metadata_metadata',
    new Uint8Array(),
  );
  return `0x${skipCompact(answer)}`;
}

/** Hex after a leading SCALE compact, which has 1, 2, 4 or more bytes by its two lowest bits. */
function skipCompact(hex: string): string {
  const first = parseInt(hex.slice(2, 4), 16);
  const bytes = [1, 2, 4, (first >> 2) + 5][first & 3]!;
  return hex.slice(2 + 2 * bytes);
}

/** Metadata is large, requested by every client, and depends on the code only: its hex is cached by code hash. */
const METADATA_KEPT = 8;
const metadataByCode = new BoundedMap<string, string>(METADATA_KEPT);

function cachedCall(context: Context, blockHash: Uint8Array, method: string, args: Uint8Array): string {
  if (!method.startsWith('Metadata_')) return toHex(context.node.runtimeCall(blockHash, method, args));
  const key = `${toHex(context.node.runtimeAt(blockHash).codeHash)} ${method} ${toHex(args)}`;
  let hex = metadataByCode.get(key);
  if (hex === undefined) {
    hex = toHex(context.node.runtimeCall(blockHash, method, args));
    metadataByCode.set(key, hex);
  }
  return hex;
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
  return versionJson(context.node.runtimeAt(blockAt(context, params.optionalHash(0, 'at')).hash).version());
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

/** The values of these keys (of all keys, without a list), now and whenever a block changes one. */
export const subscribeStorage: ContextSubscription = {
  notification: 'state_storage',
  unsubscribe: ['state_unsubscribeStorage'],
  start: (context, params, sink) => {
    const keys = params.has(0) ? params.bytesList(0, 'keys', ENTRIES_MAX) : undefined;
    if (keys !== undefined) sink.send(changeSet(context, keys, context.node.best().hash));
    const wanted = keys?.map(toHex);
    return context.node.subscribeBlocks((block) => {
      const changes = changed(block, wanted);
      if (changes.length > 0) sink.send({ block: toHex(block.hash), changes });
    });
  },
};

/** A block's changes in hex, made once for all subscribers. */
const hexChanges = new WeakMap<CommittedBlock, Map<string, Json>>();

function changed(block: CommittedBlock, wanted: readonly string[] | undefined): Json[] {
  let all = hexChanges.get(block);
  if (all === undefined) {
    all = new Map(block.changes.map(([key, value]) => [toHex(key), hexOrNull(value)]));
    hexChanges.set(block, all);
  }
  if (wanted === undefined) return [...all];
  const changes = all;
  return wanted.filter((key) => changes.has(key)).map((key) => [key, changes.get(key)!]);
}
