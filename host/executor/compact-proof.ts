/**
 * Verifying the compact proofs that `ext_trie_blake2_256_verify_proof` takes (trie-db's, as Substrate generates them).
 *
 * A proof for one key is the nodes from the root down, with everything left out that can be computed: the reference to a
 * child that is itself in the proof is empty, and so is the value in question. The verifier walks down, puts the value
 * in, and computes each reference on the way up; the proof holds if that ends in the root. This is not the form of
 * `state_getReadProof`, which host/trie makes and verifies.
 */
import { blake2_256, equal, Reader, ScaleError } from '../bytes/index.js';
import {
  decodeNode,
  encodeNode,
  InvalidNode,
  LEVELS_MAX,
  toNodeHash,
  toPath,
  type Child,
  type NodeValue,
  type StateVersion,
} from '../trie/index.js';

const HASH_BYTES = 32;
const VALUE_BYTES_INLINE_MAX = 32;
const PARTIAL_NIBBLES_MAX = 65_535;

/** A node as a proof has it: each child as its raw reference, empty when the next node of the proof is meant. */
interface ProofNode {
  readonly partial: string;
  readonly value: NodeValue | undefined;
  readonly children: readonly (Uint8Array | undefined)[] | undefined;
}

/**
 * Whether `proof` shows that the trie of `root` holds `value` at `key`. Malformed and superfluous parts make it false, and so does
 * a way of more than `LEVELS_MAX` nodes.
 */
export function verifyCompactProof(
  root: Uint8Array,
  proof: readonly Uint8Array[],
  key: Uint8Array,
  value: Uint8Array,
  version: StateVersion,
): boolean {
  const stored = version === 1 && value.length > VALUE_BYTES_INLINE_MAX ? toNodeHash(blake2_256(value)) : value;
  const nodes = proof.values();
  const first = nodes.next();
  if (first.done === true) return false;
  try {
    const encoded = complete(first.value, toPath(key), stored, nodes, 1);
    return encoded !== undefined && nodes.next().done === true && equal(blake2_256(encoded), root);
  } catch (error) {
    if (error instanceof ScaleError || error instanceof InvalidNode) return false;
    throw error;
  }
}

/** The encoding of a proof's node with the value and the child on the way to it put in; undefined if that is not its place. */
function complete(
  bytes: Uint8Array,
  path: string,
  value: NodeValue,
  rest: Iterator<Uint8Array>,
  level: number,
): Uint8Array | undefined {
  if (level > LEVELS_MAX) return undefined;
  const node = readProofNode(bytes);
  if (!path.startsWith(node.partial)) return undefined;
  const below = path.slice(node.partial.length);
  if (below === '') {
    // What is in question must have been left out: a leaf has an empty value then, a branch none.
    const leftOut = node.children === undefined ? node.value?.length === 0 : node.value === undefined;
    return leftOut ? encode(node, value) : undefined;
  }
  const slot = Number.parseInt(below.charAt(0), 16);
  const child = node.children?.[slot];
  if (child === undefined || child.length === HASH_BYTES) return undefined;
  const next = child.length > 0 ? child : nextOf(rest);
  const completed = next && complete(next, below.slice(1), value, rest, level + 1);
  if (completed === undefined || (child.length > 0 && completed.length > HASH_BYTES)) return undefined;
  const reference = child.length > 0 ? completed : blake2_256(completed);
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
  if (node === undefined) throw new InvalidNode('a child is left out that the proof does not have');
  return node;
}

/** See host/trie/codec.ts for the layout; the only difference is that a child may be empty. */
function readProofNode(bytes: Uint8Array): ProofNode {
  const reader = new Reader(bytes);
  const header = reader.u8();
  const [bits, isBranch, hasValue, isHashed] =
    header >> 6 === 1
      ? [6, false, true, false]
      : header >> 6 === 2
        ? [6, true, false, false]
        : header >> 6 === 3
          ? [6, true, true, false]
          : header >> 5 === 1
            ? [5, false, true, true]
            : header >> 4 === 1
              ? [4, true, true, true]
              : [0, false, false, false];
  if (bits === 0) throw new InvalidNode(`the header byte ${header} starts no node of a proof`);
  const max = (1 << bits) - 1;
  let nibbles = header & max;
  if (nibbles === max) {
    let more: number;
    do nibbles += more = reader.u8();
    while (more === 255);
  }
  if (nibbles > PARTIAL_NIBBLES_MAX) throw new InvalidNode(`a partial key of ${nibbles} nibbles is too long`);
  const packed = toPath(reader.raw((nibbles + 1) >> 1));
  if (nibbles % 2 === 1 && packed[0] !== '0') throw new InvalidNode('the padding of an odd partial key must be zero');
  const bitmap = isBranch ? reader.u16() : 0;
  const value = !hasValue ? undefined : isHashed ? toNodeHash(reader.raw(HASH_BYTES)) : reader.bytes();
  const children = isBranch
    ? Array.from({ length: 16 }, (_, i) => ((bitmap >> i) & 1 ? reader.bytes(HASH_BYTES) : undefined))
    : undefined;
  reader.end();
  return { partial: packed.slice(nibbles % 2), value, children };
}
