// Applies extrinsics to the block under execution, and validates them for the pool (frame_executive).
import {
  DispatchClass,
  DispatchInfo,
  DispatchResult,
  feeWaived,
  None,
  OK,
  Pays,
  resetDispatchInfo,
  Signed,
  Weight,
  weightUsed,
} from '../frame';
import { beginTransaction, commitTransaction, log, LogLevel, rollbackTransaction } from '../io';
import { extrinsicWeight, H256, saturatingAdd } from '../primitives';
import { markMemory, resetMemory } from '../rt';
import { Bytes, Result } from '../scale';
import {
  BlockRoom,
  blockRoom,
  ExtrinsicNeeds,
  noteApplied,
  noteExtrinsic,
  registerExtraWeight,
  System,
  Wiring,
} from '../pallets/system';
import { settleFee, totalFee } from '../pallets/transaction-payment';
import { admitSigned, chargedFee, chargeWeight, ensureRoom, refundWeight, validateSigned } from './checks';
import { Extrinsic, opaque } from './extrinsic';
import { Invalid, TransactionValidityError, Unknown, VALID, Validity, ValidTransaction } from './validity';

const TARGET: string = 'runtime::executive';

/** Whether an extrinsic is in the block, and if so, its call's result. */
class Applied {
  constructor(
    /** VALID if it is in the block. */
    public validity: Validity,
    /** The call's result; meaningless if the extrinsic is not in the block. */
    public result: DispatchResult,
  ) {}

  /** ApplyExtrinsicResult of sp_runtime. */
  toResult(): Result<DispatchResult, TransactionValidityError> {
    const isValid = this.validity == VALID;
    return new Result<DispatchResult, TransactionValidityError>(
      isValid,
      this.result,
      isValid ? new TransactionValidityError() : TransactionValidityError.of(this.validity),
    );
  }
}

/** Applies an extrinsic (without its compact length). A refused one may still have marked the inherents as complete. */
export function applyExtrinsic(bytes: Bytes): Applied {
  const extrinsic = Extrinsic.read(bytes);
  if (extrinsic === null) return refused(Invalid.Call);
  return extrinsic.isSigned ? applySigned(extrinsic, bytes) : applyInherent(extrinsic, bytes);
}

function applySigned(extrinsic: Extrinsic, bytes: Bytes): Applied {
  completeInherents();
  if (!extrinsic.call.mustSucceed()) return admitAndDispatch(extrinsic, bytes);
  beginTransaction();
  const applied = admitAndDispatch(extrinsic, bytes);
  if (applied.validity == VALID && applied.result == OK) {
    commitTransaction();
    return applied;
  }
  rollbackTransaction();
  return refused(applied.validity == VALID ? Invalid.Call : applied.validity);
}

/** Stores the bytes of an extrinsic for the extrinsics root. */
function noteBytes(bytes: Bytes): void {
  const mark = markMemory();
  noteExtrinsic(opaque(bytes));
  resetMemory(mark); // of a copy of the extrinsic
}

function admitAndDispatch(extrinsic: Extrinsic, bytes: Bytes): Applied {
  const validity = admitSigned(extrinsic, System.number.get());
  if (validity != VALID) return refused(validity);
  noteBytes(bytes);
  const call = extrinsic.call;
  const who = extrinsic.signer!;
  // As they were charged: both are asked before the call, whatever it changes.
  const declared = call.weight();
  const charged = chargedFee(extrinsic);
  resetDispatchInfo();
  const result = call.dispatch(new Signed(who));
  const used = weightUsed(declared);
  const weight = saturatingAdd(used, extrinsic.signatureWeight());
  // A waiver counts only on success: a call that fails after waiving still pays.
  const pays = call.paysFee() && !(result == OK && feeWaived());
  refundWeight(call.dispatchClass(), declared - used);
  const tip = extrinsic.extra.chargeTransactionPayment.value;
  settleFee(who, charged, totalFee(extrinsic.length, weight, pays, tip), tip);
  noteApplied(result, dispatchInfo(extrinsic, weight, pays));
  return new Applied(VALID, result);
}

