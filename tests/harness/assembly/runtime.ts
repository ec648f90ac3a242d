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
import { AccumulationHooks } from '../../../assembly/pallets/accumulation';
import { AvailabilityHooks } from '../../../assembly/pallets/availability';
import { doHold, doRelease, RuntimeHoldReason } from '../../../assembly/pallets/balances';
import { ReportingHooks } from '../../../assembly/pallets/reporting';
import { StorageHooks } from '../../../assembly/pallets/storage';
import { System } from '../../../assembly/pallets/system';
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

/** What a pallet's hooks do in a block. */
export enum TestHook {
  StorageOnInitialize,
  ReportingOnInitialize,
  AvailabilityOnInitialize,
  AccumulationOnInitialize,
  /** Weighing, then settling the reports of a block without bitfields. */
  AvailabilitySettle,
  /** Weighing, then accumulating. */
  AccumulationAccumulate,
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

  /** Runs hooks `times` times in the open block, each in a transaction that is rolled back. Returns the last weight. */
  static repeatHook(hook: TestHook, times: u32): u64 {
    let weight: u64 = 0;
    const mark = markMemory();
    for (let i: u32 = 0; i < times; i++) {
      beginTransaction();
      weight = runHook(hook, System.number.get());
      rollbackTransaction();
      resetMemory(mark);
    }
    return weight;
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

function runHook(hook: TestHook, number: u32): u64 {
  if (hook == TestHook.StorageOnInitialize) return StorageHooks.onInitialize(number);
  if (hook == TestHook.ReportingOnInitialize) return ReportingHooks.onInitialize(number);
  if (hook == TestHook.AvailabilityOnInitialize) return AvailabilityHooks.onInitialize(number);
  if (hook == TestHook.AccumulationOnInitialize) return AccumulationHooks.onInitialize(number);
  if (hook == TestHook.AvailabilitySettle) {
    const weight = AvailabilityHooks.afterInherents(number);
    AvailabilityHooks.onFinalize(number);
    return weight;
  }
  const weight = AccumulationHooks.afterInherents(number);
  AccumulationHooks.onFinalize(number);
  return weight;
}
