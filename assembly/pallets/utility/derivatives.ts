// Accounts derived from another, and calls with a weight that root chooses.
import { DispatchClass, DispatchResult, Root, RuntimeCall, Signed, useWeight } from '../../frame';
import { blake2_256 } from '../../io';
import { AccountId, ascii, saturatingAdd } from '../../primitives';
import { fixed, Writer } from '../../scale';
import { UtilityWeights } from './weights';

/** The account number `index` of those derived from `who`: `blake2_256("modlpy/utilisuba" ++ who ++ index)`. */
function derivativeAccount(who: AccountId, index: u16): AccountId {
  const writer = new Writer(50);
  writer.raw(ascii('modlpy/utilisuba'));
  writer.raw(who.bytes);
  writer.u16(index);
  return fixed<AccountId>(blake2_256(writer.finish()));
}

/** Whether an extrinsic of this sender may have the call as its derived account's: see `mayBatch`. */
export function mayDerive(origin: Signed, index: u16, call: RuntimeCall): bool {
  if (call.dispatchClass() != DispatchClass.Operational) return true;
  return call.admits(new Signed(derivativeAccount(origin.account, index)));
}

/** Makes a call as a derived account. The sender pays the fee. */
export function doAsDerivative(origin: Signed, index: u16, call: RuntimeCall): DispatchResult {
  const inner = call.dispatchInner(new Signed(derivativeAccount(origin.account, index)));
  useWeight(saturatingAdd(inner.weight, UtilityWeights.asDerivative()));
  return inner.result;
}

/** Makes a call as root, whatever it uses of the weight that was declared. */
export function doWithWeight(call: RuntimeCall): DispatchResult {
  return call.dispatchInner(new Root()).result;
}
