// Balances: what the rest of the runtime may import.
export { BalancesCalls } from './calls';
export { BalancesHooks } from './hooks';
export { freeBalance, reducibleBalance } from './ledger';
export { Balances } from './state';
export { doDeposit, doReserve, doTransfer, doUnreserve, doWithdraw } from './transfers';
