// Calls of System.
import { DispatchClass, DispatchResult, OK, Origin, Root, Signed } from '../../frame';
import { Bytes, Tuple2 } from '../../scale';
import { applyCode, doKillPrefix, doKillStorage, doRemark, doSetCode, doSetStorage } from './maintenance';
import { WRITE_PS } from './limits';
import { System } from './state';

/** Half a block, for calls that replace the code, so that the rest of the block still has room. */
const SET_CODE_PS: u64 = 1_000_000_000_000;

@calls(System)
export class SystemCalls {
  /** Put bytes on-chain that change nothing. */
  @call(0, (_remark: Bytes): u64 => 1_000_000 + 500 * _remark.length)
  static remark(_origin: Origin, _remark: Bytes): DispatchResult {
    return OK;
  }

  /** Replace the runtime's code by a later version of itself, from the next block on. */
  @call(2, SET_CODE_PS, DispatchClass.Operational)
  static setCode(_origin: Root, code: Bytes): DispatchResult {
    return doSetCode(code);
  }

  /** Replace the runtime's code without any check. A mistake here ends the chain. */
  @call(3, SET_CODE_PS, DispatchClass.Operational)
  static setCodeWithoutChecks(_origin: Root, code: Bytes): DispatchResult {
    return applyCode(code);
  }

  /** Write items of storage. */
  @call(4, (items: Array<Tuple2<Bytes, Bytes>>): u64 => WRITE_PS * (1 + items.length), DispatchClass.Operational)
  static setStorage(_origin: Root, items: Array<Tuple2<Bytes, Bytes>>): DispatchResult {
    return doSetStorage(items);
  }

  /** Remove items of storage. */
  @call(5, (keys: Array<Bytes>): u64 => WRITE_PS * (1 + keys.length), DispatchClass.Operational)
  static killStorage(_origin: Root, keys: Array<Bytes>): DispatchResult {
    return doKillStorage(keys);
  }

  /** Remove all items of storage under a prefix; `subkeys` is their greatest number, for the weight only. */
  @call(6, (prefix: Bytes, _subkeys: u32): u64 => WRITE_PS * (1 + <u64>_subkeys), DispatchClass.Operational)
  static killPrefix(_origin: Root, prefix: Bytes, _subkeys: u32): DispatchResult {
    return doKillPrefix(prefix);
  }

  /** Put bytes on-chain and deposit an event with their hash. */
  @call(7, (remark: Bytes): u64 => 15_000_000 + 2_500 * remark.length)
  static remarkWithEvent(origin: Signed, remark: Bytes): DispatchResult {
    return doRemark(origin.account, remark);
  }
}
