// The runtime's verdicts on a transaction: TransactionValidity and ApplyExtrinsicResult, decoded from SCALE.
//
// Names and sentences of errors are Substrate's, which clients and users know.
import { err, ok, Reader, ScaleError, type Result } from '../bytes/index.js';

/** A transaction that may wait in a pool: the tags it requires and provides, and for how many blocks it is valid. */
export interface ValidTransaction {
  priority: bigint;
  requires: Uint8Array[];
  provides: Uint8Array[];
  /** In blocks; u64::MAX for an immortal one. */
  longevity: bigint;
  propagate: boolean;
}

/** Why a transaction can't be in the next block: it is invalid, or the runtime lacks information to decide. */
export interface ValidityError {
  kind: 'invalid' | 'unknown';
  /** Substrate's name of the variant: `Stale`, `Payment`, … */
  name: (typeof INVALID | typeof UNKNOWN)[number][0];
  /** Substrate's sentence for it. */
  message: string;
}

/** The result of validate_transaction. */
export type Validity = Result<ValidTransaction, ValidityError>;

/** The result of apply_extrinsic: included, with or without a successful dispatch, or not included. */
export type Applied = Result<{ dispatched: boolean }, ValidityError>;

/** Name and sentence of each variant, in Substrate's order. */
const INVALID = [
  ['Call', 'Transaction call is not expected'],
  ['Payment', 'Inability to pay some fees (e.g. account balance too low)'],
  ['Future', 'Transaction will be valid in the future'],
  ['Stale', 'Transaction is outdated'],
  ['BadProof', 'Transaction has a bad signature'],
  ['AncientBirthBlock', 'Transaction has an ancient birth block'],
  ['ExhaustsResources', 'Transaction would exhaust the block limits'],
  ['Custom', 'Custom error'],
  ['BadMandatory', 'A call was labelled as mandatory, but resulted in an Error.'],
  ['MandatoryValidation', 'Transaction dispatch is mandatory; transactions must not be validated.'],
  ['BadSigner', 'Invalid signing address'],
  ['IndeterminateImplicit', 'The implicit data was unable to be calculated'],
  ['UnknownOrigin', 'The transaction extension did not authorize any origin'],
] as const;
const UNKNOWN = [
  ['CannotLookup', 'Could not lookup information required to validate the transaction'],
  ['NoUnsignedValidator', 'Could not find an unsigned validator for the unsigned transaction'],
  ['Custom', 'Custom error'],
] as const;

function readError(reader: Reader): ValidityError {
  const at = reader.offset;
  const kind = reader.u8() === 0 ? 'invalid' : 'unknown';
  const variant = reader.u8();
  const found = (kind === 'invalid' ? INVALID : UNKNOWN)[variant];
  if (found === undefined) throw new ScaleError(`a TransactionValidityError of variant ${variant} is unknown`, at);
  const [name, message] = found;
  return { kind, name, message: name === 'Custom' ? `Custom error: ${reader.u8()}` : message };
}

/** Decodes TransactionValidity. Throws ScaleError. */
export function decodeValidity(bytes: Uint8Array): Validity {
  const reader = new Reader(bytes);
  if (reader.u8() !== 0) return err(readError(reader));
  const transaction = {
    priority: reader.u64(),
    requires: reader.vec((r) => r.bytes()),
    provides: reader.vec((r) => r.bytes()),
    longevity: reader.u64(),
    propagate: reader.bool(),
  };
  reader.end();
  return ok(transaction);
}

/** Decodes ApplyExtrinsicResult: Result<Result<(), DispatchError>, TransactionValidityError>. Throws ScaleError. */
export function decodeApplied(bytes: Uint8Array): Applied {
  const reader = new Reader(bytes);
  if (reader.u8() !== 0) return err(readError(reader));
  return ok({ dispatched: reader.u8() === 0 });
}
