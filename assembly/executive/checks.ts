// The checks of the signed extensions, first for the pool, then for the block.
// `ensure…` only reads; `charge…` writes, and comes after every check.
import { DispatchClass, OK, RuntimeCall, Signed } from '../frame';
import { beginTransaction, blake2_256, rollbackTransaction } from '../io';
import { AccountId, extrinsicWeight, U128 } from '../primitives';
import { Bytes, encode, Writer } from '../scale';
import {
  AccountInfo,
  chargeBlock,
  ConsumedWeight,
  fitsAnyBlock,
  fitsLength,
  fitsWeight,
  System,
} from '../pallets/system';
import { canPayFee, chargeFee, priority, totalFee } from '../pallets/transaction-payment';
import { Extrinsic } from './extrinsic';
import { Invalid, Unknown, VALID, Validity, ValidTransaction } from './validity';

/** Sender, kind of call, size. On VALID the extrinsic has a signer. */
function ensureSound(extrinsic: Extrinsic): Validity {
  const who = extrinsic.signer;
  if (who === null) return Unknown.CannotLookup;
  const call = extrinsic.call;
  if (call.dispatchClass() == DispatchClass.Mandatory) return Invalid.MandatoryValidation;
  if (who.isZero()) return Invalid.BadSigner;
  // A call that could only fail would use space that is kept for those who may make it.
  if (!call.admits(new Signed(who))) return Invalid.BadSigner;
  const weight = extrinsicWeight(extrinsic.weight(), extrinsic.length);
  return fitsAnyBlock(call.dispatchClass(), weight, extrinsic.length) ? VALID : Invalid.ExhaustsResources;
}

/** Whether this extrinsic may wait in the pool for block `number`; on VALID, fills in `told`. */
export function validateSigned(extrinsic: Extrinsic, number: u32, told: ValidTransaction): Validity {
  const sound = ensureSound(extrinsic);
  if (sound != VALID) return sound;
  const who = extrinsic.signer!;
  const call = extrinsic.call;

  const account = System.account.get(who);
  const nonce = extrinsic.extra.checkNonce.value;
  if (!canPayAtAll(account)) return Invalid.Payment;
  if (nonce < account.nonce) return Invalid.Stale;
  const tip = extrinsic.extra.chargeTransactionPayment.value;
  const fee = totalFee(extrinsic.length, extrinsic.weight(), call.paysFee(), tip);
  if (!canPayFee(who, fee)) return Invalid.Payment;
  // The signature comes last: it takes the most time.
  const signed = extrinsic.checkSignature(number);
  if (signed != VALID) return signed;

  const era = extrinsic.extra.checkMortality.value;
  told.priority = priority(call.dispatchClass(), extrinsic.weight(), extrinsic.length, tip, fee);
  told.longevity = era.period == 0 ? u64.MAX_VALUE : era.death(<u64>number) - <u64>number;
  told.provides = [nonceTag(who, nonce)];
  if (nonce > account.nonce) told.requires = [nonceTag(who, nonce - 1)];
  return call.mustSucceed() ? validateOutcome(call, who, nonce == account.nonce, number, told) : VALID;
}

/**
 * For a call that must succeed: makes it on the current state if it is the sender's next (earlier ones may be what it needs).
 * Of equal calls, one would make the others fail: they provide one tag and have one priority, whatever their tips are, so that
 * the pool has the first of them, and a copy that its sender then makes invalid can't replace it.
 */
function validateOutcome(
  call: RuntimeCall,
  who: AccountId,
  isNext: bool,
  number: u32,
  told: ValidTransaction,
): Validity {
  const encoded = encode<RuntimeCall>(call);
  const none = U128.zero();
  told.priority = priority(call.dispatchClass(), call.weight(), <u32>encoded.length, none, none);
  if (!isNext) return VALID;
  told.provides.push(blake2_256(encoded));
  beginTransaction();
  System.number.set(number);
  const result = call.apply(new Signed(who));
  rollbackTransaction();
  return result == OK ? VALID : Invalid.Call;
}

/** Whether this extrinsic may be in block `number`. On VALID, nonce, weight, length and fee are charged. */
export function admitSigned(extrinsic: Extrinsic, number: u32): Validity {
  const sound = ensureSound(extrinsic);
  if (sound != VALID) return sound;
  const who = extrinsic.signer!;

  const account = System.account.get(who);
  const nonce = extrinsic.extra.checkNonce.value;
  if (!canPayAtAll(account)) return Invalid.Payment;
  if (nonce != account.nonce) return nonce < account.nonce ? Invalid.Stale : Invalid.Future;
  const consumed = System.blockWeight.get();
  const room = ensureRoom(consumed, extrinsic);
  if (room != VALID) return room;
  const fee = chargedFee(extrinsic);
  if (!canPayFee(who, fee)) return Invalid.Payment;
  const signed = extrinsic.checkSignature(number);
  if (signed != VALID) return signed;

  account.nonce++;
  System.account.set(who, account);
  chargeWeight(consumed, extrinsic);
  return chargeFee(who, fee) ? VALID : Invalid.Payment;
}

/** The fee charged before the call, for its declared weight and the signature. */
export function chargedFee(extrinsic: Extrinsic): U128 {
  const pays = extrinsic.call.paysFee();
  return totalFee(extrinsic.length, extrinsic.weight(), pays, extrinsic.extra.chargeTransactionPayment.value);
}

/** Whether the block has room for an extrinsic. */
export function ensureRoom(consumed: ConsumedWeight, extrinsic: Extrinsic): Validity {
  const dispatchClass = extrinsic.call.dispatchClass();
  const length = extrinsic.length;
  if (!fitsLength(System.extrinsicsLen.get(), dispatchClass, length)) return Invalid.ExhaustsResources;
  const fits = fitsWeight(consumed, dispatchClass, extrinsicWeight(extrinsic.weight(), length));
  return fits ? VALID : Invalid.ExhaustsResources;
}

/** Charges an extrinsic to the block. */
export function chargeWeight(consumed: ConsumedWeight, extrinsic: Extrinsic): void {
  const length = extrinsic.length;
  chargeBlock(consumed, extrinsic.call.dispatchClass(), extrinsicWeight(extrinsic.weight(), length), length);
}

/** Returns weight that a call of this class declared and did not use to the block. */
export function refundWeight(dispatchClass: DispatchClass, unused: u64): void {
  if (unused == 0) return;
  const consumed = System.blockWeight.get();
  const part = consumed.of(dispatchClass);
  if (part.refTime < unused) throw new Error('executive: more weight returns than was charged');
  part.refTime -= unused;
  System.blockWeight.set(consumed);
}

/** Whether the account exists: one without a provider has no balance. */
function canPayAtAll(account: AccountInfo): bool {
  return account.providers > 0 || account.sufficients > 0;
}

/** The pool tag of an account's extrinsic with this nonce: SCALE (AccountId, u32), as in Substrate. */
function nonceTag(who: AccountId, nonce: u32): Bytes {
  const writer = new Writer(36);
  writer.memory(who.address, 32);
  writer.u32(nonce);
  return writer.finish();
}
