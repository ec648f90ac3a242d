// Expectations of tests of pallets. `expect` is jest's global, so that benchmarks can load the harness without jest.
import type { Outcome, TestChain } from './chain.js';
import type { ErrorName, EventName } from './names.js';

/** The call succeeded. */
export function expectOk(outcome: Outcome): Outcome {
  expect(outcome.error).toBeUndefined();
  return outcome;
}

/** The call failed with exactly this error, and did not change the state. */
export function expectNoop(outcome: Outcome, error: ErrorName): void {
  expect(outcome.error).toBe(error);
  expect(outcome.after).toBe(outcome.before);
}

/** There is an event of this name whose fields include these, compared as `toJSON` returns them. */
export function expectEvent(from: Outcome | TestChain, name: EventName, fields: Record<string, unknown> = {}): void {
  const events = Array.isArray((from as Outcome).events) ? (from as Outcome).events : (from as TestChain).events();
  const candidates = events.filter((event) => event.name === name);
  expect(candidates.map((event) => event.fields)).toEqual(expect.arrayContaining([expect.objectContaining(fields)]));
}

/** The call succeeded and deposited exactly these events, with all their fields, compared as `toJSON` returns them. */
export function expectEvents(outcome: Outcome, ...events: [EventName, Record<string, unknown>][]): void {
  expect(outcome.error).toBeUndefined();
  expect(outcome.events.map(({ name, fields }) => [name, fields])).toEqual(events);
}
