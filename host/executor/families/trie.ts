// `ext_trie_blake2_256_*`: roots of tries of values in memory, and proofs. Independent of the state.
//
// The Keccak variants of these functions are missing: host/trie hashes only with BLAKE2b.
import type { Reader } from '../../bytes/index.js';
import { KEY_BYTES_MAX } from '../../state/index.js';
import { orderedTrieRoot, trieRoot, verifyCompactProof } from '../../trie/index.js';
import { define, type Family, type RuntimeHost } from '../host.js';
import { readArgument, stateVersion } from './storage.js';

/** Vec<Vec<u8>> */
function readValues(host: RuntimeHost, fat: bigint, what: string): Uint8Array[] {
  return readArgument(host, fat, what, (reader) => reader.vec((item) => item.bytes()));
}

/**
 * Vec<(Vec<u8>, Vec<u8>)>. If a key occurs twice, its last value counts. A key that is too long for a trie is
 * malformed.
 */
function readEntries(host: RuntimeHost, fat: bigint): [Uint8Array, Uint8Array][] {
  const readEntry = (reader: Reader): [Uint8Array, Uint8Array] => [reader.bytes(KEY_BYTES_MAX), reader.bytes()];
  return readArgument(host, fat, 'entries', (reader) => reader.vec(readEntry));
}

function verify(host: RuntimeHost, root: number, proof: bigint, key: bigint, value: bigint, version: 0 | 1): 0 | 1 {
  const nodes = readValues(host, proof, 'proof');
  const proven = verifyCompactProof(
    host.viewAt(root, 32, 'root'),
    nodes,
    host.view(key, 'key'),
    host.view(value, 'value'),
    version,
  );
  return proven ? 1 : 0;
}

export const trie: Family = {
  ext_trie_blake2_256_root_version_1: define(['i64'], 'i32', (host, entries) =>
    host.giveAt(trieRoot(readEntries(host, entries), 0)),
  ),

  ext_trie_blake2_256_root_version_2: define(['i64', 'i32'], 'i32', (host, entries, version) =>
    host.giveAt(trieRoot(readEntries(host, entries), stateVersion(version))),
  ),

  ext_trie_blake2_256_ordered_root_version_1: define(['i64'], 'i32', (host, values) =>
    host.giveAt(orderedTrieRoot(readValues(host, values, 'values'), 0)),
  ),

  ext_trie_blake2_256_ordered_root_version_2: define(['i64', 'i32'], 'i32', (host, values, version) =>
    host.giveAt(orderedTrieRoot(readValues(host, values, 'values'), stateVersion(version))),
  ),

  ext_trie_blake2_256_verify_proof_version_1: define(
    ['i32', 'i64', 'i64', 'i64'],
    'i32',
    (host, root, proof, key, value) => verify(host, root, proof, key, value, 0),
  ),

  ext_trie_blake2_256_verify_proof_version_2: define(['i32', 'i64', 'i64', 'i64', 'i32'], 'i32', (host, ...args) => {
    const [root, proof, key, value, version] = args;
    return verify(host, root, proof, key, value, stateVersion(version));
  }),
};
