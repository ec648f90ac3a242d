// The host functions that a guest may import (docs/decisions/0001-specification.md § Entry points and host functions
// (Wasm)), and the implementation of those that need only the guest: allocator, logging, printing, hashing, signatures,
// tries.
//
// One module may have several entry points, so every function in `GUEST_FUNCTIONS` links. Which of them the running
// entry point may call is decided by the caller of `runGuest`: host/incore, or the machine together with the runtime.
import { concat, Reader, text, toHex, tryDecode } from '../bytes/index.js';
import { KEY_BYTES_MAX } from '../state/index.js';
import { orderedTrieRoot, TrieTooDeep, trieRoot, verifyCompactProof } from '../trie/index.js';
import type { GuestContext, HostFunction, HostSignature, IntegerType } from '../vm/index.js';
import { HASHES } from './families/hashing.js';
import { DEBUG, type LogListener } from './log-book.js';
import { fatAddress, fatLength, fatPointer } from './memory.js';
import { priceOf, TRIE_ITEM_FUEL } from './prices.js';
import { expand, recoverCompressed } from './secp256k1.js';
import { lengthsOf, verifySignature, type SignatureScheme } from './signatures.js';

const LOG_BYTES_MAX = 2_048;

const sig = (params: readonly IntegerType[], ...results: IntegerType[]): HostSignature => ({ params, results });

/** Every function a guest may import, with its type. A module that imports anything else is invalid. */
export const GUEST_FUNCTIONS: Readonly<Record<string, HostSignature>> = {
  ext_allocator_malloc_version_1: sig(['i32'], 'i32'),
  ext_allocator_free_version_1: sig(['i32']),
  ext_logging_log_version_1: sig(['i32', 'i64', 'i64']),
  ext_logging_max_level_version_1: sig([], 'i32'),
  ext_misc_print_num_version_1: sig(['i64']),
  ext_misc_print_utf8_version_1: sig(['i64']),
  ext_misc_print_hex_version_1: sig(['i64']),
  ...Object.fromEntries(Object.keys(HASHES).map((name) => [name, sig(['i64'], 'i32')])),
  ext_crypto_sr25519_verify_version_2: sig(['i32', 'i64', 'i32'], 'i32'),
  ext_crypto_ed25519_verify_version_1: sig(['i32', 'i64', 'i32'], 'i32'),
  ext_crypto_ecdsa_verify_version_2: sig(['i32', 'i64', 'i32'], 'i32'),
  ext_crypto_secp256k1_ecdsa_recover_version_2: sig(['i32', 'i32'], 'i64'),
  ext_crypto_secp256k1_ecdsa_recover_compressed_version_2: sig(['i32', 'i32'], 'i64'),
  ext_trie_blake2_256_root_version_2: sig(['i64', 'i32'], 'i32'),
  ext_trie_blake2_256_ordered_root_version_2: sig(['i64', 'i32'], 'i32'),
  ext_trie_blake2_256_verify_proof_version_2: sig(['i32', 'i64', 'i64', 'i64', 'i32'], 'i32'),

  ext_corejam_package_message_version_1: sig([], 'i32'),
  ext_corejam_lookup_version_1: sig(['i32'], 'i64'),
  ext_corejam_state_root_version_1: sig(['i32'], 'i64'),

  ext_corejam_weight_remaining_version_1: sig([], 'i64'),
  ext_corejam_checkpoint_version_1: sig([], 'i64'),
  ext_corejam_get_work_storage_version_1: sig(['i64'], 'i64'),
  ext_corejam_get_work_storage_len_version_1: sig(['i64'], 'i64'),
  ext_corejam_set_work_storage_version_1: sig(['i64', 'i64'], 'i32'),
  ext_corejam_remove_work_storage_version_1: sig(['i64']),
  ext_corejam_get_storage_version_1: sig(['i64'], 'i64'),
  ext_corejam_get_class_storage_version_1: sig(['i32', 'i64'], 'i64'),
  ext_corejam_transfer_version_1: sig(['i64', 'i64'], 'i32'),
  ext_corejam_free_balance_version_1: sig(['i64'], 'i64'),
  ext_corejam_storage_lookup_version_1: sig(['i64'], 'i64'),
  ext_corejam_storage_request_version_1: sig(['i64', 'i32'], 'i32'),
  ext_corejam_storage_unrequest_version_1: sig(['i64'], 'i32'),
  ext_corejam_storage_provide_version_1: sig(['i64'], 'i32'),
  ext_corejam_storage_expunge_version_1: sig(['i64'], 'i32'),
};

/** The guest function `name` with its type and its price, implemented by `call`. */
export function guestFunction(name: string, call: HostFunction['call']): HostFunction {
  return { ...GUEST_FUNCTIONS[name]!, price: priceOf(name), call };
}

/** Copies the bytes of a fat pointer of the guest, which traps if they are outside of its memory. */
export function readFat(guest: GuestContext, fat: number | bigint): Uint8Array {
  return guest.read(fatAddress(fat as bigint), fatLength(fat as bigint));
}

/** Copies bytes into the guest's memory and returns their address. */
export function giveAt(guest: GuestContext, bytes: Uint8Array): number {
  const pointer = guest.allocate(bytes.length);
  guest.write(pointer, bytes);
  return pointer;
}

