// How host functions of guests are priced, in fuel (1 fuel is 500 ps of weight). Their prices are in guest-table.ts.
//
// `fixed` is charged for the call, `perByte` for each byte that the function moves out of or into the guest's memory.
// The weight of a call decides what a chain accepts, so the table belongs to version 1 of the functions: other prices
// need other versions. Prices are at or above the times measured on the reference machine (Node 20, one core): sr25519
// 0.23 to 0.29 ms of processor time (least with warm caches, mean with caches that other data filled; valid or not; 5 ns a
// byte of the message) and up to 0.65 ms by the clock while others use the machine. The tables of weights, which a new
// runtime replaces, take the first; the price, which can't change, is above the second. Ed25519 0.15 ms, or 1.35 ms if
// OpenSSL refuses the signature (ed25519.ts), ECDSA recovery 0.40 ms, BLAKE2b 1.3 µs and 2 ns a byte; a host call itself,
// with bounds checks, 0.5 µs.

/** In fuel. */
export interface Price {
  readonly fixed: bigint;
  readonly perByte: bigint;
}

/** A price of so much fuel. */
export const price = (fixed: number, perByte: number): Price => ({ fixed: BigInt(fixed), perByte: BigInt(perByte) });

/** For each item of a list in a trie function, besides its bytes: one or two nodes to encode and hash. */
export const TRIE_ITEM_FUEL = 12_000n;

/** For copying the arguments into a guest, and its result out of it. */
export const PASSING: Price = price(4_000, 1);
