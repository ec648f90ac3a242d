// The trie of the Polkadot specification, implemented as simply as possible: every node is made from scratch, without
// sharing, without paths as strings, and with hashes of another library. Has no code in common with host/trie.
import { blake2AsU8a } from '@polkadot/util-crypto';
import { compactToU8a, u8aConcat } from '@polkadot/util';

type Entry = [nibbles: number[], value: Uint8Array];

const blake2 = (data: Uint8Array) => blake2AsU8a(data, 256, null, true);

/** The root of the trie of these entries (no key twice). */
export function referenceRoot(entries: Iterable<readonly [Uint8Array, Uint8Array]>, version: 0 | 1): Uint8Array {
  const all = [...entries].map(([key, value]): Entry => [[...key].flatMap((byte) => [byte >> 4, byte & 15]), value]);
  return blake2(all.length === 0 ? Uint8Array.of(0) : encode(all, version));
}

function encode(entries: Entry[], version: 0 | 1): Uint8Array {
  const first = entries[0]![0];
  let shared = first.length;
  for (const [nibbles] of entries) {
    let same = 0;
    while (same < shared && same < nibbles.length && nibbles[same] === first[same]) same++;
    shared = same;
  }
  const partial = first.slice(0, shared);
  const own = entries.find(([nibbles]) => nibbles.length === shared)?.[1];
  const below = entries.filter(([nibbles]) => nibbles.length > shared);

  const hashed = version === 1 && own !== undefined && own.length > 32;
  const value = own === undefined ? [] : hashed ? [blake2(own)] : [compactToU8a(own.length), own];
  const leaf = below.length === 0;
  if (leaf) return u8aConcat(header(hashed ? 0x20 : 0x40, hashed ? 5 : 6, shared), pack(partial), ...value);

  const children: Uint8Array[] = [];
  let bitmap = 0;
  for (let nibble = 0; nibble < 16; nibble++) {
    const group = below
      .filter(([nibbles]) => nibbles[shared] === nibble)
      .map(([nibbles, v]): Entry => [nibbles.slice(shared + 1), v]);
    if (group.length === 0) continue;
    bitmap |= 1 << nibble;
    const encoded = encode(group, version);
    const merkleValue = encoded.length < 32 ? encoded : blake2(encoded);
    children.push(compactToU8a(merkleValue.length), merkleValue);
  }
  const variant =
    own === undefined ? header(0x80, 6, shared) : hashed ? header(0x10, 4, shared) : header(0xc0, 6, shared);
  return u8aConcat(variant, pack(partial), Uint8Array.of(bitmap & 255, bitmap >> 8), ...value, ...children);
}

function header(variant: number, bits: number, length: number): Uint8Array {
  const max = 2 ** bits - 1;
  if (length < max) return Uint8Array.of(variant + length);
  const bytes = [variant + max];
  for (length -= max; length >= 255; length -= 255) bytes.push(255);
  return Uint8Array.from([...bytes, length]);
}

function pack(nibbles: number[]): Uint8Array {
  const even = nibbles.length % 2 === 0 ? nibbles : [0, ...nibbles];
  return Uint8Array.from({ length: even.length / 2 }, (_, i) => even[2 * i]! * 16 + even[2 * i + 1]!);
}
