// Genesis of Balances.
import { OK } from '../../frame';
import { AccountId, U128 } from '../../primitives';
import { System } from '../system';
import { Balances } from './state';
import { doDeposit } from './transfers';

@hooks(Balances)
export class BalancesHooks {
  /** Endows an account. */
  @genesisEach('balances') static endow(who: AccountId, amount: U128): string {
    if (System.account.has(who)) return 'this account occurs twice';
    const least = Balances.existentialDeposit;
    if (amount.lt(least)) return `less than the existential deposit of ${least.toString()}`;
    if (Balances.totalIssuance.get().checkedAdd(amount) === null) return 'all balances together exceed 2^128 - 1';
    if (doDeposit(who, amount) != OK) throw new Error('balances: a checked deposit was refused');
    return '';
  }
}
