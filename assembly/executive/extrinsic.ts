// Extrinsics, version 4 (sp_runtime::generic::UncheckedExtrinsic):
//
//   bare     0x04 call
//   signed   0x84 address: MultiAddress, signature: MultiSignature, extra: SignedExtra, call
//
// `bytes` is what stands behind the compact length. What the signature covers is `call extra implicit`, hashed where that
// is longer than 256 bytes; decoding refuses every non-canonical form, so the bytes themselves are what was signed.
import { RuntimeCall } from '../frame';
import { blake2_256, verifySignature } from '../io';
import { AccountId, H256, MultiAddress, MultiSignature } from '../primitives';
import { Bytes, bytesAt, decodeFrom, encode, Reader, Writer } from '../scale';
import { System, Wiring } from '../pallets/system';
import { SignedExtra } from './extensions';
import { Invalid, Unknown, VALID, Validity } from './validity';

const BARE: u8 = 0x04;
const SIGNED: u8 = 0x84;
const LONGEST_SIGNED_AS_IT_IS: i32 = 256;

/** A decoded extrinsic. Nothing about it is checked but its form. */
export class Extrinsic {
  /** The sender's address; null for a bare extrinsic, which has none of the next three. */
  address: MultiAddress | null = null;
  signature: MultiSignature | null = null;
  extra: SignedExtra = new SignedExtra();
  private extraBytes: Bytes = [];
  private callBytes: Bytes = [];

  private constructor(
    /** What it asks for. */
    public readonly call: RuntimeCall,
    /** Bytes of the whole extrinsic, its compact length included. */
    public readonly length: u32,
  ) {}

  /** Reads an extrinsic that fills `bytes`; null where they are none. */
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

  /** Whether it is signed. */
  get isSigned(): bool {
    return this.address !== null;
  }

  /** Who signed it, by its own account; null where the address can't be looked up. */
  get signer(): AccountId | null {
    const address = this.address;
    return address === null ? null : address.account();
  }

  /**
   * Whether its sender signed it, for this chain, this version and a block that the chain remembers.
   * `number` is the block that it would be in.
   */
  checkSignature(number: u32): Validity {
    const signer = this.signer;
    const signature = this.signature;
    if (signer === null || signature === null) return Unknown.CannotLookup;
    const birth = System.blockHash.tryGet(<u32>this.extra.checkMortality.value.birth(<u64>number));
    if (birth.isNone) return Invalid.AncientBirthBlock;
    const payload = this.payload(birth.value);
    return verifySignature(signature, payload, signer) ? VALID : Invalid.BadProof;
  }

  /** What the signature must cover. Implicit parts stand in the order of the extensions. */
  private payload(birthHash: H256): Bytes {
    const version = Wiring.version();
    const writer = new Writer(this.callBytes.length + 128);
    writer.raw(this.callBytes);
    writer.raw(this.extraBytes);
    writer.u32(version.specVersion);
    writer.u32(version.transactionVersion);
    writer.raw(System.blockHash.get(0).bytes);
    writer.raw(birthHash.bytes);
    const payload = writer.finish();
    return payload.length > LONGEST_SIGNED_AS_IT_IS ? blake2_256(payload) : payload;
  }
}

/** A bare extrinsic of an inherent's call, without its compact length. */
export function bareExtrinsic(call: RuntimeCall): Bytes {
  const writer = new Writer(256);
  writer.u8(BARE);
  writer.raw(encode<RuntimeCall>(call));
  return writer.finish();
}

/** The extrinsic with its compact length in front, as it is hashed and counted. */
export function opaque(bytes: Bytes): Bytes {
  const writer = new Writer(bytes.length + 4);
  writer.vec(bytes);
  return writer.finish();
}

function opaqueLength(bytes: Bytes): u32 {
  const length = <u32>bytes.length;
  return length + (length < 1 << 6 ? 1 : length < 1 << 14 ? 2 : 4);
}
