// What every signed extrinsic carries beside its call, and what its signature covers in addition. Order is part of the
// format of extrinsics: clients read it from the metadata.
import { Era, H256, U128 } from '../primitives';

/** The sender is not the zero account. */
@extension('CheckNonZeroSender')
export class CheckNonZeroSender {}

/** The signature covers the version of the runtime. */
@extension('CheckSpecVersion')
export class CheckSpecVersion {
  static implicit: u32;
}

/** The signature covers the version of the extrinsics' format. */
@extension('CheckTxVersion')
export class CheckTxVersion {
  static implicit: u32;
}

/** The signature covers the chain's first block. */
@extension('CheckGenesis')
export class CheckGenesis {
  static implicit: H256;
}

/** For how many blocks the extrinsic is good; the signature covers the block it was born in. */
@extension('CheckMortality')
export class CheckMortality {
  value: Era = new Era();
  static implicit: H256;
}

/** How many extrinsics the sender has sent before. */
@extension('CheckNonce')
export class CheckNonce {
  @compact() value: u32 = 0;
}

/** The block has room for it. */
@extension('CheckWeight')
export class CheckWeight {}

/** The sender pays for it, and adds a tip. */
@extension('ChargeTransactionPayment')
export class ChargeTransactionPayment {
  @compact() value: U128 = new U128();
}

/** All of them. */
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
}
