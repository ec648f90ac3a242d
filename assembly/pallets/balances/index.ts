// Balances, as other parts of the runtime see it.
export { Balances, BalancesError, BalancesEvent } from './balances';
export { existentialDeposit } from './ledger';
