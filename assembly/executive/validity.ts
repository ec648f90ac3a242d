// Whether an extrinsic may be in a block: sp_runtime::transaction_validity as numbers.
//
//   0 valid | 0x100 + variant InvalidTransaction | 0x200 + variant UnknownTransaction
import { Bytes } from '../scale';

/** VALID, or why an extrinsic can't be in a block. */
export type Validity = i32;

/** The extrinsic is valid. */
export const VALID: Validity = 0;

/** The extrinsic is invalid. */
export enum Invalid {
  /** The extrinsic does not decode, or its call must succeed and fails. */
  Call = 0x100,
  /** The sender can't pay. */
  Payment = 0x101,
  /** The nonce is above the sender's. */
  Future = 0x102,
  /** The nonce is below the sender's. */
  Stale = 0x103,
  /** The signature is wrong for this call, chain or version. */
  BadProof = 0x104,
  /** The birth block's hash is no longer stored. */
  AncientBirthBlock = 0x105,
  /** The extrinsic does not fit the block, or any block. */
  ExhaustsResources = 0x106,
  /** An inherent failed, or is not in its place. */
  BadMandatory = 0x108,
  /** The extrinsic is an inherent, which only a block's author may create. */
  MandatoryValidation = 0x109,
  /** The sender is the zero account, or may not make this call. */
  BadSigner = 0x10a,
}

/** Validity can't be determined. */
export enum Unknown {
  /** This chain can't look up the sender's kind of address. */
  CannotLookup = 0x200,
  /** The extrinsic is unsigned and not an inherent. */
  NoUnsignedValidator = 0x201,
}

/**
 * Why a transaction is invalid. Custom is never returned.
 * @path sp_runtime::transaction_validity::InvalidTransaction
 */
export enum InvalidTransaction {
  Call = 0,
  Payment = 1,
  Future = 2,
  Stale = 3,
  BadProof = 4,
  AncientBirthBlock = 5,
  ExhaustsResources = 6,
  BadMandatory = 8,
  MandatoryValidation = 9,
  BadSigner = 10,
}

/**
 * Why a transaction's validity is unknown.
 * @path sp_runtime::transaction_validity::UnknownTransaction
 */
export enum UnknownTransaction {
  CannotLookup,
  NoUnsignedValidator,
}

/** Why a transaction is refused. */
@variants('sp_runtime::transaction_validity::TransactionValidityError')
export class TransactionValidityError {
  /** The error of `validity`, which must not be VALID. */
  static of(validity: Validity): TransactionValidityError {
    if (validity == VALID) throw new Error('validity: no error to tell');
    if (validity < Unknown.CannotLookup) {
      const invalid = new TransactionValidityErrorInvalid();
      invalid.value = <InvalidTransaction>(validity & 0xff);
      return invalid;
    }
    const unknown = new TransactionValidityErrorUnknown();
    unknown.value = <UnknownTransaction>(validity & 0xff);
    return unknown;
  }
}

/** The transaction is invalid. */
@variant(0)
export class TransactionValidityErrorInvalid extends TransactionValidityError {
  value: InvalidTransaction = InvalidTransaction.Call;
}

/** The validity is unknown. */
@variant(1)
export class TransactionValidityErrorUnknown extends TransactionValidityError {
  value: UnknownTransaction = UnknownTransaction.CannotLookup;
}

/** Pool data of a valid transaction. */
@scale('sp_runtime::transaction_validity::ValidTransaction')
export class ValidTransaction {
  priority: u64 = 0;
  /** Tags that other transactions must provide first. */
  requires: Array<Bytes> = [];
  /** Tags that this transaction provides. */
  provides: Array<Bytes> = [];
  /** Blocks for which this is valid. */
  longevity: u64 = u64.MAX_VALUE;
  /** Whether to propagate it. */
  propagate: bool = true;
}
