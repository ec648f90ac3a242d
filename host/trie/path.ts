// Keys and hashes as strings, the form in which the trie handles them.
//
// A *path* is a key as lower-case hex digits, one for each nibble: slicing, prefix tests and ordering are then the
// engine's string operations, and digits sort as nibbles do. A *reference* is the hash of a node or value with one
// character for each byte (Latin-1), so that it can be the key of a Map; after the hash, its source may add what it
// needs to find the item again. Both take a third of the memory of a small Uint8Array.

/** Hex digits of a key, or of a part of one. */
export type Path = string;
/** A hash of 32 bytes, one character for each byte. */
export type NodeHash = string;
/** A hash, possibly followed by where its source stores the item. */
export type NodeRef = string;

/** The length of a hash, in bytes or characters. */
export const HASH_BYTES = 32;

/** The digit of each nibble. */
export const DIGITS = '0123456789abcdef';

/** The nibble at `index` of `path`. */
export function nibbleAt(path: Path, index: number): number {
  const code = path.charCodeAt(index);
  return code < 58 ? code - 48 : code - 87;
}

// Short byte strings are copied into one Buffer: wrapping each in a Buffer of its own costs more than the copy.
const scratch = Buffer.alloc(1024);

function toText(bytes: Uint8Array, encoding: 'hex' | 'latin1'): string {
  if (bytes.length > scratch.length)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding);
  scratch.set(bytes);
  return scratch.toString(encoding, 0, bytes.length);
}

/** A key as a path. */
export function toPath(key: Uint8Array): Path {
  return toText(key, 'hex');
}

/** A path of whole bytes as a key. */
export function fromPath(path: Path): Uint8Array {
  if (path.length % 2 !== 0)
    throw new RangeError(`a key has whole bytes, but the path ${path} has ${path.length} nibbles`);
  const key = new Uint8Array(path.length / 2);
  for (let i = 0; i < key.length; i++) key[i] = (nibbleAt(path, 2 * i) << 4) | nibbleAt(path, 2 * i + 1);
  return key;
}

/** A hash as a string. */
export function toNodeHash(hash: Uint8Array): NodeHash {
  return toText(hash, 'latin1');
}

/** The hash that a reference begins with. */
export function hashOf(ref: NodeRef): Uint8Array {
  const bytes = new Uint8Array(HASH_BYTES);
  for (let i = 0; i < HASH_BYTES; i++) bytes[i] = ref.charCodeAt(i);
  return bytes;
}

/** The length of the common prefix of `other` and of `path` from `offset`. */
export function sharedLength(path: Path, offset: number, other: Path): number {
  const max = Math.min(path.length - offset, other.length);
  let length = 0;
  while (length < max && path.charCodeAt(offset + length) === other.charCodeAt(length)) length++;
  return length;
}
