// The runtime with one more API, for unit tests of pallets.
import '../../../assembly/runtime';
import {
  DispatchResult,
  feeWaived,
  None,
  Origin,
  resetDispatchInfo,
  Root,
  RuntimeCall,
  Signed,
  weightUsed,
} from '../../../assembly/frame';
import { doReserve, doUnreserve } from '../../../assembly/pallets/balances';
import { AccountId, U128 } from '../../../assembly/primitives';
import { Bytes, decode } from '../../../assembly/scale';

/** Who makes a call. */
@variants()
export class TestOrigin {}

/** The chain itself. */
@variant(0)
export class TestOriginRoot extends TestOrigin {}

/** Nobody. */
@variant(1)
export class TestOriginNone extends TestOrigin {}

/** An account. */
@variant(2)
export class TestOriginSigned extends TestOrigin {
  account: AccountId = new AccountId();
}

/** What came of a call. */
@scale()
export class TestOutcome {
  result: DispatchResult = 0;
  /** Picoseconds: as declared, or the less that the call said. */
  weight: u64 = 0;
  paysFee: bool = true;
}

@api('TestApi', 1)
export class TestApi {
  /** Makes a call from any origin, without fee, nonce or signature; null where the bytes are no call. */
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

  /** `doReserve` of Balances, which no call leads to directly. */
  static reserve(who: AccountId, amount: U128): DispatchResult {
    return doReserve(who, amount);
  }

  /** `doUnreserve` of Balances: what could not be given back. */
  static unreserve(who: AccountId, amount: U128): U128 {
    return doUnreserve(who, amount);
  }
}

function originOf(origin: TestOrigin): Origin {
  if (origin instanceof TestOriginRoot) return new Root();
  if (origin instanceof TestOriginSigned) return new Signed((origin as TestOriginSigned).account);
  return new None();
}
