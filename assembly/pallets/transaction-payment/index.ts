// TransactionPayment, as the rest of the runtime uses it.
export { InclusionFee, inclusionFee, lengthToFee, priority, totalFee, weightToFee } from './fees';
export { canPayFee, chargeFee, settleFee } from './payment';
export { TransactionPayment } from './state';
