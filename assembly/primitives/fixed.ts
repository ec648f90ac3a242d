// Byte strings of fixed length: hashes, accounts, keys, signatures. Compare with `equals`: `==` is identity.
import { Bytes, FixedBytes } from '../scale';

/** A 32-byte hash: of a block, a header, code. */
@fixed(32, 'primitive_types::H256')
export class H256 extends FixedBytes {}

/** An account: a public key (sr25519, ed25519), the hash of one (ecdsa), or an address without a key. */
@fixed(32, 'sp_core::crypto::AccountId32')
export class AccountId extends FixedBytes {}

/** An sr25519 public key that signs blocks and work: a validator's. */
@fixed(32)
export class Sr25519Public extends FixedBytes {}

/** A signature of 64 bytes: ed25519 or sr25519. */
@fixed(64)
export class Signature64 extends FixedBytes {}

/** A signature of 65 bytes: ecdsa, with the recovery id. */
@fixed(65)
export class Signature65 extends FixedBytes {}

/** Identifier of a consensus engine or a key type: four ASCII characters. */
@fixed(4)
export class Tag4 extends FixedBytes {}

/** Identifier of a runtime API or an inherent: eight bytes. */
@fixed(8)
export class Tag8 extends FixedBytes {}

/** 20 bytes. */
@fixed(20)
export class Bytes20 extends FixedBytes {}

/** 32 bytes. */
@fixed(32)
export class Bytes32 extends FixedBytes {}

/** The ASCII characters of `text` as bytes. Panics on other characters. */
export function ascii(text: string): Bytes {
  const bytes = new StaticArray<u8>(text.length);
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 0x7f) throw new Error('primitives: not ASCII');
    bytes[i] = <u8>c;
  }
  return bytes;
}
