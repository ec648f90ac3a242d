// TransactionPayment: fees of signed extrinsics. fees.ts computes them, payment.ts charges them.
//
// Fees and tips are burnt. The multiplier on weight is 1 unless root sets another; it is not adjusted to demand.
import { StorageValue } from '../../frame';
import { AccountId, U128 } from '../../primitives';

/** Factor of the fee in the priority of operational calls. */
export const OPERATIONAL_FEE_MULTIPLIER: u8 = 5;

/** Events of TransactionPayment. */
export class TransactionPaymentEvent {
  /** A fee was paid; `actualFee` includes the tip. */
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

  /** Factor of the fee in the priority of operational calls. */
  @constant() static readonly operationalFeeMultiplier: u8 = OPERATIONAL_FEE_MULTIPLIER;
}
