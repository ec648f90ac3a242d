// A trie stored as its encoded nodes, by hash: every node is encoded and decoded, and an access to a node that no
// update made throws.
import {
  decodeNode,
  encodeNode,
  EMPTY_ROOT,
  hashOf,
  MissingNode,
  seal,
  sortedChanges,
  update,
} from '../../../host/trie/index.js';
import type { NodeHash, NodeSource, StateVersion, TrieNode } from '../../../host/trie/index.js';

export class StoredTrie implements NodeSource {
  readonly items = new Map<NodeHash, Uint8Array>();
  rootHash: NodeHash = EMPTY_ROOT;

  /** The root as update, find and walk take it: undefined if the trie is empty. */
  get rootNode(): NodeHash | undefined {
    return this.rootHash === EMPTY_ROOT ? undefined : this.rootHash;
  }

  get rootBytes(): Uint8Array {
    return hashOf(this.rootHash);
  }

  change(changes: Iterable<readonly [Uint8Array, Uint8Array | undefined]>, version: StateVersion): void {
    const { root, values } = update(this, this.rootNode, sortedChanges(changes), version);
    const sealed = seal(root);
    for (const [hash, node] of sealed.nodes) this.items.set(hash, encodeNode(node));
    for (const [hash, value] of values) this.items.set(hash, value);
    this.rootHash = sealed.root;
  }

  root(hash: NodeHash): NodeHash | undefined {
    return this.items.has(hash) ? hash : undefined;
  }

  node(hash: NodeHash): TrieNode {
    return decodeNode(this.value(hash)) as TrieNode;
  }

  value(hash: NodeHash): Uint8Array {
    const item = this.items.get(hash);
    if (item === undefined) throw new MissingNode(hash);
    return item;
  }

  valueLength(hash: NodeHash): number {
    return this.value(hash).length;
  }
}
