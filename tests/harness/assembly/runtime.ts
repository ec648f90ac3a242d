// The runtime for tests of pallets: the chain's runtime and TestApi, which the chain's own blob lacks.
import '../../../assembly/runtime';
import {
  DispatchError,
  DispatchResult,
  feeWaived,
  None,
  OK,
  Origin,
  resetDispatchInfo,
  Root,
  RuntimeCall,
  Signed,
  weightUsed,
} from '../../../assembly/frame';
import { doHold, doRelease, RuntimeHoldReason } from '../../../assembly/pallets/balances';
import { AccountId, U128 } from '../../../assembly/primitives';
import { beginTransaction, rollbackTransaction } from '../../../assembly/io';
import { markMemory, resetMemory } from '../../../assembly/rt';
import { Bytes, decode } from '../../../assembly/scale';

/** The origin of a call. */
@variants()
export class TestOrigin {}

@variant(0)
export class TestOriginRoot extends TestOrigin {}

@variant(1)
export class TestOriginNone extends TestOrigin {}

@variant(2)
export class TestOriginSigned extends TestOrigin {
  account: AccountId = new AccountId();
}

/** The result of a call. */
@scale()
export class TestOutcome {
  result: DispatchResult = 0;
  /** In picoseconds: the weight used, at most the declared weight. */
  weight: u64 = 0;
  paysFee: bool = true;
}

@api('TestApi', 1)
export class TestApi {
  /** Dispatches a call from any origin, without fee, nonce or signature; null if the bytes are no call. */
  static dispatch(origin: TestOrigin, call: Bytes): TestOutcome | null {
    const decoded = decode<RuntimeCall>(call);
    if (decoded === null) return null;
    resetDispatchInfo();
    const outcome = new TestOutcome();
    outcome.result = decoded.dispatch(originOf(origin));
    outcome.weight = weightUsed(decoded.weight());
    outcome.paysFee = decoded.paysFee() && !feeWaived();
    return outcome;
  }

  /** Decodes and applies a call `times` times, each in a transaction that is rolled back. Returns the last result. */
  static repeat(origin: TestOrigin, call: Bytes, times: u32): DispatchResult {
    let result: DispatchResult = OK;
    const mark = markMemory();
    for (let i: u32 = 0; i < times; i++) {
      beginTransaction();
      resetDispatchInfo();
      const decoded = decode<RuntimeCall>(call);
      result = decoded === null ? DispatchError.Corruption : decoded.apply(originOf(origin));
      rollbackTransaction();
      resetMemory(mark);
    }
    return result;
  }

  /** `doHold` of Balances, which no call reaches directly. */
  static hold(who: AccountId, reason: RuntimeHoldReason, amount: U128): DispatchResult {
    return doHold(who, reason, amount);
  }

  /** `doRelease` of Balances. */
  static release(who: AccountId, reason: RuntimeHoldReason, amount: U128): void {
    doRelease(who, reason, amount);
  }
}

function originOf(origin: TestOrigin): Origin {
  if (origin instanceof TestOriginRoot) return new Root();
  if (origin instanceof TestOriginSigned) return new Signed((origin as TestOriginSigned).account);
  return new None();
}
