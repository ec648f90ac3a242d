// The host functions, raw: the allocating ABI of the Polkadot host (specification, appendix B), module `env`.
//
// asc names the import module after this file, so nothing here is decorated. Functions without calls are not imported.
// A *fat pointer* is a u64: the length in the upper half, the address in the lower. A plain u32 result is an address of
// as many bytes as the name says. Results are in memory that the host allocated.
// The other files of this folder wrap each family in types; nothing above `frame` calls these directly.

// ---- storage. A value comes back as SCALE Option<Vec<u8>>.
export declare function ext_storage_get_version_1(key: u64): u64;
export declare function ext_storage_set_version_1(key: u64, value: u64): void;
export declare function ext_storage_clear_version_1(key: u64): void;
export declare function ext_storage_exists_version_1(key: u64): i32;
/** SCALE Option<u32>: number of bytes from `offset` to the end of the value; those that fit are written to `out`. */
export declare function ext_storage_read_version_1(key: u64, out: u64, offset: u32): u64;
/** `limit`: SCALE Option<u32>; returns SCALE enum { 0 AllRemoved(u32), 1 SomeRemaining(u32) }. */
export declare function ext_storage_clear_prefix_version_2(prefix: u64, limit: u64): u64;
/** Appends an encoded item to the SCALE Vec stored at `key`; a value that is not a Vec is replaced. */
export declare function ext_storage_append_version_1(key: u64, item: u64): void;
/** `version`: 0 or 1, the state version. */
export declare function ext_storage_root_version_2(version: u32): u64;
export declare function ext_storage_next_key_version_1(key: u64): u64;
export declare function ext_storage_start_transaction_version_1(): void;
export declare function ext_storage_commit_transaction_version_1(): void;
export declare function ext_storage_rollback_transaction_version_1(): void;

// ---- default child storage: `child` is the trie's name without its `:child_storage:default:` prefix.
export declare function ext_default_child_storage_get_version_1(child: u64, key: u64): u64;
export declare function ext_default_child_storage_set_version_1(child: u64, key: u64, value: u64): void;
export declare function ext_default_child_storage_clear_version_1(child: u64, key: u64): void;
export declare function ext_default_child_storage_read_version_1(child: u64, key: u64, out: u64, offset: u32): u64;

// ---- hashing
export declare function ext_hashing_blake2_128_version_1(data: u64): u32;
export declare function ext_hashing_blake2_256_version_1(data: u64): u32;
export declare function ext_hashing_twox_64_version_1(data: u64): u32;
export declare function ext_hashing_twox_128_version_1(data: u64): u32;
export declare function ext_hashing_twox_256_version_1(data: u64): u32;

// ---- crypto. Signatures and keys are addresses of fixed-size bytes; 1 means that the signature is valid.
export declare function ext_crypto_ed25519_verify_version_1(signature: u32, message: u64, key: u32): i32;
export declare function ext_crypto_sr25519_verify_version_2(signature: u32, message: u64, key: u32): i32;
/** SCALE Result<[u8; 33], EcdsaError> of the key that signed the 32 bytes at `message`; the signature has 65 bytes. */
export declare function ext_crypto_secp256k1_ecdsa_recover_compressed_version_2(signature: u32, message: u32): u64;
/** `keyType`: address of 4 bytes; `seed`: SCALE Option<Vec<u8>>. Needs a host with a keystore. */
export declare function ext_crypto_sr25519_generate_version_1(keyType: u32, seed: u64): u32;

// ---- tries of values that are not in storage
/** `values`: SCALE Vec<Vec<u8>>; the root of a trie whose keys are the compact indices. */
export declare function ext_trie_blake2_256_ordered_root_version_2(values: u64, version: u32): u32;

// ---- logging and the rest
/** `level`: 0 error, 1 warn, 2 info, 3 debug, 4 trace. */
export declare function ext_logging_log_version_1(level: u32, target: u64, message: u64): void;
/** The most verbose enabled level: 0 off, 1 error … 5 trace. */
export declare function ext_logging_max_level_version_1(): u32;
/** SCALE Option<Vec<u8>>: the encoded RuntimeVersion of the Wasm code; none if it is not a runtime. */
export declare function ext_misc_runtime_version_version_1(code: u64): u64;
export declare function ext_allocator_free_version_1(address: u32): void;

// ---- machine: untrusted code, run and metered by the host. `codeHash`: address of 32 bytes.
/** SCALE { outcome: u8, weight_used: u64, output: Vec<u8> }; see `machine.ts`. */
export declare function ext_corejam_machine_invoke_version_1(
  codeHash: u32,
  code: u64,
  entry: u64,
  args: u64,
  weight: u64,
  outputMax: u32,
): u64;
/**
 * Weight that an invocation of `entry` with so many bytes of arguments is charged before the guest's first instruction;
 * u64::MAX for code that is no module under the limits of that entry point, or does not export it.
 */
export declare function ext_corejam_machine_setup_version_1(codeHash: u32, code: u64, entry: u64, argsLength: u32): u64;
/** While a host call of a guest is served: charges for and allocates a reply of so many bytes; 0 if the guest can't take it. */
export declare function ext_corejam_machine_reserve_version_1(length: u32): i32;
