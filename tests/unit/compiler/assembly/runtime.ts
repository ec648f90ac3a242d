// The entry of the fixture runtime, for the compiler's tests.
import { DispatchResult, None, Root, RuntimeCall, Signed } from '../../../../assembly/frame';
import { Bytes, decode, Tuple2 } from '../../../../assembly/scale';
import { fixed } from '../../../../assembly/scale';
import { AccountId } from '../../../../assembly/primitives';
import { Demo } from './demo';
import './forms';
import './system';

/** Drives the fixture. */
@api("Drive", 1)
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

  static keyOf(id: u32): Tuple2<Bytes, u32> {
    return new Tuple2<Bytes, u32>(Demo.notes.keyOf(id), Demo.count.get());
  }
}
