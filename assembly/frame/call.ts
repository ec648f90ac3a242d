// Calls as values, as extrinsics, Sudo and inherents have them. For each call the compiler derives a class from
// RuntimeCall, with the arguments as fields, and generates the codec of all calls.
import { beginTransaction, commitTransaction, rollbackTransaction } from '../io';
import { Bytes, Writer } from '../scale';
import { DispatchError, DispatchResult, OK } from './dispatch';
import { Origin } from './origin';
import { DispatchClass, resetDispatchInfo, weightUsed } from './weights';

/** How a call ended that another call's body made. */
class InnerDispatch {
  constructor(
    public readonly result: DispatchResult,
    /** The weight that it used, in picoseconds. */
    public readonly weight: u64,
  ) {}
}

/** A decoded call: the members that all calls have. */
export class RuntimeCall {
  constructor(
    /** Index of the pallet. */
    public pallet: u8,
    /** Index of the call in its pallet. */
    public index: u8,
    /** Position among the inherents of a block; −1 if not an inherent. */
    public inherent: i32,
  ) {}

  /** Declared weight in picoseconds: of the arguments, and of nothing that the call itself could change. */
  weight(): u64 {
    return 0;
  }

  /** Dispatch class. */
  dispatchClass(): DispatchClass {
    return DispatchClass.Normal;
  }

  /** Whether the sender pays a fee. */
  paysFee(): bool {
    return true;
  }

  /** Whether an extrinsic of this origin may carry the call; if not, it could only fail. */
  admits(_origin: Origin): bool {
    return false;
  }

  /** Whether an extrinsic with the call is invalid if the call fails. */
  mustSucceed(): bool {
    return false;
  }

  /** Runs the call. On an error its writes are rolled back. */
  dispatch(origin: Origin): DispatchResult {
    beginTransaction();
    const result = this.apply(origin);
    if (result == OK) commitTransaction();
    else rollbackTransaction();
    return result;
  }

  /**
   * Runs the call in the body of another, whose own weight and fee are not touched: what this call used and waived is not
   * the outer call's.
   */
  dispatchInner(origin: Origin): InnerDispatch {
    const declared = this.weight();
    resetDispatchInfo();
    const result = this.dispatch(origin);
    const inner = new InnerDispatch(result, weightUsed(declared));
    resetDispatchInfo();
    return inner;
  }

  /** Writes the arguments. Generated. */
  $write(_writer: Writer): void {}

  /** Runs the call without a transaction. Generated; use `dispatch`. */
  apply(_origin: Origin): DispatchResult {
    return DispatchError.Corruption;
  }
}

/** An event as System stores it: encoded, pallet index first. */
export class RuntimeEvent {
  constructor(
    /** Pallet index, event index, fields. */
    public encoded: Bytes,
  ) {}
}
