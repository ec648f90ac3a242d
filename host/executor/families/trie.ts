// `ext_trie_*`: roots of tries of values in memory, and proofs, by BLAKE2b-256 and Keccak-256. Independent of the state.
import { blake2_256, keccak256, type Reader } from '../../bytes/index.js';
import { KEY_BYTES_MAX } from '../../state/index.js';
import { orderedTrieRoot, trieRoot, verifyCompactProof, type TrieHasher } from '../../trie/index.js';
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

/** The functions for tries of one hash function. Those of version 1 are about state version 0. */
function functionsOf(name: 'blake2_256' | 'keccak_256', hash: TrieHasher): Family {
  const verify = (host: RuntimeHost, args: readonly [number, bigint, bigint, bigint], version: 0 | 1): 0 | 1 => {
    const [root, proof, key, value] = args;
    const nodes = readValues(host, proof, 'proof');
    const [keyBytes, valueBytes] = [host.view(key, 'key'), host.view(value, 'value')];
    return verifyCompactProof(host.viewAt(root, 32, 'root'), nodes, keyBytes, valueBytes, version, hash) ? 1 : 0;
  };
  return {
    [`ext_trie_${name}_root_version_1`]: define(['i64'], 'i32', (host, entries) =>
      host.giveAt(trieRoot(readEntries(host, entries), 0, hash)),
    ),

    [`ext_trie_${name}_root_version_2`]: define(['i64', 'i32'], 'i32', (host, entries, version) =>
      host.giveAt(trieRoot(readEntries(host, entries), stateVersion(version), hash)),
    ),

    [`ext_trie_${name}_ordered_root_version_1`]: define(['i64'], 'i32', (host, values) =>
      host.giveAt(orderedTrieRoot(readValues(host, values, 'values'), 0, hash)),
    ),

    [`ext_trie_${name}_ordered_root_version_2`]: define(['i64', 'i32'], 'i32', (host, values, version) =>
      host.giveAt(orderedTrieRoot(readValues(host, values, 'values'), stateVersion(version), hash)),
    ),

    [`ext_trie_${name}_verify_proof_version_1`]: define(['i32', 'i64', 'i64', 'i64'], 'i32', (host, ...args) =>
      verify(host, args, 0),
    ),

    [`ext_trie_${name}_verify_proof_version_2`]: define(['i32', 'i64', 'i64', 'i64', 'i32'], 'i32', (host, ...args) => {
      const [root, proof, key, value, version] = args;
      return verify(host, [root, proof, key, value], stateVersion(version));
    }),
  };
}

export const trie: Family = {
  ...functionsOf('blake2_256', blake2_256),
  ...functionsOf('keccak_256', keccak256),
};
