// One account's balances while they change. Every change of a balance goes through here, so that the rules of existence
// stand in one place (pallet_balances::try_mutate_account):
//
//   free ≥ existential deposit        one provider: the account exists
//   reserved or frozen above zero     one consumer: the account may not be removed
//   free below the deposit otherwise  the account is removed, and what was left of it is burnt (dust)
import { DispatchError, DispatchResult, OK } from '../../frame';
import { AccountId, U128 } from '../../primitives';
import { AccountData, AccountInfo, System, SystemEvent } from '../system';
import { Balances, BalancesEvent } from './state';

/** An account taken out of storage to change its balances; nothing is written before `close`. */
export class Ledger {
  private readonly existed: bool;
  private readonly provided: bool;
  private readonly consumed: bool;

  private constructor(
    /** Whose. */
    public readonly who: AccountId,
    private readonly info: AccountInfo,
  ) {
    this.existed = info.providers > 0 || info.sufficients > 0;
    this.provided = info.providers > 0 && info.data.free.ge(Balances.existentialDeposit);
    this.consumed = consumes(info.data);
  }

  /** Takes the account `who` out of storage. */
  static open(who: AccountId): Ledger {
    return new Ledger(who, System.account.get(who));
  }

  /** The balances: assign to its fields. */
  get data(): AccountData {
    return this.info.data;
  }

  /** Whether something holds on to the account, so that it may not be reaped. */
  get isConsumed(): bool {
    return this.info.consumers > 0;
  }

  /** What may leave the free balance; all of it only where the account may be reaped. */
  reducible(keepAlive: bool): U128 {
    const mustLive = keepAlive || this.info.consumers > 0 || this.info.providers == 0;
    const untouchable = mustLive ? this.data.frozen.max(Balances.existentialDeposit) : this.data.frozen;
    return this.data.free.saturatingSub(untouchable);
  }

  /** Settles references and existence, and writes the account. Nothing is written where this answers an error. */
  close(): DispatchResult {
    const info = this.info;
    const data = info.data;
    const provides = data.free.ge(Balances.existentialDeposit);
    const nowConsumes = consumes(data);
    if (!this.provided && provides) info.providers++;
    if (this.consumed && !nowConsumes) info.consumers--;
    if (!this.consumed && nowConsumes) {
      if (info.providers == 0) return DispatchError.NoProviders;
      info.consumers++;
    }
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

/** What can leave an account now; with `keepAlive` the account must survive that. */
export function reducibleBalance(who: AccountId, keepAlive: bool): U128 {
  return Ledger.open(who).reducible(keepAlive);
}
