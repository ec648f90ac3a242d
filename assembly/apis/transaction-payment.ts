// TransactionPaymentApi, TransactionPaymentCallApi: fee estimates.
import { DispatchClass, RuntimeCall, Weight } from '../frame';
import { lengthWeight, saturatingAdd, U128, UncheckedExtrinsic } from '../primitives';
import { Extrinsic } from '../executive';
import { InclusionFee, inclusionFee, lengthToFee, weightToFee } from '../pallets/transaction-payment';

/** Weight, class and fee of an extrinsic, without tip. */
@scale('pallet_transaction_payment::types::RuntimeDispatchInfo')
export class RuntimeDispatchInfo {
  weight: Weight = new Weight();
  class: DispatchClass = DispatchClass.Normal;
  partialFee: U128 = new U128();
}

/** The parts of a fee. */
@scale('pallet_transaction_payment::types::FeeDetails')
export class FeeDetails {
  /** None if free of charge. */
  inclusionFee: InclusionFee | null = null;
  tip: U128 = new U128();
}

/** `weight`: of the call, and of the signature if there is one. */
function describe(call: RuntimeCall, weight: u64, length: u32): RuntimeDispatchInfo {
  const info = new RuntimeDispatchInfo();
  info.weight = Weight.of(saturatingAdd(weight, lengthWeight(length)));
  info.class = call.dispatchClass();
  if (call.paysFee()) info.partialFee = inclusionFee(length, weight).total();
  return info;
}

function details(call: RuntimeCall, weight: u64, length: u32): FeeDetails {
  const fee = new FeeDetails();
  if (call.paysFee()) fee.inclusionFee = inclusionFee(length, weight);
  return fee;
}

function read(extrinsic: UncheckedExtrinsic): Extrinsic {
  const decoded = Extrinsic.read(extrinsic);
  if (decoded === null) throw new Error('transaction payment: the extrinsic does not decode');
  return decoded;
}

/** Fees of extrinsics. */
@api('TransactionPaymentApi', 4)
export class TransactionPaymentApi {
  /** Weight, class and fee of an extrinsic of `len` bytes. */
  static queryInfo(uxt: UncheckedExtrinsic, len: u32): RuntimeDispatchInfo {
    const extrinsic = read(uxt);
    const info = describe(extrinsic.call, extrinsic.weight(), len);
    if (!extrinsic.isSigned) info.partialFee = U128.zero();
    return info;
  }

  /** The parts of the fee of an extrinsic of `len` bytes. */
  static queryFeeDetails(uxt: UncheckedExtrinsic, len: u32): FeeDetails {
    const extrinsic = read(uxt);
    return extrinsic.isSigned ? details(extrinsic.call, extrinsic.weight(), len) : new FeeDetails();
  }

  /** The fee of a weight, before the multiplier. */
  static queryWeightToFee(weight: Weight): U128 {
    return weightToFee(weight.refTime);
  }

  /** The fee of a length in bytes. */
  static queryLengthToFee(length: u32): U128 {
    return lengthToFee(length);
  }
}

/** Fees of calls. */
@api('TransactionPaymentCallApi', 3)
export class TransactionPaymentCallApi {
  /** Weight, class and fee of a call in an extrinsic of `len` bytes with an sr25519 signature. */
  static queryCallInfo(call: RuntimeCall, len: u32): RuntimeDispatchInfo {
    return describe(call, call.weight(), len);
  }

  /** The parts of the fee of a call in an extrinsic of `len` bytes with an sr25519 signature. */
  static queryCallFeeDetails(call: RuntimeCall, len: u32): FeeDetails {
    return details(call, call.weight(), len);
  }

  /** The fee of a weight, before the multiplier. */
  static queryWeightToFee(weight: Weight): U128 {
    return weightToFee(weight.refTime);
  }

  /** The fee of a length in bytes. */
  static queryLengthToFee(length: u32): U128 {
    return lengthToFee(length);
  }
}
