// The host functions of guests, raw: module `env` (asc takes the name from this file's). The other files of this folder
// wrap them in types. Functions that a guest does not use are not imported.
//
// A u64 for bytes is a fat pointer: length << 32 | address; u64.MAX_VALUE means none. Results are in memory that the
// host allocated in the guest; a guest's instance lives for one call, so nothing is freed. docs/decisions/0001-specification.md
// § Entry points and host functions lists which entry point may call which function; other calls trap.

export declare function ext_logging_log_version_1(level: i32, target: u64, message: u64): void;

export declare function ext_hashing_blake2_256_version_1(data: u64): u32;
export declare function ext_hashing_keccak_256_version_1(data: u64): u32;
export declare function ext_hashing_sha2_256_version_1(data: u64): u32;

/** Signature and key are addresses of 64 and 32 bytes; 1 means that the signature is valid. */
export declare function ext_crypto_sr25519_verify_version_2(signature: u32, message: u64, key: u32): i32;
export declare function ext_crypto_ed25519_verify_version_1(signature: u32, message: u64, key: u32): i32;

// ---- is_authorized and refine
/** Address of 32 bytes. */
export declare function ext_corejam_package_message_version_1(): u32;

// ---- refine
/** `hash`: address of 32 bytes. */
export declare function ext_corejam_lookup_version_1(hash: u32): u64;
export declare function ext_corejam_state_root_version_1(height: u32): u64;

// ---- prune and accumulate
export declare function ext_corejam_get_work_storage_version_1(key: u64): u64;
/** The length, or u64.MAX_VALUE. */
export declare function ext_corejam_get_work_storage_len_version_1(key: u64): u64;
export declare function ext_corejam_get_storage_version_1(key: u64): u64;

// ---- accumulate
/** Returns 0; 1 if the key exceeds 256 bytes or the class's account can't pay the deposit. */
export declare function ext_corejam_set_work_storage_version_1(key: u64, value: u64): i32;
export declare function ext_corejam_remove_work_storage_version_1(key: u64): void;
/** Returns the remaining weight, in picoseconds. */
export declare function ext_corejam_checkpoint_version_1(): u64;
export declare function ext_corejam_weight_remaining_version_1(): u64;
