// ECDSA over secp256k1: recovery of the public key from a signature.
//
// wasm-crypto panics on a signature that no key can have made. A Rust panic in Wasm does not restore the
// stack pointer, so that after some 1,900 such signatures the stack of the instance (which does sr25519 too) overflows
// into its data: anyone could break a node with bad signatures. Therefore its raw interface is called here, and after a
// panic the stack pointer is restored and the memory of the arguments is freed.
//
// The library also panics on a signature with a high s, which polkadot-sdk and smoldot accept here: whether s must be
// low is left to the runtime (D3). (r, s, v) and (r, n - s, v ^ 1) are signatures of the same key, so the library is
// given the one of the two that has a low s.
import { blake2_256, concat, equal, err, fromHex, ok, toHex, type Result } from '../bytes/index.js';
import { trapReason } from './errors.js';
import { wasmCrypto } from './wasm-crypto.js';

/** Why no key could be recovered, with the numbers of Substrate's `EcdsaVerifyError`. */
const BAD_RS = 0;
const BAD_V = 1;
const BAD_SIGNATURE = 2;
type RecoverError = typeof BAD_RS | typeof BAD_V | typeof BAD_SIGNATURE;

/** The order of the group. */
const N = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe_baae_dce6_af48_a03b_bfd2_5e8c_d036_4141n;
/** The prime of the field: y² = x³ + 7 (mod p). */
const P = 2n ** 256n - 2n ** 32n - 977n;

/**
 * Recovers the 33-byte compressed key that signed `digest` (32 bytes) with `signature` (r, s, v: 65 bytes).
 *
 * v is 0 to 3, or 27 to 30. `overflowing`: r and s at or above the order of the group are reduced instead of refused,
 * as in the first versions of Substrate's host functions.
 */
export function recoverCompressed(
  digest: Uint8Array,
  signature: Uint8Array,
  overflowing: boolean,
): Result<Uint8Array, RecoverError> {
  const last = signature[64]!;
  const v = last > 26 ? last - 27 : last;
  if (v > 3) return err(BAD_V);
  const r = toInteger(signature.subarray(0, 32));
  const s = toInteger(signature.subarray(32, 64));
  if ((r >= N || s >= N) && !overflowing) return err(BAD_RS);
  return recoverLow(digest, r % N, s % N, v);
}

/** `r` and `s` are below the order of the group. */
function recoverLow(digest: Uint8Array, r: bigint, s: bigint, v: number): Result<Uint8Array, RecoverError> {
  const high = s > N / 2n;
  return rawRecover(digest, concat(toBytes(r), toBytes(high ? N - s : s)), high ? v ^ 1 : v);
}

/** The 64 bytes x, y of a compressed key that `recoverCompressed` returned. */
export function expand(compressed: Uint8Array): Uint8Array {
  const x = toInteger(compressed.subarray(1));
  // p = 3 (mod 4), so x^((p + 1) / 4) is a square root of x.
  const root = power((x * x * x + 7n) % P, (P + 1n) / 4n);
  const odd = compressed[0] === 3;
  return concat(compressed.subarray(1), toBytes((root % 2n === 1n) === odd ? root : P - root));
}

/** Whether `publicKey` (33 bytes, compressed) signed `digest` (32 bytes); v must be 0 to 3 here. */
export function verifyDigest(
  publicKey: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array,
  overflowing = false,
): boolean {
  if (signature[64]! > 3) return false;
  const recovered = recoverCompressed(digest, signature, overflowing);
  return recovered.ok && equal(recovered.value, publicKey);
}

/** Whether `publicKey` signed the BLAKE2b-256 hash of `message`. */
export function verifyMessage(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  overflowing = false,
): boolean {
  return verifyDigest(publicKey, blake2_256(message), signature, overflowing);
}

function rawRecover(digest: Uint8Array, rs: Uint8Array, v: number): Result<Uint8Array, RecoverError> {
  const crypto = wasmCrypto();
  const raw = crypto.exports;
  const stackPointer = raw.__wbindgen_add_to_stack_pointer(0);
  const digestAt = crypto.give(digest);
  const rsAt = crypto.give(rs);
  try {
    return ok(crypto.result((at) => raw.ext_secp_recover(at, ...digestAt, ...rsAt, v)));
  } catch (error) {
    if (trapReason(error) === undefined) throw error;
    raw.__wbindgen_add_to_stack_pointer(stackPointer - raw.__wbindgen_add_to_stack_pointer(0));
    raw.__wbindgen_free(...digestAt);
    raw.__wbindgen_free(...rsAt);
    return err(BAD_SIGNATURE);
  }
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

/** A big-endian integer. */
function toInteger(bytes: Uint8Array): bigint {
  return BigInt(toHex(bytes));
}

/** 32 bytes, big-endian. */
function toBytes(value: bigint): Uint8Array {
  return fromHex(`0x${value.toString(16).padStart(64, '0')}`);
}
