// What a block changed, for subscribers to storage: made once for all who want the same keys.
import { blake2_256, toHex, utf8 } from '../bytes/index.js';
import type { CommittedBlock } from '../node/index.js';
import { hexOf } from './answers.js';
import type { Answer } from './text.js';

/** The keys of a subscription in hex, each with its place. */
type Wanted = ReadonlyMap<string, number>;

/** What a key takes besides its text. */
const KEY_BYTES = 64;

/** The sets of keys that are subscribed to, by their hash. */
const sets = new Map<string, { readonly wanted: Wanted; users: number }>();

/** A set of keys, which all who want it share until they release it. `bytes`: the memory that it takes in addition. */
export function wantedKeys(keys: readonly string[]): { wanted: Wanted; bytes: number; release: () => void } {
  const id = toHex(blake2_256(utf8(keys.join())));
  let shared = sets.get(id);
  const bytes = shared === undefined ? keys.reduce((sum, key) => sum + key.length + KEY_BYTES, 0) : 0;
  if (shared === undefined) {
    shared = { wanted: new Map(keys.map((key, index) => [key, index])), users: 0 };
    sets.set(id, shared);
  }
  const { wanted } = shared;
  const mine = shared;
  mine.users++;
  let isReleased = false;
  const release = (): void => {
    if (isReleased) return;
    isReleased = true;
    if (--mine.users === 0) sets.delete(id);
  };
  return { wanted, bytes, release };
}

interface Changes {
  /** All of them, by the key in hex. */
  readonly values: ReadonlyMap<string, Answer>;
  readonly ofKeys: Map<Wanted | undefined, Answer | undefined>;
}

const blocks = new WeakMap<CommittedBlock, Changes>();

/** The changes of a block to these keys, or all, as a subscriber is sent them; undefined if there are none. */
export function changesOf(block: CommittedBlock, wanted?: Wanted): Answer | undefined {
  let changes = blocks.get(block);
  if (changes === undefined) {
    const pairs = block.changes.map(([key, value]) => [toHex(key), value === undefined ? null : hexOf(value)] as const);
    blocks.set(block, (changes = { values: new Map(pairs), ofKeys: new Map() }));
  }
  const { values, ofKeys } = changes;
  if (ofKeys.has(wanted)) return ofKeys.get(wanted);
  const keys = wanted === undefined ? [...values.keys()] : changedOf(values, wanted);
  const result =
    keys.length === 0 ? undefined : { block: toHex(block.hash), changes: keys.map((key) => [key, values.get(key)!]) };
  ofKeys.set(wanted, result);
  return result;
}

/** The wanted keys that changed, in the order of the subscription; by the shorter of both lists. */
function changedOf(values: ReadonlyMap<string, Answer>, wanted: Wanted): string[] {
  if (wanted.size <= values.size) return [...wanted.keys()].filter((key) => values.has(key));
  return [...values.keys()].filter((key) => wanted.has(key)).sort((a, b) => wanted.get(a)! - wanted.get(b)!);
}
