// Types of the names of events and dispatch errors, from the contract: a wrong name does not compile.
import type { ERRORS, EVENTS } from '../../host/contract/index.js';

type Names<T extends Record<string, readonly string[]>> = {
  [Pallet in keyof T & string]: `${Pallet}.${T[Pallet][number]}`;
}[keyof T & string];

/** For example `Balances.Transfer`. */
export type EventName = Names<typeof EVENTS>;

/** For example `Storage.TooEarly`; and the errors that belong to no pallet. */
export type ErrorName =
  | Names<typeof ERRORS>
  | 'BadOrigin'
  | 'CannotLookup'
  | 'ConsumerRemaining'
  | `Token.${string}`
  | `Arithmetic.${string}`;

/** An error of the Reporting pallet, without the pallet's name. */
export type ReportingError = (typeof ERRORS.Reporting)[number];
