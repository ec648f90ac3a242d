// Proofs that a key has a certain value, or none: the encoded nodes on the path to it, and the value if it is stored by
// hash.
//
// The form of `state_getReadProof`: a list of nodes in no particular order. One proof may serve many keys.
import { blake2_256, Failure, toHex } from '../bytes/index.js';
import { decodeNode, encodeNode, InvalidNode } from './codec.js';
import { MissingNode, valueOf } from './node.js';
import type { Child, NodeSource, TrieNode } from './node.js';
import { HASH_BYTES, hashOf, toNodeHash, toPath } from './path.js';
import type { NodeHash } from './path.js';
import { find } from './read.js';
import { EMPTY_ROOT } from './seal.js';

/** A proof with a missing or malformed node. */
export class InvalidProof extends Failure {}

/**
 * The nodes and values that looking up each of `keys` below `root` takes, each once. `onItem` is passed each of them as
 * soon as it is added, with its hash; what it throws ends the proof.
 */
export function createProof(
  source: NodeSource,
  root: Child | undefined,
  keys: Iterable<Uint8Array>,
  onItem: (item: Uint8Array, hash: NodeHash) => void = () => undefined,
): Uint8Array[] {
  const items = new Map<NodeHash, Uint8Array>();
  const add = (hash: NodeHash, bytes: () => Uint8Array): void => {
    if (items.has(hash)) return;
    const item = bytes();
    items.set(hash, item);
    onItem(item, hash);
  };
  const recorder: NodeSource = {
    root: (hash) => source.root(hash),
    node(ref) {
      const node = source.node(ref);
      // Encoding is the exact inverse of decoding, so the source need not keep the encoded bytes.
      add(ref.slice(0, HASH_BYTES), () => encodeNode(node));
      return node;
    },
    value(ref) {
      const value = source.value(ref);
      add(ref.slice(0, HASH_BYTES), () => value);
      return value;
    },
    valueLength: (ref) => source.valueLength(ref),
  };
  for (const key of keys) {
    const node = find(recorder, root, toPath(key));
    if (node !== undefined) valueOf(recorder, node);
  }
  return [...items.values()];
}

/** The nodes and values of a proof as a source. */
export class ProofSource implements NodeSource {
  readonly #items = new Map<NodeHash, Uint8Array>();

  constructor(proof: Iterable<Uint8Array>) {
    for (const item of proof) this.#items.set(toNodeHash(blake2_256(item)), item);
  }

  root(hash: NodeHash): NodeHash | undefined {
    return this.#items.has(hash) ? hash : undefined;
  }

  node(hash: NodeHash): TrieNode {
    const node = decodeNode(this.value(hash));
    if (node === undefined) throw new InvalidNode('the empty trie stands in place of a node');
    return node;
  }

  value(hash: NodeHash): Uint8Array {
    const item = this.#items.get(hash);
    if (item === undefined) throw new MissingNode(hash);
    return item;
  }

  valueLength(hash: NodeHash): number {
    return this.value(hash).length;
  }
}

/**
 * The value that `proof` proves for `key` below `root`; undefined if it proves that there is none. Throws InvalidProof.
 */
export function verifyProof(root: Uint8Array, proof: Iterable<Uint8Array>, key: Uint8Array): Uint8Array | undefined {
  const source = new ProofSource(proof);
  const rootHash = toNodeHash(root);
  if (rootHash === EMPTY_ROOT) return undefined;
  try {
    const node = find(source, rootHash, toPath(key));
    const value = node === undefined ? undefined : valueOf(source, node);
    return value?.slice();
  } catch (error) {
    if (!(error instanceof MissingNode || error instanceof InvalidNode)) throw error;
    const reason = error instanceof MissingNode ? `it lacks the node ${toHex(hashOf(error.ref))}` : error.reason;
    throw new InvalidProof(`the proof does not reach from the root ${toHex(root)} to the key: ${reason}`);
  }
}
