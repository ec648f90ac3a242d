// Calls of System.
import { DispatchClass, DispatchResult, OK, Origin, Root, Signed } from '../../frame';
import { Bytes, Tuple2 } from '../../scale';
import { applyCode, doKillPrefix, doKillStorage, doRemark, doSetCode, doSetStorage } from './maintenance';
import { WRITE_PS } from './limits';
import { System } from './state';

/** Weight of a call that replaces the code: of reading its version, storing and hashing it. */
function setCodeWeight(code: Bytes): u64 {
  return 10_000_000_000 + 40_000 * <u64>code.length;
}

@calls(System)
export class SystemCalls {
  /** Put bytes on-chain without effect. */
  @call(0, (_remark: Bytes): u64 => 1_000_000 + 500 * _remark.length)
  static remark(_origin: Origin, _remark: Bytes): DispatchResult {
    return OK;
  }

  /** Replace the code by a later version of this runtime, from the next block on. */
  @call(2, (code: Bytes): u64 => setCodeWeight(code), DispatchClass.Operational)
  static setCode(_origin: Root, code: Bytes): DispatchResult {
    return doSetCode(code);
  }

  /** Replace the code without checks. Wrong code stops the chain. */
  @call(3, (code: Bytes): u64 => setCodeWeight(code), DispatchClass.Operational)
  static setCodeWithoutChecks(_origin: Root, code: Bytes): DispatchResult {
    return applyCode(code);
  }

  /** Write raw storage items. */
  @call(4, (items: Array<Tuple2<Bytes, Bytes>>): u64 => WRITE_PS * (1 + items.length), DispatchClass.Operational)
  static setStorage(_origin: Root, items: Array<Tuple2<Bytes, Bytes>>): DispatchResult {
    return doSetStorage(items);
  }

  /** Remove raw storage items. */
  @call(5, (keys: Array<Bytes>): u64 => WRITE_PS * (1 + keys.length), DispatchClass.Operational)
  static killStorage(_origin: Root, keys: Array<Bytes>): DispatchResult {
    return doKillStorage(keys);
  }

  /** Remove all storage items with a prefix; `subkeys` only sets the weight. */
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
