/**
 * Sudo: one account that may act as the chain itself. For development and for chains whose owner is one person.
 */
import {
  DispatchError,
  DispatchResult,
  OK,
  OptionValue,
  Origin,
  Root,
  RuntimeCall,
  Signed,
  useWeight,
  waiveFee,
  weightUsed,
} from '../../frame';
import { JsonReader, readAccount } from '../../json';
import { AccountId, MICROSECOND_PS, MultiAddress } from '../../primitives';

/** What Sudo refuses. */
export enum SudoError {
  /** The sender does not hold the key. */
  RequireSudo,
}

/** What Sudo reports. */
export class SudoEvent {
  /** A call was made as the chain itself. */
  static Sudid(sudoResult: DispatchResult): void {}
  /** Another account holds the key, or nobody. */
  static KeyChanged(old: AccountId | null, new_: AccountId | null): void {}
  /** A call was made as another account. */
  static SudoAsDone(sudoResult: DispatchResult): void {}
}

/** What sudo itself weighs beside the call it makes. */
const OVERHEAD_PS: u64 = 60 * MICROSECOND_PS;

@pallet('Sudo', 4, SudoError, SudoEvent)
export class Sudo {
  /** The account that holds the key. */
  @storage() static key: OptionValue<AccountId>;

  /** Makes a call as the chain itself. Free of charge for the holder of the key. */
  @call(0, (call: RuntimeCall): u64 => call.weight() + OVERHEAD_PS)
  static sudo(origin: Signed, call: RuntimeCall): DispatchResult {
    if (!holdsKey(origin.account)) return SudoError.RequireSudo;
    SudoEvent.Sudid(dispatchInner(call, new Root()));
    return OK;
  }

  /** Gives the key to another account. */
  @call(2, OVERHEAD_PS)
  static setKey(origin: Signed, new_: MultiAddress): DispatchResult {
    if (!holdsKey(origin.account)) return SudoError.RequireSudo;
    const account = new_.account();
    if (account === null) return DispatchError.CannotLookup;
    SudoEvent.KeyChanged(Sudo.key.get(), account);
    Sudo.key.set(account);
    waiveFee();
    return OK;
  }

  /** Makes a call as another account. Free of charge for the holder of the key. */
  @call(3, (who: MultiAddress, call: RuntimeCall): u64 => call.weight() + OVERHEAD_PS)
  static sudoAs(origin: Signed, who: MultiAddress, call: RuntimeCall): DispatchResult {
    if (!holdsKey(origin.account)) return SudoError.RequireSudo;
    const account = who.account();
    if (account === null) return DispatchError.CannotLookup;
    SudoEvent.SudoAsDone(dispatchInner(call, new Signed(account)));
    return OK;
  }

  /** Throws the key away: nobody is the chain any more. */
  @call(4, OVERHEAD_PS)
  static removeKey(origin: Signed): DispatchResult {
    if (!holdsKey(origin.account)) return SudoError.RequireSudo;
    SudoEvent.KeyChanged(Sudo.key.get(), null);
    Sudo.key.remove();
    waiveFee();
    return OK;
  }

  /** Reads `{ "key": "0x…" }`. */
  static genesis(json: JsonReader): void {
    if (!json.enterObject()) return;
    for (let key = json.nextKey(); key !== null; key = json.nextKey()) {
      if (key != 'key') return json.fail('unknown; expected "key"');
      const account = readAccount(json);
      if (!json.failed) Sudo.key.set(account);
    }
  }
}

/** Makes the call, free of charge; what it says of its weight becomes what sudo says of its own. */
function dispatchInner(call: RuntimeCall, origin: Origin): DispatchResult {
  const result = call.dispatch(origin);
  useWeight(weightUsed(call.weight()) + OVERHEAD_PS);
  waiveFee();
  return result;
}

function holdsKey(who: AccountId): bool {
  const key = Sudo.key.get();
  return key !== null && key.equals(who);
}
