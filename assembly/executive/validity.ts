// Whether an extrinsic may be in a block: sp_runtime::transaction_validity, as numbers.
//
//   0 valid | 0x100 + variant InvalidTransaction | 0x200 + variant UnknownTransaction
import { Bytes } from '../scale';

/** Why an extrinsic can't be in a block; VALID is none. */
export type Validity = i32;

/** It can. */
export const VALID: Validity = 0;

/** It can't, and nothing but another chain of events will change that. */
export enum Invalid {
  /** It does not decode, or its call is not expected. */
  Call = 0x100,
  /** Its sender can't pay. */
  Payment = 0x101,
  /** Its nonce is above the sender's. */
  Future = 0x102,
  /** Its nonce is below the sender's. */
  Stale = 0x103,
  /** Its signature does not hold, for this call on this chain at this version. */
  BadProof = 0x104,
  /** It was signed for a block too old to be remembered, or for one of another fork. */
  AncientBirthBlock = 0x105,
  /** It does not fit the block, or any block. */
  ExhaustsResources = 0x106,
  /** An inherent failed, or stands where it may not. */
  BadMandatory = 0x108,
  /** It is an inherent: a block's author makes those. */
  MandatoryValidation = 0x109,
  /** Its sender is nobody. */
  BadSigner = 0x10a,
}

/** It can't be told. */
export enum Unknown {
  /** The sender's address is of a kind that this chain can't look up. */
  CannotLookup = 0x200,
  /** It is not signed, and no inherent. */
  NoUnsignedValidator = 0x201,
}

/**
 * InvalidTransaction on the wire. Substrate's seventh, Custom, is never answered here.
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
 * UnknownTransaction on the wire.
 * @path sp_runtime::transaction_validity::UnknownTransaction
 */
export enum UnknownTransaction {
  CannotLookup,
  NoUnsignedValidator,
}

/** Either of both. */
@variants('sp_runtime::transaction_validity::TransactionValidityError')
export class TransactionValidityError {
  /** The error that `validity` stands for; VALID stands for none. */
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

/** It may not be in a block. */
@variant(0)
export class TransactionValidityErrorInvalid extends TransactionValidityError {
  value: InvalidTransaction = InvalidTransaction.Call;
}

/** It can't be told whether it may be. */
@variant(1)
export class TransactionValidityErrorUnknown extends TransactionValidityError {
  value: UnknownTransaction = UnknownTransaction.CannotLookup;
}

/** What the pool is told of an extrinsic that may be in a block. */
@scale('sp_runtime::transaction_validity::ValidTransaction')
export class ValidTransaction {
  priority: u64 = 0;
  /** Tags that must be provided by others first. */
  requires: Array<Bytes> = [];
  /** Tags that it provides. */
  provides: Array<Bytes> = [];
  /** For how many blocks this holds. */
  longevity: u64 = u64.MAX_VALUE;
  /** Whether to tell others of it. */
  propagate: bool = true;
}
