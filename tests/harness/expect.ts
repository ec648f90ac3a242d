// What tests of pallets say.
import { expect } from '@jest/globals';
import type { Outcome, TestChain } from './chain.js';
import type { ErrorName, EventName } from './names.js';

/** The call succeeded. */
export function expectOk(outcome: Outcome): Outcome {
  expect(outcome.error).toBeUndefined();
  return outcome;
}

/** The call failed with exactly this error, and left the state as it was. */
export function expectNoop(outcome: Outcome, error: ErrorName): void {
  expect(outcome.error).toBe(error);
  expect(outcome.after).toBe(outcome.before);
}

/** The events hold one of this name whose fields include these. Byte strings and accounts are compared as `toJSON` shows them. */
export function expectEvent(from: Outcome | TestChain, name: EventName, fields: Record<string, unknown> = {}): void {
  const events = Array.isArray((from as Outcome).events) ? (from as Outcome).events : (from as TestChain).events();
  const candidates = events.filter((event) => event.name === name);
  expect(candidates.map((event) => event.fields)).toEqual(expect.arrayContaining([expect.objectContaining(fields)]));
}
