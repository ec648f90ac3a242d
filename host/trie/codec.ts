// Node encoding, as in Substrate (Polkadot specification § State storage, "node header" and "node value").
//
//   header    01xxxxxx  leaf                       001xxxxx  leaf, hashed value
//             10xxxxxx  branch without value       0001xxxx  branch, hashed value
//             11xxxxxx  branch with value          00000000  the empty trie
//   x is the number of nibbles of the partial key; if all ones, add the bytes that follow, up to the first below 255.
//   then      partial key, two nibbles a byte; an odd number of nibbles is padded with a zero nibble at the start
//             branch: bitmap of its children, u16 little-endian
//             value: compact length and bytes, or a hash of 32 bytes
//             branch: for each child a compact length and its Merkle value (its encoding if below 32 bytes, else the hash)
//
// Decoding accepts only what encoding writes, so each node has exactly one encoding.
// A store may keep nodes in the same form with longer references, of `refBytes` each, in place of the hashes.
import { Failure } from '../bytes/index.js';
import type { Child, NodeValue, TrieNode } from './node.js';
import { HASH_BYTES } from './path.js';
import type { NodeRef, Path } from './path.js';

const PARTIAL_NIBBLES_MAX = 65_535;

/** Bytes that are not the encoding of a trie node. */
export class InvalidNode extends Failure {
  constructor(readonly reason: string) {
    super(`the database is damaged, or a proof is false: a trie node is malformed: ${reason}`);
  }
}

/** The encoding of the empty trie. */
export const EMPTY_NODE = Uint8Array.of(0);

// One buffer for all encodings, since nodes are encoded one at a time. `plain` views the same memory: a subarray of a
// Buffer is a Buffer, which costs several times as much to create.
let scratch = Buffer.alloc(4096);
let plain = new Uint8Array(scratch.buffer, scratch.byteOffset, scratch.length);
let length = 0;
let refLength = HASH_BYTES;

/** Makes room for `count` more bytes. */
function reserve(count: number): void {
  if (length + count <= scratch.length) return;
  const larger = Buffer.alloc(2 * (length + count));
  scratch.copy(larger, 0, 0, length);
  scratch = larger;
  plain = new Uint8Array(scratch.buffer, scratch.byteOffset, scratch.length);
}

/** The encoding of `node`, whose children are sealed: references, or nodes with an encoding below 32 bytes. */
export function encodeNode(node: TrieNode, refBytes: number = HASH_BYTES): Uint8Array {
  return encodeBriefly(node, refBytes).slice();
}

/** As `encodeNode`, without a copy: the next encoding overwrites the returned bytes. */
export function encodeBriefly(node: TrieNode, refBytes: number = HASH_BYTES): Uint8Array {
  length = 0;
  refLength = refBytes;
  writeNode(node);
  return plain.subarray(0, length);
}

function writeNode(node: TrieNode): void {
  const { partial, value, children } = node;
  const hashed = typeof value === 'string';
  if (children === undefined) writeHeader(hashed ? 0b0010_0000 : 0b0100_0000, hashed ? 5 : 6, partial.length);
  else if (value === undefined) writeHeader(0b1000_0000, 6, partial.length);
  else writeHeader(hashed ? 0b0001_0000 : 0b1100_0000, hashed ? 4 : 6, partial.length);

  reserve(partial.length / 2 + 3);
  const packed = partial.length % 2 === 0 ? partial : '0' + partial;
  length += scratch.write(packed, length, 'hex');
  if (children !== undefined) {
    let bitmap = 0;
    for (let i = 0; i < 16; i++) if (children[i] !== undefined) bitmap |= 1 << i;
    length = scratch.writeUInt16LE(bitmap, length);
  }
  if (value !== undefined) writeValue(value);
  if (children === undefined) return;
  for (const child of children) {
    if (child !== undefined) writeChild(child);
  }
}

function writeHeader(variant: number, bits: number, nibbles: number): void {
  if (nibbles > PARTIAL_NIBBLES_MAX)
    throw new RangeError(`a partial key of ${nibbles} nibbles exceeds ${PARTIAL_NIBBLES_MAX}`);
  reserve(4 + nibbles / 255);
  const max = (1 << bits) - 1;
  if (nibbles < max) {
    scratch[length++] = variant | nibbles;
    return;
  }
  scratch[length++] = variant | max;
  let rest = nibbles - max;
  for (; rest >= 255; rest -= 255) scratch[length++] = 255;
  scratch[length++] = rest;
}

function writeValue(value: NodeValue): void {
  if (typeof value === 'string') {
    writeRef(value);
    return;
  }
  reserve(value.length + 5);
  writeCompact(value.length);
  scratch.set(value, length);
  length += value.length;
}

function writeChild(child: Child): void {
  reserve(1);
  if (typeof child === 'string') {
    scratch[length++] = refLength << 2;
    writeRef(child);
    return;
  }
  // An inline child is below 32 bytes, so its length takes one byte; it is known once the child is written.
  const lengthAt = length++;
  writeNode(child);
  scratch[lengthAt] = (length - lengthAt - 1) << 2;
}

function writeRef(ref: NodeRef): void {
  reserve(refLength);
  for (let i = 0; i < refLength; i++) scratch[length++] = ref.charCodeAt(i);
}

function writeCompact(value: number): void {
  if (value < 1 << 6) scratch[length++] = value << 2;
  else if (value < 1 << 14) length = scratch.writeUInt16LE((value << 2) | 1, length);
  else if (value < 1 << 30) length = scratch.writeUInt32LE(value * 4 + 2, length);
  else throw new RangeError(`a value of ${value} bytes is too long for a trie node`);
}