/** Copies bytes into the guest's memory and returns their fat pointer. */
export function give(guest: GuestContext, bytes: Uint8Array): bigint {
  return fatPointer(giveAt(guest, bytes), bytes.length);
}

/** The result "none" of guest functions that return optional bytes or an optional length (D12). */
export const NONE = (1n << 64n) - 1n;

/** The functions that every guest has. `free` belongs to the allocator that the instance was given as `allocate`. */
export function baseFunctions(
  free: (guest: GuestContext, pointer: number) => void,
  log: LogListener | undefined,
): Record<string, HostFunction> {
  const functions: Record<string, HostFunction> = {};
  const add = (name: string, call: HostFunction['call']): void => {
    functions[name] = guestFunction(name, call);
  };
  const print = (name: string, show: (bytes: Uint8Array) => string): void => {
    add(name, (guest, data) => log?.(DEBUG, 'guest', show(readLine(guest, data))));
  };

  add('ext_allocator_malloc_version_1', (guest, size) => guest.allocate(size as number));
  add('ext_allocator_free_version_1', (guest, pointer) => free(guest, pointer as number));

  add('ext_logging_log_version_1', (guest, level, target, message) => {
    const [where, what] = [readLine(guest, target), readLine(guest, message)];
    log?.(Math.min(level as number, 4), text(where), text(what));
  });
  // A constant: the run of a guest must not depend on the log level of its host.
  add('ext_logging_max_level_version_1', () => 5);
  print('ext_misc_print_utf8_version_1', text);
  print('ext_misc_print_hex_version_1', toHex);
  add('ext_misc_print_num_version_1', (_guest, value) => log?.(DEBUG, 'guest', value.toString()));

  for (const [name, hash] of Object.entries(HASHES))
    add(name, (guest, data) => giveAt(guest, hash(readFat(guest, data))));

  const verifier = (name: string, scheme: SignatureScheme): void => {
    const { signatureBytes, keyBytes } = lengthsOf(scheme);
    add(name, (guest, signature, message, key) => {
      const signatureRead = guest.read(signature as number, signatureBytes);
      const keyRead = guest.read(key as number, keyBytes);
      return verifySignature(scheme, keyRead, readFat(guest, message), signatureRead) ? 1 : 0;
    });
  };
  verifier('ext_crypto_sr25519_verify_version_2', 'sr25519');
  verifier('ext_crypto_ed25519_verify_version_1', 'ed25519');
  verifier('ext_crypto_ecdsa_verify_version_2', 'ecdsa');

  const recovery = (name: string, form: (compressed: Uint8Array) => Uint8Array): void => {
    add(name, (guest, signature, digest) => {
      const key = recoverCompressed(guest.read(digest as number, 32), guest.read(signature as number, 65), false);
      return give(guest, key.ok ? concat(Uint8Array.of(0), form(key.value)) : Uint8Array.of(1, key.error));
    });
  };
  recovery('ext_crypto_secp256k1_ecdsa_recover_version_2', expand);
  recovery('ext_crypto_secp256k1_ecdsa_recover_compressed_version_2', (key) => key);

  add('ext_trie_blake2_256_root_version_2', (guest, entries, version) => {
    const list = readList(guest, entries, (reader): [Uint8Array, Uint8Array] => [
      reader.bytes(KEY_BYTES_MAX),
      reader.bytes(),
    ]);
    const asked = stateVersion(guest, version);
    try {
      return giveAt(guest, trieRoot(list, asked));
    } catch (error) {
      if (error instanceof TrieTooDeep) return guest.trap(error.message);
      throw error;
    }
  });
  add('ext_trie_blake2_256_ordered_root_version_2', (guest, values, version) =>
    giveAt(
      guest,
      orderedTrieRoot(
        readList(guest, values, (reader) => reader.bytes()),
        stateVersion(guest, version),
      ),
    ),
  );
  add('ext_trie_blake2_256_verify_proof_version_2', (guest, root, proof, key, value, version) => {
    const nodes = readList(guest, proof, (reader) => reader.bytes());
    const rootRead = guest.read(root as number, 32);
    return verifyCompactProof(rootRead, nodes, readFat(guest, key), readFat(guest, value), stateVersion(guest, version))
      ? 1
      : 0;
  });
  return functions;
}

/** Reads a text to log, at most LOG_BYTES_MAX bytes of it. */
function readLine(guest: GuestContext, fat: number | bigint): Uint8Array {
  return guest.read(fatAddress(fat as bigint), Math.min(fatLength(fat as bigint), LOG_BYTES_MAX));
}

/** Decodes a SCALE list, whose items are charged before they are decoded. A malformed list traps the guest. */
function readList<T>(guest: GuestContext, fat: number | bigint, read: (reader: Reader) => T): T[] {
  const bytes = readFat(guest, fat);
  const decoded = tryDecode((reader) => {
    guest.charge(TRIE_ITEM_FUEL * BigInt(new Reader(bytes).compact()));
    return reader.vec(read);
  }, bytes);
  return decoded.ok ? decoded.value : guest.trap(`a list is malformed: ${decoded.error.message}`);
}

function stateVersion(guest: GuestContext, version: number | bigint): 0 | 1 {
  return version === 0 || version === 1 ? version : guest.trap(`state version ${version} is not known`);
}
