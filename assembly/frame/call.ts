// Calls as values: what an extrinsic carries, what sudo takes, what an inherent becomes. The compiler derives one class a
// call from RuntimeCall, with the arguments as its fields, and makes the codec over all of them.
import { beginTransaction, commitTransaction, rollbackTransaction } from '../io';
import { Bytes, Writer } from '../scale';
import { DispatchError, DispatchResult, OK } from './dispatch';
import { Origin } from './origin';
import { DispatchClass } from './weights';

/** A decoded call, of which only this much is the same for all. */
export class RuntimeCall {
  constructor(
    /** Index of the pallet. */
    public pallet: u8,
    /** Index of the call in its pallet. */
    public index: u8,
    /** Its place among the inherents of a block, −1 when it is none. */
    public inherent: i32,
  ) {}

  /** What it may weigh, in picoseconds. */
  weight(): u64 {
    return 0;
  }

  /** Which part of a block it uses. */
  dispatchClass(): DispatchClass {
    return DispatchClass.Normal;
  }

  /** Whether its sender pays a fee. */
  paysFee(): bool {
    return true;
  }

  /** Runs it. An error leaves the state as it was. */
  dispatch(origin: Origin): DispatchResult {
    beginTransaction();
    const result = this.apply(origin);
    if (result == OK) commitTransaction();
    else rollbackTransaction();
    return result;
  }

  /** Writes the arguments. Made by the compiler. */
  $write(_writer: Writer): void {}

  /** Runs it, whatever becomes of the state. Made by the compiler; `dispatch` is what one calls. */
  apply(_origin: Origin): DispatchResult {
    return DispatchError.Corruption;
  }
}

/** An event as System keeps it: encoded, pallet index first. */
export class RuntimeEvent {
  constructor(
    /** Pallet index, event index, fields. */
    public encoded: Bytes,
  ) {}
}
