// Shared by state_* and childstate_*: lists of keys and their bounds, and the names of child tries.
import { startsWith, toHex } from '../bytes/index.js';
import { DEFAULT_CHILD_PREFIX, type StateView } from '../state/index.js';
import { hexOf, type AnswerSize } from './answers.js';
import { clientError, INVALID_COUNT, RpcError } from './errors.js';
import type { Params } from './params.js';
import type { Answer } from './text.js';
import type { Steps } from './turns.js';

/** Substrate's bound on one page of keys. */
const KEYS_PAGE_MAX = 1000;
/** Bound on the keys or entries of one request. */
export const ENTRIES_MAX = 10_000;

/** Looked up without a pause: well below a millisecond. */
const PER_STEP = 16;
/** Found below a prefix without a pause. */
const KEYS_PER_STEP = 256;

/** A value, or null. It is read once there is room for it. */
export function* valueOf(state: StateView | undefined, key: Uint8Array, answer: AnswerSize): Steps<Answer> {
  const length = state?.length(key);
  if (length === undefined) return null;
  answer.takeHex(length);
  yield;
  return hexOf(state!.get(key)!);
}

/** Maps items, with a pause after each few. */
export function* mapInSteps<T, U>(items: readonly T[], each: (item: T, index: number) => U): Steps<U[]> {
  const results: U[] = [];
  for (const [index, item] of items.entries()) {
    if (index % PER_STEP === PER_STEP - 1) yield;
    results.push(each(item, index));
  }
  return results;
}

/** Keys below a prefix in order, after `startKey`, at most `max`. */
export function* keysInSteps(
  state: StateView | undefined,
  prefix: Uint8Array,
  max: number,
  startKey?: Uint8Array,
): Steps<Uint8Array[]> {
  const found: Uint8Array[] = [];
  if (state === undefined) return found;
  for (;;) {
    const count = Math.min(KEYS_PER_STEP, max - found.length);
    const keys = state.keys(prefix, count, found.at(-1) ?? startKey);
    found.push(...keys);
    if (keys.length < count || found.length >= max) return found;
    yield;
  }
}

/** All keys below a prefix. More than ENTRIES_MAX is an error, which names the method that returns pages. */
export function* allKeys(state: StateView | undefined, prefix: Uint8Array, pagedMethod: string): Steps<Uint8Array[]> {
  const keys = yield* keysInSteps(state, prefix, ENTRIES_MAX + 1);
  if (keys.length > ENTRIES_MAX) {
    throw new RpcError(INVALID_COUNT, `more than ${ENTRIES_MAX} keys match; ask for them in pages, by ${pagedMethod}`);
  }
  return keys;
}

/** The parameter `keys`, each key once, in the order of its first place. */
export function distinctKeys(params: Params, index: number): Uint8Array[] {
  const keys = params.bytesList(index, 'keys', ENTRIES_MAX);
  return [...new Map(keys.map((key) => [Buffer.from(key).toString('latin1'), key])).values()];
}

/** The items of proofs as hex, each once. Their size is counted while they are made. */
export class Proof {
  readonly items: Answer[] = [];
  readonly #seen = new Set<string>();
  readonly #answer: AnswerSize;

  constructor(answer: AnswerSize) {
    this.#answer = answer;
  }

  /** Adds what proves the values under these keys. */
  *add(state: StateView, keys: readonly Uint8Array[]): Steps<void> {
    const add = (item: Uint8Array, hash: string): void => {
      if (this.#seen.has(hash)) return;
      this.#seen.add(hash);
      this.items.push(this.#answer.hex(item));
    };
    for (let at = 0; at < keys.length; at += PER_STEP) {
      if (at > 0) yield;
      state.proof(keys.slice(at, at + PER_STEP), add);
    }
  }
}

/** The number of keys that a page may hold at most: a parameter. */
export function pageSize(params: Params, index: number): number {
  const count = params.u32(index, 'count');
  if (count > KEYS_PAGE_MAX) {
    throw new RpcError(INVALID_COUNT, `count exceeds maximum value. value: ${count}, max: ${KEYS_PAGE_MAX}`);
  }
  return count;
}

/** A child trie's storage key: the parameter without its prefix. */
export function childStorageKey(params: Params, index: number): Uint8Array {
  const key = params.bytes(index, 'childStorageKey');
  if (startsWith(key, DEFAULT_CHILD_PREFIX)) return key.slice(DEFAULT_CHILD_PREFIX.length);
  const prefix = `":child_storage:default:", in hex ${toHex(DEFAULT_CHILD_PREFIX)}`;
  throw clientError(`Invalid child storage key: it must start with ${prefix}`);
}
