/**
 * TransactionPayment: fees of signed extrinsics. Reckoning is in `fees.ts`.
 *
 * Fees and tips are burnt: nobody is paid for filling blocks, and total issuance shows what was paid. The multiplier on
 * weight is read from storage and stays where genesis or root put it; this chain does not move it with demand.
 */
import { OK, StorageValue } from '../../frame';
import { AccountId, U128 } from '../../primitives';
import { Balances } from '../balances';
import { System } from '../system';
import { OPERATIONAL_FEE_MULTIPLIER } from './fees';

/** What TransactionPayment reports. */
export class TransactionPaymentEvent {
  /** A fee was paid, tip included; what was charged beyond it before the call has been given back. */
  static TransactionFeePaid(who: AccountId, actualFee: U128, tip: U128): void {}
}

/** A factor with 18 decimals. */
@scale('sp_arithmetic::fixed_point::FixedU128')
export class Multiplier {
  value: U128 = new U128(1_000_000_000_000_000_000, 0);
}

/** The parts of a fee. */
@scale('pallet_transaction_payment::types::InclusionFee')
export class InclusionFee {
  /** For being an extrinsic at all: signature, nonce. */
  baseFee: U128 = new U128();
  /** For its bytes. */
  lenFee: U128 = new U128();
  /** For the weight of its call, times the multiplier. */
  adjustedWeightFee: U128 = new U128();

  /** All parts together. */
  total(): U128 {
    return this.baseFee.saturatingAdd(this.lenFee).saturatingAdd(this.adjustedWeightFee);
  }
}

@pallet('TransactionPayment', 3, TransactionPaymentEvent)
export class TransactionPayment {
  /** The factor on the weight part of fees. */
  @storage() static nextFeeMultiplier: StorageValue<Multiplier>;

  /** How many times its fee an operational call's priority counts. */
  @constant() static readonly operationalFeeMultiplier: u8 = OPERATIONAL_FEE_MULTIPLIER;

  /** Whether `who` can pay `fee` and stay alive. */
  static canPay(who: AccountId, fee: U128): bool {
    return fee.isZero() || Balances.reducibleBalance(who, true).ge(fee);
  }

  /** Takes `fee` from `who`, who stays alive; false where there is not enough. */
  static charge(who: AccountId, fee: U128): bool {
    return Balances.withdraw(who, fee, true) == OK;
  }

  /** After the call: gives back what was charged beyond `actual`, if the account still is, and reports the fee. */
  static settle(who: AccountId, charged: U128, actual: U128, tip: U128): void {
    const refund = charged.saturatingSub(actual);
    // An account that its own call removed gets nothing back: a refund is no reason for it to live again.
    const refunded = !refund.isZero() && System.exists(who) && Balances.deposit(who, refund) == OK;
    TransactionPaymentEvent.TransactionFeePaid(who, refunded ? actual : charged, tip);
  }
}
