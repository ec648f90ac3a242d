// The prices of host functions for guests, in fuel (1 fuel is 500 ps of weight).
//
// `fixed` is charged for the call, `perByte` for each byte that the function moves out of or into the guest's memory.
// The weight of a call decides what a chain accepts, so the table belongs to version 1 of the functions: other prices
// need other versions. Prices are at or above the times measured on the reference machine (Node 20, one core): sr25519
// 0.42 to 0.65 ms, Ed25519 0.15 ms, ECDSA recovery 0.40 ms, BLAKE2b 1.3 µs and 2 ns a byte; a host call itself, with
// bounds checks, 0.5 µs.

/** In fuel. */
export interface Price {
  readonly fixed: bigint;
  readonly perByte: bigint;
}

const price = (fixed: number, perByte: number): Price => ({ fixed: BigInt(fixed), perByte: BigInt(perByte) });

const ROOT = price(10_000, 20);
const READ = price(40_000, 10);
const WRITE = price(60_000, 20);

/** By the name of the import. */
const PRICES: Readonly<Record<string, Price>> = {
  ext_allocator_malloc_version_1: price(2_000, 0),
  ext_allocator_free_version_1: price(2_000, 0),

  ext_logging_log_version_1: price(4_000, 10),
  ext_logging_max_level_version_1: price(500, 0),
  ext_misc_print_num_version_1: price(4_000, 10),
  ext_misc_print_utf8_version_1: price(4_000, 10),
  ext_misc_print_hex_version_1: price(4_000, 10),

  ext_hashing_blake2_128_version_1: price(6_000, 6),
  ext_hashing_blake2_256_version_1: price(6_000, 6),
  ext_hashing_keccak_256_version_1: price(8_000, 20),
  ext_hashing_keccak_512_version_1: price(8_000, 36),
  ext_hashing_sha2_256_version_1: price(8_000, 12),
  ext_hashing_twox_64_version_1: price(6_000, 2),
  ext_hashing_twox_128_version_1: price(7_000, 3),
  ext_hashing_twox_256_version_1: price(9_000, 5),

  ext_crypto_sr25519_verify_version_2: price(1_400_000, 40),
  ext_crypto_ed25519_verify_version_1: price(450_000, 8),
  ext_crypto_ecdsa_verify_version_2: price(1_100_000, 6),
  ext_crypto_secp256k1_ecdsa_recover_version_2: price(1_400_000, 1),
  ext_crypto_secp256k1_ecdsa_recover_compressed_version_2: price(1_100_000, 1),

  ext_trie_blake2_256_root_version_2: ROOT,
  ext_trie_blake2_256_ordered_root_version_2: ROOT,
  ext_trie_blake2_256_verify_proof_version_2: ROOT,

  ext_corejam_package_message_version_1: price(4_000, 2),
  ext_corejam_lookup_version_1: READ,
  ext_corejam_state_root_version_1: READ,

  ext_corejam_weight_remaining_version_1: price(500, 0),
  ext_corejam_checkpoint_version_1: WRITE,
  ext_corejam_get_work_storage_version_1: READ,
  ext_corejam_get_work_storage_len_version_1: READ,
  ext_corejam_set_work_storage_version_1: WRITE,
  ext_corejam_remove_work_storage_version_1: WRITE,
  ext_corejam_get_storage_version_1: READ,
  ext_corejam_get_class_storage_version_1: READ,
  ext_corejam_transfer_version_1: WRITE,
  ext_corejam_free_balance_version_1: READ,
  ext_corejam_storage_lookup_version_1: READ,
  ext_corejam_storage_request_version_1: WRITE,
  ext_corejam_storage_unrequest_version_1: WRITE,
  ext_corejam_storage_provide_version_1: WRITE,
  ext_corejam_storage_expunge_version_1: WRITE,
};

/** For each item of a list in a trie function, besides its bytes: one or two nodes to encode and hash. */
export const TRIE_ITEM_FUEL = 12_000n;

/** For copying the arguments into a guest, and its result out of it. */
export const PASSING: Price = price(4_000, 1);

/** The price of a host function. Throws RangeError if the table lacks it. */
export function priceOf(name: string): Price {
  const found = PRICES[name];
  if (found === undefined) throw new RangeError(`the host function ${name} has no price`);
  return found;
}
