// What wallets know of the chain's token and addresses. The metadata hash covers it (RFC-78), so it must be what chain
// specs have.

/** SS58 prefix of addresses. */
export const SS58_PREFIX: u16 = 42;

/** Decimals of the token: one UNIT is 10^12 planck. */
export const TOKEN_DECIMALS: u8 = 12;

/** Symbol of the token. */
export const TOKEN_SYMBOL: string = 'UNIT';
