// Changing a trie: many keys at once, in one descent over the sorted changes.
//
// The nodes of the old trie are not modified; the new trie shares every unchanged subtree. If changes turn out to have
// no effect, the old child itself is returned, so that it need not be encoded again.
import { blake2_256, equal } from '../bytes/index.js';
import { INLINE_VALUE_MAX_BYTES, LEVELS_MAX, load, TrieTooDeep } from './node.js';
import type { Child, NodeSource, NodeValue, StateVersion, TrieHasher, TrieNode } from './node.js';
import { DIGITS, nibbleAt, sharedLength, toNodeHash } from './path.js';
import type { NodeHash, Path } from './path.js';

/** A path and its new value; undefined removes it. */
export type Change = readonly [path: Path, value: Uint8Array | undefined];

/** The result of an update. */
export interface Updated {
  /** The new trie, not sealed yet; undefined when it is empty. */
  readonly root: Child | undefined;
  /** The values that new nodes refer to by hash. */
  readonly values: Map<NodeHash, Uint8Array>;
}

/** Applies `changes`, which are sorted by path and name no path twice, to the trie below `root`. Throws TrieTooDeep. */
export function update(
  source: NodeSource,
  root: Child | undefined,
  changes: readonly Change[],
  version: StateVersion,
  hash: TrieHasher = blake2_256,
): Updated {
  const job = new Update(source, changes, version, hash);
  return { root: job.apply(root, 0, changes.length, 0, 1), values: job.values };
}

class Update {
  readonly values = new Map<NodeHash, Uint8Array>();

  constructor(
    readonly source: NodeSource,
    readonly changes: readonly Change[],
    readonly version: StateVersion,
    readonly hash: TrieHasher,
  ) {}

  /**
   * Applies the changes [from, to), which share their first `depth` nibbles, to the subtree at those nibbles. Its top
   * is the `level`th node from the root.
   */
  apply(child: Child | undefined, from: number, to: number, depth: number, level: number): Child | undefined {
    if (from === to) return child;
    if (child === undefined) return this.#build(from, to, depth, level);
    if (level > LEVELS_MAX) throw new TrieTooDeep();

    const node = load(this.source, child);
    const shared = this.#sharedWith(node.partial, from, to, depth);
    if (shared === node.partial.length) return this.#applyBelow(child, node, from, to, depth + shared, level);

    // Some changes diverge from the node's partial key at `shared`: make a branch there, with the node as one of its
    // children.
    const lowered: TrieNode = { ...node, partial: node.partial.slice(shared + 1) };
    const slot = nibbleAt(node.partial, shared);
    const fork: TrieNode = {
      partial: node.partial.slice(0, shared),
      value: undefined,
      children: withSlot(slot, lowered),
    };
    const forked = this.#applyBelow(fork, fork, from, to, depth + shared, level);
    return forked === fork ? child : forked;
  }

  /** As `apply`, for changes that all begin with the path of `node`, `depth` nibbles long. `child` is that node. */
  #applyBelow(child: Child, node: TrieNode, from: number, to: number, depth: number, level: number): Child | undefined {
    let { value } = node;
    let at = from;
    if (this.changes[at]![0].length === depth) value = this.#changed(value, this.changes[at++]![1]);
    let different = value !== node.value;

    let children: (Child | undefined)[] | undefined;
    while (at < to) {
      const slot = nibbleAt(this.changes[at]![0], depth);
      const end = this.#endOfSlot(at, to, depth);
      const before = node.children?.[slot];
      const after = this.apply(before, at, end, depth + 1, level + 1);
      at = end;
      if (after === before) continue;
      different = true;
      children ??= node.children?.slice() ?? new Array<Child | undefined>(16).fill(undefined);
      children[slot] = after;
    }
    return different ? this.#normal(node.partial, value, children ?? node.children) : child;
  }

  /** A new subtree of the values that the changes [from, to) set. */
  #build(from: number, to: number, depth: number, level: number): TrieNode | undefined {
    while (from < to && this.changes[from]![1] === undefined) from++;
    while (from < to && this.changes[to - 1]![1] === undefined) to--;
    if (from === to) return undefined;
    if (level > LEVELS_MAX) throw new TrieTooDeep();

    const [first, firstValue] = this.changes[from]!;
    const last = this.changes[to - 1]![0];
    const end = depth + sharedLength(first, depth, last.slice(depth));
    const partial = first.slice(depth, end);
    const value = first.length === end ? this.#changed(undefined, firstValue) : undefined;
    if (to - from === 1) return { partial, value, children: undefined };

    const children = new Array<Child | undefined>(16).fill(undefined);
    for (let at = first.length === end ? from + 1 : from; at < to;) {
      const next = this.#endOfSlot(at, to, end);
      children[nibbleAt(this.changes[at]![0], end)] = this.#build(at, next, end + 1, level + 1);
      at = next;
    }
    return { partial, value, children };
  }

  /** The canonical node of these parts: none, a leaf, a branch, or the only child with its partial key extended. */
  #normal(partial: Path, value: NodeValue | undefined, children: TrieNode['children']): TrieNode | undefined {
    let count = 0;
    let only = -1;
    for (let slot = 0; children !== undefined && slot < 16; slot++) {
      if (children[slot] === undefined) continue;
      count++;
      only = slot;
    }
    if (count === 0) return value === undefined ? undefined : { partial, value, children: undefined };
    if (count > 1 || value !== undefined) return { partial, value, children };
    const child = load(this.source, children?.[only] as Child);
    return { ...child, partial: partial + DIGITS[only] + child.partial };
  }

  /** `value` in the form in which it is stored, or `old` itself if that is the same. */
  #changed(old: NodeValue | undefined, value: Uint8Array | undefined): NodeValue | undefined {
    if (value === undefined) return undefined;
    if (this.version === 0 || value.length <= INLINE_VALUE_MAX_BYTES) {
      return old !== undefined && typeof old !== 'string' && equal(old, value) ? old : value;
    }
    const hash = toNodeHash(this.hash(value));
    if (typeof old === 'string' && old.startsWith(hash)) return old;
    this.values.set(hash, value);
    return hash;
  }

  /**
   * The length of the prefix of `partial` that all these changes share. They are sorted, so the first and the last
   * decide.
   */
  #sharedWith(partial: Path, from: number, to: number, depth: number): number {
    if (partial.length === 0) return 0;
    const first = sharedLength(this.changes[from]![0], depth, partial);
    return to - from === 1 ? first : Math.min(first, sharedLength(this.changes[to - 1]![0], depth, partial));
  }

  /** The end of the changes that have the same nibble at `depth` as the one at `from`. */
  #endOfSlot(from: number, to: number, depth: number): number {
    const digit = this.changes[from]![0].charCodeAt(depth);
    let end = from + 1;
    while (end < to && this.changes[end]![0].charCodeAt(depth) === digit) end++;
    return end;
  }
}

function withSlot(slot: number, child: Child): (Child | undefined)[] {
  const children = new Array<Child | undefined>(16).fill(undefined);
  children[slot] = child;
  return children;
}
