// Names of events and dispatch errors as the tests write them, from the contract: a wrong one does not compile.
import type { ERRORS, EVENTS } from '../../host/contract/index.js';

type Names<T extends Record<string, readonly string[]>> = {
  [Pallet in keyof T & string]: `${Pallet}.${T[Pallet][number]}`;
}[keyof T & string];

/** `Balances.Transfer` and its like. */
export type EventName = Names<typeof EVENTS>;

/** `Balances.InsufficientBalance` and its like, and the errors that belong to no pallet. */
export type ErrorName =
  Names<typeof ERRORS> | 'BadOrigin' | 'CannotLookup' | `Token.${string}` | `Arithmetic.${string}`;

/** An error of the Reporting pallet, without the pallet's name. */
export type ReportingError = (typeof ERRORS.Reporting)[number];