/** Applies an inherent. Inherents come before other extrinsics, in order, at most once each, and must not fail. */
function applyInherent(extrinsic: Extrinsic, bytes: Bytes): Applied {
  const call = extrinsic.call;
  const place = call.inherent;
  if (place < 0) return refused(Unknown.NoUnsignedValidator);
  if (System.inherentsApplied.get() || System.inherentPlace.get() > <u32>place) return refused(Invalid.BadMandatory);
  const consumed = System.blockWeight.get();
  const room = ensureRoom(consumed, extrinsic);
  if (room != VALID) return refused(room);
  beginTransaction();
  System.inherentPlace.set(<u32>place + 1);
  chargeWeight(consumed, extrinsic);
  noteBytes(bytes);
  const declared = call.weight();
  resetDispatchInfo();
  const result = call.dispatch(new None());
  if (result != OK) {
    log(
      LogLevel.Error,
      TARGET,
      `inherent ${call.pallet.toString()}.${call.index.toString()} failed: 0x${result.toString(16)}`,
    );
    rollbackTransaction();
    return refused(Invalid.BadMandatory);
  }
  const used = weightUsed(declared);
  refundWeight(call.dispatchClass(), declared - used);
  noteApplied(result, dispatchInfo(extrinsic, used, false));
  commitTransaction();
  return new Applied(VALID, result);
}

/** Runs once per block, after its last inherent: reserves weight for the end of the block. */
export function completeInherents(): void {
  if (System.inherentsApplied.get()) return;
  System.inherentsApplied.set(true);
  const reserved = Wiring.afterInherents(System.number.get());
  if (reserved != 0) registerExtraWeight(reserved, DispatchClass.Mandatory);
}

/** What an extrinsic (without its compact length) takes of its block; none if it does not decode. */
export function extrinsicNeeds(bytes: Bytes): ExtrinsicNeeds | null {
  const extrinsic = Extrinsic.read(bytes);
  if (extrinsic === null) return null;
  const needs = new ExtrinsicNeeds();
  needs.dispatchClass = extrinsic.call.dispatchClass();
  needs.weight = extrinsicWeight(extrinsic.weight(), extrinsic.length);
  needs.length = extrinsic.length;
  return needs;
}

/** What the block under construction still takes, once its inherents are complete. Its writes are to be discarded. */
export function roomLeft(): BlockRoom {
  completeInherents();
  return blockRoom(System.blockWeight.get(), System.extrinsicsLen.get());
}

/** Validates an extrinsic (without its compact length) on top of block `parent`, for the pool. */
export function validateTransaction(bytes: Bytes, parent: H256): Result<ValidTransaction, TransactionValidityError> {
  const told = new ValidTransaction();
  const validity = validate(bytes, parent, told);
  const isValid = validity == VALID;
  return new Result<ValidTransaction, TransactionValidityError>(
    isValid,
    told,
    isValid ? new TransactionValidityError() : TransactionValidityError.of(validity),
  );
}

function validate(bytes: Bytes, parent: H256, told: ValidTransaction): Validity {
  const extrinsic = Extrinsic.read(bytes);
  if (extrinsic === null) return Invalid.Call;
  if (!extrinsic.isSigned)
    return extrinsic.call.inherent >= 0 ? Invalid.MandatoryValidation : Unknown.NoUnsignedValidator;
  // The extrinsic would be in the block after `parent`, which stores this hash. Writes of API calls are discarded.
  const number = System.number.get();
  System.blockHash.set(number, parent);
  return validateSigned(extrinsic, number + 1, told);
}

/** The DispatchInfo of an extrinsic's event; `weight`: what its call used, and its signature. Base and length are added. */
function dispatchInfo(extrinsic: Extrinsic, weight: u64, pays: bool): DispatchInfo {
  const info = new DispatchInfo();
  info.weight = Weight.of(extrinsicWeight(weight, extrinsic.length));
  info.class = extrinsic.call.dispatchClass();
  info.paysFee = pays ? Pays.Yes : Pays.No;
  return info;
}

function refused(validity: Validity): Applied {
  return new Applied(validity, OK);
}
