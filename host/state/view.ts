// A read-only view of the state with a certain root.
import { concat, Failure, toHex, utf8 } from '../bytes/index.js';
import {
  createProof,
  EMPTY_ROOT,
  find,
  fromPath,
  HASH_BYTES,
  hashOf,
  toNodeHash,
  toPath,
  valueLengthOf,
  valueOf,
  walk,
} from '../trie/index.js';
import type { Found, NodeRef, NodeSource, Path } from '../trie/index.js';

/**
 * The prefix of the keys under which the main trie has the roots of default child tries; the child's storage key
 * follows.
 */
export const DEFAULT_CHILD_PREFIX = utf8(':child_storage:default:');

/** The key in the main trie of the root of the child trie `storageKey`. */
export function childRootKey(storageKey: Uint8Array): Uint8Array {
  return concat(DEFAULT_CHILD_PREFIX, storageKey);
}

/**
 * The value under a child trie's key in the main trie is not the root of a stored trie. A runtime can make it so, because
 * it can append to that key. polkadot-sdk ends the call in which a runtime then uses the child trie.
 */
class UnknownChildRoot extends Failure {
  constructor(storageKey: Uint8Array) {
    super(`the main trie has no valid root for the child trie ${toHex(storageKey)}`);
  }
}

/** The state with the root `root`. Values are shared with the cache: the caller must not change them. */
export interface StateView {
  readonly root: Uint8Array;
  get(key: Uint8Array): Uint8Array | undefined;
  /** The length of a value in bytes. The value is not read for it. */
  length(key: Uint8Array): number | undefined;
  /** The first key after `key`, which itself need not exist. */
  nextKey(key: Uint8Array): Uint8Array | undefined;
  /** Up to `limit` keys that begin with `prefix`, in order, from the first after `startKey`. */
  keys(prefix: Uint8Array, limit: number, startKey?: Uint8Array): Uint8Array[];
  /** All entries whose key begins with `prefix`, in order, loaded lazily. */
  entries(prefix?: Uint8Array): Iterable<[key: Uint8Array, value: Uint8Array]>;
  /**
   * The default child trie of this storage key (without `:child_storage:default:`), if it has any entries. Throws
   * UnknownChildRoot.
   */
  child(storageKey: Uint8Array): StateView | undefined;
  /**
   * A proof for `keys`: the encoded nodes and hashed values that looking them up takes. `onItem` is passed each of them as
   * soon as it is added, with its hash; what it throws ends the proof.
   */
  proof(keys: Iterable<Uint8Array>, onItem?: (item: Uint8Array, hash: string) => void): Uint8Array[];
  /** The underlying trie, for overlays. */
  readonly trie: Trie;
}

/** A stored trie, read by path. */
export class Trie {
  readonly root: NodeRef | undefined;

  constructor(
    readonly source: NodeSource,
    root: NodeRef,
  ) {
    this.root = root === EMPTY_ROOT ? undefined : root;
  }

  get(path: Path): Uint8Array | undefined {
    const node = find(this.source, this.root, path);
    return node === undefined ? undefined : valueOf(this.source, node);
  }

  /** The length of the value in bytes, which is not read for it. */
  length(path: Path): number | undefined {
    const node = find(this.source, this.root, path);
    return node === undefined ? undefined : valueLengthOf(this.source, node);
  }

  has(path: Path): boolean {
    return find(this.source, this.root, path)?.value !== undefined;
  }

  walk(prefix: Path, after?: Path): Iterable<Found> {
    return walk(this.source, this.root, prefix, after);
  }
}

/** A view of the trie below `root` in `source`: a store, or the nodes of a proof. */
export class TrieView implements StateView {
  readonly trie: Trie;
  readonly #root: NodeRef;

  constructor(source: NodeSource, root: NodeRef) {
    this.#root = root;
    this.trie = new Trie(source, root);
  }

  get root(): Uint8Array {
    return hashOf(this.#root);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.trie.get(toPath(key));
  }

  length(key: Uint8Array): number | undefined {
    return this.trie.length(toPath(key));
  }

  nextKey(key: Uint8Array): Uint8Array | undefined {
    for (const { path } of this.trie.walk('', toPath(key))) return fromPath(path);
    return undefined;
  }

  keys(prefix: Uint8Array, limit: number, startKey?: Uint8Array): Uint8Array[] {
    const keys: Uint8Array[] = [];
    if (limit <= 0) return keys;
    for (const { path } of this.trie.walk(toPath(prefix), startKey && toPath(startKey))) {
      keys.push(fromPath(path));
      if (keys.length >= limit) break;
    }
    return keys;
  }

  *entries(prefix: Uint8Array = new Uint8Array(0)): Iterable<[Uint8Array, Uint8Array]> {
    for (const { path, node } of this.trie.walk(toPath(prefix))) {
      yield [fromPath(path), valueOf(this.trie.source, node) as Uint8Array];
    }
  }

  child(storageKey: Uint8Array): StateView | undefined {
    const root = this.get(childRootKey(storageKey));
    if (root === undefined) return undefined;
    const ref = root.length === HASH_BYTES ? this.trie.source.root(toNodeHash(root)) : undefined;
    if (ref === undefined) throw new UnknownChildRoot(storageKey);
    return new TrieView(this.trie.source, ref);
  }

  proof(keys: Iterable<Uint8Array>, onItem?: (item: Uint8Array, hash: string) => void): Uint8Array[] {
    return createProof(this.trie.source, this.trie.root, keys, onItem);
  }
}
