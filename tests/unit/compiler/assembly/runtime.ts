// The entry of the fixture runtime, for the compiler's tests.
import { DispatchResult, feeWaived, None, Root, RuntimeCall, Signed, weightUsed } from '../../../../assembly/frame';
import { Bytes, decode, encode, Tuple2, Tuple3 } from '../../../../assembly/scale';
import { fixed } from '../../../../assembly/scale';
import { AccountId } from '../../../../assembly/primitives';
import { Demo } from './demo';
import './extrinsic';
import './forms';
import './items';
import './memory';
import { EventRecord, System } from './system';

/** Drives the fixture. */
@api('Drive', 1)
export class Drive {
  /** Dispatches an encoded call: origin 0 root, 1 none, 2 signed by zeroes. */
  static dispatch(origin: u8, call: Bytes): DispatchResult {
    const decoded = decode<RuntimeCall>(call);
    if (decoded === null) return 0x01000000;
    if (origin == 0) return decoded.dispatch(new Root());
    if (origin == 1) return decoded.dispatch(new None());
    return decoded.dispatch(new Signed(fixed<AccountId>(new StaticArray<u8>(32))));
  }

  /** Weight of a call. */
  static weight(call: RuntimeCall): u64 {
    return call.weight();
  }

  /** Decodes the stored events and encodes them again. */
  static events(): Bytes {
    return encode<Array<EventRecord>>(System.events.get());
  }

  /** Depth of calls in calls. */
  static decodes(call: Bytes): bool {
    return decode<RuntimeCall>(call) !== null;
  }

  static recode(call: RuntimeCall): RuntimeCall {
    return call;
  }

  static facts(call: RuntimeCall): Tuple3<u8, bool, i32> {
    return new Tuple3<u8, bool, i32>(<u8>call.dispatchClass(), call.paysFee(), call.inherent);
  }

  /** Waives the fee and uses less weight. */
  static spent(): Tuple2<bool, u64> {
    return new Tuple2<bool, u64>(feeWaived(), weightUsed(1000));
  }

  static keyOf(id: u32): Tuple2<Bytes, u32> {
    return new Tuple2<Bytes, u32>(Demo.notes.keyOf(id), Demo.count.get());
  }
}
