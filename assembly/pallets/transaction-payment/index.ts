// TransactionPayment, as other parts of the runtime see it.
export * from './transaction-payment';
export * from './fees';
