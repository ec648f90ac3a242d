// Extrinsics, version 4 (sp_runtime::generic::UncheckedExtrinsic):
//
//   bare     0x04 call
//   signed   0x84 address: MultiAddress, signature: MultiSignature, extra: SignedExtra, call
//
// preceded by a compact length, which `bytes` does not include. The signature covers `call extra implicit`, hashed if
// longer than 256 bytes. Decoding refuses non-canonical forms, so the received bytes are those that were signed.
import { Generated, RuntimeCall } from '../frame';
import { blake2_256, signatureWeight, verifySignature } from '../io';
import { AccountId, H256, MultiAddress, MultiSignature, saturatingAdd } from '../primitives';
import { Bytes, bytesAt, decodeFrom, encode, Reader, Writer } from '../scale';
import { System, Wiring } from '../pallets/system';
import { MetadataHashMode, SignedExtra } from './extensions';
import { Invalid, Unknown, VALID, Validity } from './validity';

const BARE: u8 = 0x04;
const SIGNED: u8 = 0x84;
const LONGEST_SIGNED_AS_IT_IS: i32 = 256;

/** A decoded extrinsic, of which only the form has been checked. */
export class Extrinsic {
  /** The sender's address; null for a bare extrinsic, which has none of the next three fields. */
  address: MultiAddress | null = null;
  signature: MultiSignature | null = null;
  extra: SignedExtra = new SignedExtra();
  private extraBytes: Bytes = [];
  private callBytes: Bytes = [];

  private constructor(
    /** The call. */
    public readonly call: RuntimeCall,
    /** Length of the extrinsic in bytes, including its compact length. */
    public readonly length: u32,
  ) {}

  /** Decodes an extrinsic from all of `bytes`; null if malformed. */
  static read(bytes: Bytes): Extrinsic | null {
    const reader = Reader.of(bytes);
    const format = reader.u8();
    if (format != BARE && format != SIGNED) return null;
    const address = format == SIGNED ? decodeFrom<MultiAddress>(reader) : null;
    const signature = format == SIGNED ? decodeFrom<MultiSignature>(reader) : null;
    const extraAt = reader.position;
    const extra = format == SIGNED ? decodeFrom<SignedExtra>(reader) : new SignedExtra();
    const callAt = reader.position;
    const call = decodeFrom<RuntimeCall>(reader);
    if (!reader.done) return null;
    const extrinsic = new Extrinsic(call, opaqueLength(bytes));
    extrinsic.address = address;
    extrinsic.signature = signature;
    extrinsic.extra = extra;
    extrinsic.extraBytes = bytesAt(extraAt, <i32>(callAt - extraAt));
    extrinsic.callBytes = bytesAt(callAt, <i32>(reader.position - callAt));
    return extrinsic;
  }

  /** Whether the extrinsic is signed. */
  get isSigned(): bool {
    return this.address !== null;
  }

  /** The declared weight of its call, and what its signature takes beyond one of sr25519. */
  weight(): u64 {
    return saturatingAdd(this.call.weight(), this.signatureWeight());
  }

  /** What its signature takes beyond one of sr25519; 0 if it has none. */
  signatureWeight(): u64 {
    const signature = this.signature;
    return signature === null ? 0 : signatureWeight(signature);
  }

  /** The signer's account; null if unsigned or if the address can't be looked up. */
  get signer(): AccountId | null {
    const address = this.address;
    return address === null ? null : address.account();
  }

  /**
   * Whether the sender signed this extrinsic, for this chain, this version and a birth block whose hash is stored.
   * `number` is the block that would include it.
   */
  checkSignature(number: u32): Validity {
    const signer = this.signer;
    const signature = this.signature;
    if (signer === null || signature === null) return Unknown.CannotLookup;
    // Without a hash of its own, a runtime can't say what this signature should cover.
    const coversMetadata = this.extra.checkMetadataHash.mode == MetadataHashMode.Enabled;
    const metadataHash = coversMetadata ? Generated.metadataHash() : null;
    if (coversMetadata && metadataHash === null) return Unknown.CannotLookup;
    const birth = System.blockHash.tryGet(<u32>this.extra.checkMortality.value.birth(<u64>number));
    if (birth.isNone) return Invalid.AncientBirthBlock;
    const payload = this.payload(birth.value, metadataHash);
    return verifySignature(signature, payload, signer) ? VALID : Invalid.BadProof;
  }

  /** The bytes that the signature must cover. Implicit parts are in the order of the extensions. */
  private payload(birthHash: H256, metadataHash: Bytes | null): Bytes {
    const version = Wiring.version();
    const writer = new Writer(this.callBytes.length + 128);
    writer.raw(this.callBytes);
    writer.raw(this.extraBytes);
    writer.u32(version.specVersion);
    writer.u32(version.transactionVersion);
    writer.raw(System.blockHash.get(0).bytes);
    writer.raw(birthHash.bytes);
    writer.bool(metadataHash !== null);
    if (metadataHash !== null) writer.raw(metadataHash);
    const payload = writer.finish();
    return payload.length > LONGEST_SIGNED_AS_IT_IS ? blake2_256(payload) : payload;
  }
}

/** The bare extrinsic of an inherent's call, without its compact length. */
export function bareExtrinsic(call: RuntimeCall): Bytes {
  const writer = new Writer(256);
  writer.u8(BARE);
  writer.raw(encode<RuntimeCall>(call));
  return writer.finish();
}

/** The extrinsic with its compact length, as it is hashed and counted. */
export function opaque(bytes: Bytes): Bytes {
  const writer = new Writer(bytes.length + 4);
  writer.vec(bytes);
  return writer.finish();
}

function opaqueLength(bytes: Bytes): u32 {
  const length = <u32>bytes.length;
  return length + (length < 1 << 6 ? 1 : length < 1 << 14 ? 2 : 4);
}
