// The signed extensions: what a signed extrinsic carries beside its call, and what its signature covers in addition.
// Their order is part of the extrinsic format; clients read it from the metadata.
import { Bytes32, Era, H256, U128 } from '../primitives';

/** The sender is not the zero account. */
@extension('CheckNonZeroSender')
export class CheckNonZeroSender {}

/** The signature covers the runtime's spec version. */
@extension('CheckSpecVersion')
export class CheckSpecVersion {
  static implicit: u32;
}

/** The signature covers the transaction version. */
@extension('CheckTxVersion')
export class CheckTxVersion {
  static implicit: u32;
}

/** The signature covers the genesis hash. */
@extension('CheckGenesis')
export class CheckGenesis {
  static implicit: H256;
}

/** The extrinsic's lifetime; the signature covers the hash of its birth block. */
@extension('CheckMortality')
export class CheckMortality {
  value: Era = new Era();
  static implicit: H256;
}

/** The number of extrinsics that the sender has sent before. */
@extension('CheckNonce')
export class CheckNonce {
  @compact() value: u32 = 0;
}

/** The block has room for the extrinsic. */
@extension('CheckWeight')
export class CheckWeight {}

/** The sender pays the fee and a tip. */
@extension('ChargeTransactionPayment')
export class ChargeTransactionPayment {
  @compact() value: U128 = new U128();
}

/**
 * Whether the signature covers the metadata hash.
 * @path frame_metadata_hash_extension::Mode
 */
export enum MetadataHashMode {
  Disabled,
  Enabled,
}

/**
 * The signature covers the hash of the metadata by which the extrinsic was shown, if its sender wants (RFC-78).
 * @path frame_metadata_hash_extension::CheckMetadataHash
 */
@extension('CheckMetadataHash')
export class CheckMetadataHash {
  mode: MetadataHashMode = MetadataHashMode.Disabled;
  static implicit: Bytes32 | null;
}

/** All extensions, in order. */
@extensions()
export class SignedExtra {
  checkNonZeroSender: CheckNonZeroSender = new CheckNonZeroSender();
  checkSpecVersion: CheckSpecVersion = new CheckSpecVersion();
  checkTxVersion: CheckTxVersion = new CheckTxVersion();
  checkGenesis: CheckGenesis = new CheckGenesis();
  checkMortality: CheckMortality = new CheckMortality();
  checkNonce: CheckNonce = new CheckNonce();
  checkWeight: CheckWeight = new CheckWeight();
  chargeTransactionPayment: ChargeTransactionPayment = new ChargeTransactionPayment();
  checkMetadataHash: CheckMetadataHash = new CheckMetadataHash();
}
