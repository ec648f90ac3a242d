// TransactionPayment: what the rest of the runtime may import.
export { InclusionFee, inclusionFee, lengthToFee, priority, totalFee, weightToFee } from './fees';
export { canPayFee, chargeFee, settleFee } from './payment';
export { TransactionPayment } from './state';
