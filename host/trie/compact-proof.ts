// Verifies the compact proofs that `ext_trie_{blake2_256,keccak_256}_verify_proof` take (the form of trie-db, as Substrate makes
// them).
//
// A proof for one key is the nodes from the root down, without what can be computed: the reference to a child that is
// itself in the proof is empty, and so is the value in question. The verifier walks down, fills in the value, and
// computes each reference on the way up; the proof holds if that ends in the root. `state_getReadProof` has another
// form: proof.ts.
import { blake2_256, equal } from '../bytes/index.js';
import { decodeNode, decodeProofNode, encodeNode, InvalidNode, type ProofNode } from './codec.js';
import {
  INLINE_VALUE_MAX_BYTES,
  LEVELS_MAX,
  type Child,
  type NodeValue,
  type StateVersion,
  type TrieHasher,
} from './node.js';
import { HASH_BYTES, nibbleAt, toNodeHash, toPath } from './path.js';

/**
 * Whether `proof` shows that the trie of `root` holds `value` at `key`. False for a malformed proof, for one with
 * superfluous parts, and for one of more than `LEVELS_MAX` nodes.
 */
export function verifyCompactProof(
  root: Uint8Array,
  proof: readonly Uint8Array[],
  key: Uint8Array,
  value: Uint8Array,
  version: StateVersion,
  hash: TrieHasher = blake2_256,
): boolean {
  const stored = version === 1 && value.length > INLINE_VALUE_MAX_BYTES ? toNodeHash(hash(value)) : value;
  const nodes = proof.values();
  const first = nodes.next();
  if (first.done === true) return false;
  try {
    const encoded = complete(first.value, toPath(key), stored, nodes, 1, hash);
    return encoded !== undefined && nodes.next().done === true && equal(hash(encoded), root);
  } catch (error) {
    if (error instanceof InvalidNode) return false;
    throw error;
  }
}

/**
 * The encoding of a proof's node with the value, and the child on the way to the value, filled in. Undefined if the
 * node does not lead to `path`.
 */
function complete(
  bytes: Uint8Array,
  path: string,
  value: NodeValue,
  rest: Iterator<Uint8Array>,
  level: number,
  hash: TrieHasher,
): Uint8Array | undefined {
  if (level > LEVELS_MAX) return undefined;
  const node = decodeProofNode(bytes);
  if (!path.startsWith(node.partial)) return undefined;
  const below = path.slice(node.partial.length);
  if (below === '') {
    // The value in question must be left out: then a leaf has an empty value, and a branch has none.
    const leftOut = node.children === undefined ? node.value?.length === 0 : node.value === undefined;
    return leftOut ? encode(node, value) : undefined;
  }
  const slot = nibbleAt(below, 0);
  const child = node.children?.[slot];
  if (child === undefined || child.length === HASH_BYTES) return undefined;
  const next = child.length > 0 ? child : nextOf(rest);
  const completed = next && complete(next, below.slice(1), value, rest, level + 1, hash);
  if (completed === undefined || (child.length > 0 && completed.length > HASH_BYTES)) return undefined;
  const reference = child.length > 0 ? completed : hash(completed);
  return encode({ ...node, children: node.children?.map((other, i) => (i === slot ? reference : other)) }, node.value);
}

function nextOf(iterator: Iterator<Uint8Array>): Uint8Array | undefined {
  const { done, value } = iterator.next();
  return done === true ? undefined : (value as Uint8Array);
}

function encode({ partial, children }: ProofNode, value: NodeValue | undefined): Uint8Array {
  return encodeNode({ partial, value, children: children?.map((child) => child && toChild(child)) });
}

function toChild(reference: Uint8Array): Child {
  if (reference.length === HASH_BYTES) return toNodeHash(reference);
  const node = reference.length === 0 ? undefined : decodeNode(reference);
  if (node === undefined) throw new InvalidNode('the proof leaves out a child that it does not contain');
  return node;
}
