// Links a guest: which functions of the table its running entry point gets, and what calls of the others end with.
//
// Spec: docs/decisions/0001-specification.md § Entry points and host functions: every known import links; a call outside
// of the running entry point's column traps the guest (D17: Panic).
import type { HostFunction } from '../vm/index.js';
import { ENTRY_POINTS, GUEST_FUNCTIONS, guestRow, type EntryPoint, type GuestFunction } from './guest-table.js';

/** The guest function `name` with its type and its price, implemented by `call`. */
export function guestFunction(name: string, call: HostFunction['call']): HostFunction {
  const { params, results, price } = guestRow(name);
  return { params, results, price, call };
}

/** A function that traps the guest that calls it. */
export function trapping(name: string, reason: string): HostFunction {
  return guestFunction(name, (guest) => guest.trap(reason));
}

/** Why a call of a function ends that nothing serves. */
export function notYet(name: string): string {
  return `${name} is not implemented on this chain yet`;
}

/** Every known function, as one that traps. */
const TRAPS: Readonly<Record<string, HostFunction>> = Object.fromEntries(
  Object.entries(GUEST_FUNCTIONS).map(([name, { server }]) => [
    name,
    trapping(name, server === 'later' ? notYet(name) : `this entry point may not call ${name}`),
  ]),
);

const OUTSIDE: Readonly<Record<string, HostFunction>> = Object.fromEntries(
  Object.keys(GUEST_FUNCTIONS).map((name) => [name, trapping(name, `this entry point may not call ${name}`)]),
);

const isEntryPoint = (entry: string): entry is EntryPoint => (ENTRY_POINTS as readonly string[]).includes(entry);

/** Whether `entry` may call the function. Other exports than the entry points have no column: only tests run them. */
function isInColumn({ entries }: GuestFunction, entry: string): boolean {
  return !isEntryPoint(entry) || entries.includes(entry);
}

/** The imports of a guest whose `entry` runs: of `served`, those in its column; every other known function traps. */
export function linked(
  entry: string,
  served: Readonly<Record<string, HostFunction>>,
): Readonly<Record<string, HostFunction>> {
  const imports: Record<string, HostFunction> = { ...TRAPS };
  for (const [name, each] of Object.entries(GUEST_FUNCTIONS)) {
    if (!isInColumn(each, entry)) imports[name] = OUTSIDE[name]!;
    else if (served[name] !== undefined) imports[name] = served[name];
  }
  return imports;
}
