// Balances: what the rest of the runtime may import.
export { BalancesCalls } from './calls';
export { BalancesHooks } from './hooks';
export { RuntimeHoldReason } from './hold-reason';
export { doHold, doRelease, heldBalance } from './holds';
export { freeBalance, reducibleBalance } from './ledger';
export { Balances } from './state';
export { doDeposit, doTransfer, doWithdraw } from './transfers';
