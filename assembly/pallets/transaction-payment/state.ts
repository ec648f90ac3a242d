// TransactionPayment: fees of signed extrinsics. fees.ts computes them, payment.ts charges them.
//
// Fees and tips are burnt: total issuance shows what was paid. The multiplier on weight is read from storage and stays where
// genesis or root put it; this chain does not adjust it to demand.
import { StorageValue } from '../../frame';
import { AccountId, U128 } from '../../primitives';

/** How many times its fee an operational call's priority counts. */
export const OPERATIONAL_FEE_MULTIPLIER: u8 = 5;

/** Events of TransactionPayment. */
export class TransactionPaymentEvent {
  /** A fee was paid, tip included; what was charged beyond it before the call has been returned. */
  static TransactionFeePaid(who: AccountId, actualFee: U128, tip: U128): void {}
}

/** A factor with 18 decimals. */
@scale('sp_arithmetic::fixed_point::FixedU128')
export class Multiplier {
  value: U128 = new U128(1_000_000_000_000_000_000, 0);
}

/** Fees of signed extrinsics. */
@pallet('TransactionPayment', 3, TransactionPaymentEvent)
export class TransactionPayment {
  /** Factor on the weight part of fees. */
  @storage() static nextFeeMultiplier: StorageValue<Multiplier>;

  /** How many times its fee an operational call's priority counts. */
  @constant() static readonly operationalFeeMultiplier: u8 = OPERATIONAL_FEE_MULTIPLIER;
}
