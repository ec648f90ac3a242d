// Calls of System.
import { DispatchClass, DispatchResult, OK, Origin, Root, Signed } from '../../frame';
import { BoundedVec, Bytes, Tuple2 } from '../../scale';
import {
  applyCode,
  bytesOf,
  doKillPrefix,
  doKillStorage,
  doRemark,
  doSetCode,
  doSetStorage,
  RAW_ITEMS_MAX,
} from './maintenance';
import { System } from './state';
import { SystemWeights } from './weights';

/** Raw storage items in one call. */
@bound(RAW_ITEMS_MAX) class RawItems {}

@calls(System, SystemWeights)
export class SystemCalls {
  /** Put bytes on-chain without effect. */
  @call(0)
  static remark(_origin: Origin, _remark: Bytes): DispatchResult {
    return OK;
  }

  /** Replace the code by a later version of this runtime, from the next block on. */
  @call(2, DispatchClass.Operational)
  static setCode(_origin: Root, code: Bytes): DispatchResult {
    return doSetCode(code);
  }

  /** Replace the code without checks. Wrong code stops the chain. */
  @call(3, DispatchClass.Operational)
  static setCodeWithoutChecks(_origin: Root, code: Bytes): DispatchResult {
    return applyCode(code);
  }

  /** Write raw storage items, at most 1,024. */
  @call(
    4,
    (items: Array<Tuple2<Bytes, Bytes>>): u64 => SystemWeights.setStorage(<u32>items.length, bytesOf(items)),
    DispatchClass.Operational,
  )
  static setStorage(_origin: Root, items: BoundedVec<Tuple2<Bytes, Bytes>, RawItems>): DispatchResult {
    return doSetStorage(items);
  }

  /** Remove raw storage items, at most 1,024. */
  @call(5, DispatchClass.Operational)
  static killStorage(_origin: Root, keys: BoundedVec<Bytes, RawItems>): DispatchResult {
    return doKillStorage(keys);
  }

  /** Remove storage items with a prefix: those of this block, and at most `subkeys` others. */
  @call(6, DispatchClass.Operational)
  static killPrefix(_origin: Root, prefix: Bytes, subkeys: u32): DispatchResult {
    return doKillPrefix(prefix, subkeys);
  }

  /** Put bytes on-chain and deposit an event with their hash. */
  @call(7)
  static remarkWithEvent(origin: Signed, remark: Bytes): DispatchResult {
    return doRemark(origin.account, remark);
  }
}