/** The node that `bytes` encodes, or undefined for the empty trie. Throws InvalidNode. */
export function decodeNode(bytes: Uint8Array, refBytes: number = HASH_BYTES): TrieNode | undefined {
  if (bytes.length === 1 && bytes[0] === 0) return undefined;
  const decoder = new Decoder(bytes, refBytes);
  const node = decoder.node(readChild);
  decoder.end();
  return node;
}

/**
 * A node of a compact proof: each child as its raw reference, which is empty if the child is the next node of the
 * proof.
 */
export type ProofNode = DecodedNode<Uint8Array>;

/** As `decodeNode`, for a node of a compact proof. Throws InvalidNode, also for the empty trie. */
export function decodeProofNode(bytes: Uint8Array): ProofNode {
  const decoder = new Decoder(bytes, HASH_BYTES);
  const node = decoder.node(readReference);
  decoder.end();
  return node;
}

function invalid(reason: string): never {
  throw new InvalidNode(reason);
}

/** The kind of node that a header announces, and how many of its bits hold the number of nibbles. */
function variantOf(header: number): [branch: boolean, value: 'inline' | 'hashed' | 'none', bits: number] {
  if (header >> 6 === 1) return [false, 'inline', 6];
  if (header >> 6 === 2) return [true, 'none', 6];
  if (header >> 6 === 3) return [true, 'inline', 6];
  if (header >> 5 === 1) return [false, 'hashed', 5];
  if (header >> 4 === 1) return [true, 'hashed', 4];
  return invalid(`its header byte ${header} has no meaning`);
}

/** A node whose children are read as `C`. */
interface DecodedNode<C> {
  readonly partial: Path;
  readonly value: NodeValue | undefined;
  readonly children: readonly (C | undefined)[] | undefined;
}

// Functions of the module, so that no closure is made for each node.
const readChild = (decoder: Decoder): Child => decoder.child();
const readReference = (decoder: Decoder): Uint8Array => decoder.reference();

/** Reads a node from a Buffer, which converts parts of itself to strings without an intermediate array. */
class Decoder {
  readonly #bytes: Buffer;
  readonly #refBytes: number;
  #offset = 0;

  constructor(bytes: Uint8Array, refBytes: number) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#refBytes = refBytes;
  }

  /** Throws InvalidNode unless all bytes are consumed. */
  end(): void {
    if (this.#offset !== this.#bytes.length) invalid(`${this.#bytes.length - this.#offset} bytes are left over`);
  }

  /** A node, with each child as `read` reads it. */
  node<C>(read: (decoder: Decoder) => C): DecodedNode<C> {
    const header = this.#byte();
    const [branch, kind, bits] = variantOf(header);
    const partial = this.#partial(header, bits);
    const bitmap = branch ? this.#bytes.readUInt16LE(this.#take(2)) : 0;
    const value = kind === 'inline' ? this.#value() : kind === 'hashed' ? this.#ref() : undefined;
    return { partial, value, children: branch ? this.#children(bitmap, read) : undefined };
  }

  #partial(header: number, bits: number): Path {
    const max = (1 << bits) - 1;
    let nibbles = header & max;
    if (nibbles === max) {
      let more: number;
      do {
        more = this.#byte();
        nibbles += more;
        if (nibbles > PARTIAL_NIBBLES_MAX) invalid(`its partial key exceeds ${PARTIAL_NIBBLES_MAX} nibbles`);
      } while (more === 255);
    }
    const start = this.#take((nibbles + 1) >> 1);
    const packed = this.#bytes.toString('hex', start, this.#offset);
    if (nibbles % 2 === 0) return packed;
    if (packed[0] !== '0') invalid('the padding of an odd partial key must be zero');
    return packed.slice(1);
  }

  #value(): Uint8Array {
    const start = this.#take(this.#compact());
    return new Uint8Array(this.#bytes.subarray(start, this.#offset));
  }

  #ref(): NodeRef {
    const start = this.#take(this.#refBytes);
    return this.#bytes.toString('latin1', start, this.#offset);
  }

  #children<C>(bitmap: number, read: (decoder: Decoder) => C): (C | undefined)[] {
    if (bitmap === 0) invalid('a branch must have children');
    const children = new Array<C | undefined>(16).fill(undefined);
    for (let i = 0; i < 16; i++) {
      if (((bitmap >> i) & 1) !== 0) children[i] = read(this);
    }
    return children;
  }

  child(): Child {
    const size = this.#compact();
    if (size === this.#refBytes) return this.#ref();
    if (size >= HASH_BYTES) invalid(`a child of ${size} bytes must be hashed`);
    const end = this.#offset + size;
    const child = this.node(readChild);
    if (this.#offset !== end) invalid('an inline child has another length than it declares');
    return child;
  }

  /** The child of a compact proof: its Merkle value, or nothing. */
  reference(): Uint8Array {
    const reference = this.#value();
    if (reference.length > HASH_BYTES) invalid(`a reference of ${reference.length} bytes is longer than a hash`);
    return reference;
  }

  #compact(): number {
    const first = this.#byte();
    const mode = first & 3;
    if (mode === 0) return first >> 2;
    const start = this.#offset - 1;
    this.#take(mode === 1 ? 1 : 3);
    const value = mode === 1 ? this.#bytes.readUInt16LE(start) >> 2 : this.#bytes.readUInt32LE(start) >>> 2;
    if (mode === 3 || value < (mode === 1 ? 1 << 6 : 1 << 14))
      invalid('a length is not in its shortest form, or too large');
    return value;
  }

  #byte(): number {
    return this.#bytes[this.#take(1)]!;
  }

  /** Consumes `count` bytes and returns their offset. */
  #take(count: number): number {
    const start = this.#offset;
    this.#offset += count;
    if (this.#offset > this.#bytes.length) invalid(`${count} bytes are needed, ${this.#bytes.length - start} are left`);
    return start;
  }
}
