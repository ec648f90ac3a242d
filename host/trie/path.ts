/**
 * Keys and hashes as strings, the form in which the trie handles them.
 *
 * A *path* is a key as lower-case hex digits, one a nibble: slicing, prefix tests and ordering are then the engine's own
 * string operations, and digits sort as the nibbles do. A *node hash* is 32 characters, one a byte (Latin-1), because
 * it is the key of a Map. Both take a third of the memory of a small Uint8Array.
 */

/** Hex digits of a key, or of a part of one. */
export type Path = string;
/** A 32-byte hash, a character a byte. */
export type NodeHash = string;

/** A digit for each nibble. */
export const DIGITS = '0123456789abcdef';

/** The nibble at `index` of `path`. */
export function nibbleAt(path: Path, index: number): number {
  const code = path.charCodeAt(index);
  return code < 58 ? code - 48 : code - 87;
}

/** A key as a path. */
export function toPath(key: Uint8Array): Path {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('hex');
}

/** A path of whole bytes as a key. */
export function fromPath(path: Path): Uint8Array {
  if (path.length % 2 !== 0) throw new RangeError(`a key is whole bytes, but the path ${path} is ${path.length} nibbles`);
  const key = new Uint8Array(path.length / 2);
  Buffer.from(key.buffer).write(path, 'hex');
  return key;
}

/** A hash as a string. */
export function toNodeHash(hash: Uint8Array): NodeHash {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('latin1');
}

/** The reverse of `toNodeHash`. */
export function fromNodeHash(hash: NodeHash): Uint8Array {
  const bytes = new Uint8Array(hash.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = hash.charCodeAt(i);
  return bytes;
}

/** How many characters `path`, from `offset` on, shares with the beginning of `other`. */
export function sharedLength(path: Path, offset: number, other: Path): number {
  const max = Math.min(path.length - offset, other.length);
  let length = 0;
  while (length < max && path.charCodeAt(offset + length) === other.charCodeAt(length)) length++;
  return length;
}
