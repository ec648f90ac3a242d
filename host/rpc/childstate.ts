// childstate_*: storage of child tries. A child trie is named by its storage key after ":child_storage:default:".
import { blake2_256, toHex } from '../bytes/index.js';
import type { StateView } from '../state/index.js';
import type { Json } from '../node/index.js';
import { AnswerSize } from './answers.js';
import { stateAt, type Context } from './context.js';
import type { Client } from './registry.js';
import type { Params } from './params.js';
import { allKeys, childStorageKey, ENTRIES_MAX, keysInSteps, mapInSteps, pageSize, valueOf } from './storage.js';
import type { Answer } from './text.js';
import type { Steps } from './turns.js';

function child(context: Context, params: Params, at: number): StateView | undefined {
  return stateAt(context, params.optionalHash(at, 'hash')).child(childStorageKey(params, 0));
}

/** All keys below a prefix, up to a bound; the paged form has none. */
export function* getKeys(context: Context, params: Params, client: Client): Steps<Answer> {
  const answer = new AnswerSize(client);
  const prefix = params.optionalBytes(1, 'prefix') ?? new Uint8Array();
  const keys = yield* allKeys(child(context, params, 2), prefix, 'childstate_getKeysPaged');
  return keys.map((key) => answer.hex(key));
}

/** Keys below a prefix, in order, at most `count`, after `startKey`. */
export function* getKeysPaged(context: Context, params: Params, client: Client): Steps<Answer> {
  const answer = new AnswerSize(client);
  const prefix = params.optionalBytes(1, 'prefix') ?? new Uint8Array();
  const count = pageSize(params, 2);
  const startKey = params.optionalBytes(3, 'startKey');
  const keys = yield* keysInSteps(child(context, params, 4), prefix, count, startKey);
  return keys.map((key) => answer.hex(key));
}

/** One value, or null. */
export function getStorage(context: Context, params: Params, client: Client): Steps<Answer> {
  return valueOf(child(context, params, 2), params.bytes(1, 'key'), new AnswerSize(client));
}

/** Several values, null for each that is absent. */
export function* getStorageEntries(context: Context, params: Params, client: Client): Steps<Answer> {
  const answer = new AnswerSize(client);
  const keys = params.bytesList(1, 'keys', ENTRIES_MAX);
  const found = child(context, params, 2);
  return yield* mapInSteps(keys, (key) => answer.hexOrNull(found?.get(key)));
}

/** The hash of one value, or null. */
export function getStorageHash(context: Context, params: Params): Json {
  const value = child(context, params, 2)?.get(params.bytes(1, 'key'));
  return value === undefined ? null : toHex(blake2_256(value));
}

/** The length of one value, or null. */
export function getStorageSize(context: Context, params: Params): Json {
  return child(context, params, 2)?.length(params.bytes(1, 'key')) ?? null;
}
