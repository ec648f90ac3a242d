// Changes of one account's balances. All of them go through here, so the rules of existence are in one place
// (pallet_balances::try_mutate_account):
//
//   free ≥ existential deposit        one provider: the account exists
//   reserved or frozen above zero     one consumer: the account may not be removed
//   free below the deposit and nothing reserved  the account is removed, and its remaining balance is burnt (dust)
import { DispatchError, DispatchResult, OK } from '../../frame';
import { AccountId, U128 } from '../../primitives';
import { AccountData, AccountInfo, System, SystemEvent } from '../system';
import { Balances, BalancesEvent } from './state';

/** An account loaded to change its balances. Nothing is written before `close`. */
export class Ledger {
  private readonly existed: bool;
  private readonly provided: bool;
  private readonly consumed: bool;

  private constructor(
    /** The account. */
    public readonly who: AccountId,
    private readonly info: AccountInfo,
  ) {
    this.existed = info.providers > 0 || info.sufficients > 0;
    this.provided = info.providers > 0 && info.data.free.ge(Balances.existentialDeposit);
    this.consumed = consumes(info.data);
  }

  /** Loads the account `who`. */
  static open(who: AccountId): Ledger {
    return new Ledger(who, System.account.get(who));
  }

  /** The balances; assign to the fields. */
  get data(): AccountData {
    return this.info.data;
  }

  /** Whether the account has consumers, so that it may not be removed. */
  get isConsumed(): bool {
    return this.info.consumers > 0;
  }

  /** Whether the account has a provider, so that it may have consumers. */
  get exists(): bool {
    return this.info.providers > 0;
  }

  /** The part of the free balance that may leave; all of it only if the account may be removed. */
  reducible(keepAlive: bool): U128 {
    const mustLive = keepAlive || this.info.consumers > 0 || this.info.providers == 0;
    const untouchable = mustLive ? this.data.frozen.max(Balances.existentialDeposit) : this.data.frozen;
    return this.data.free.saturatingSub(untouchable);
  }

  /** Updates references and existence, and writes the account. Writes nothing if it returns an error. */
  close(): DispatchResult {
    const info = this.info;
    const data = info.data;
    const provides = data.free.ge(Balances.existentialDeposit);
    const nowConsumes = consumes(data);
    if (!this.provided && provides) info.providers++;
    if (this.consumed && !nowConsumes) info.consumers--;
    if (!this.consumed && nowConsumes) info.consumers++; // `doHold` has checked that the account exists
    if (this.provided && !provides) {
      if (info.providers == 1 && info.consumers > 0) return DispatchError.ConsumerRemaining;
      info.providers--;
    }
    let dust = U128.zero();
    if (!provides && data.reserved.isZero()) {
      dust = data.free;
      data.free = U128.zero();
    }
    const exists = info.providers > 0 || info.sufficients > 0;
    if (exists) System.account.set(this.who, info);
    else if (this.existed) System.account.remove(this.who);
    if (!this.existed && exists) {
      SystemEvent.NewAccount(this.who);
      BalancesEvent.Endowed(this.who, data.free);
    }
    if (this.existed && !exists) SystemEvent.KilledAccount(this.who);
    if (!dust.isZero()) {
      Balances.totalIssuance.set(Balances.totalIssuance.get().sub(dust));
      BalancesEvent.DustLost(this.who, dust);
    }
    return OK;
  }
}

function consumes(data: AccountData): bool {
  return !data.reserved.isZero() || !data.frozen.isZero();
}

/** The free balance of an account; part of it may be frozen. */
export function freeBalance(who: AccountId): U128 {
  return System.account.get(who).data.free;
}

/** The balance that can leave an account; with `keepAlive`, without removing it. */
export function reducibleBalance(who: AccountId, keepAlive: bool): U128 {
  return Ledger.open(who).reducible(keepAlive);
}
