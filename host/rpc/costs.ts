// What the methods of a registry take, by experience: for the order of turns.
import type { Registry } from './registry.js';

/** The weight of the last time against all before. */
const LEARNING = 0.1;
/** A time that is longer than this many averages and a millisecond counts as that: a garbage collection is no method's. */
const OUTLIER_FACTOR = 4;
/** Before a method was called. Names that are no method's are answered at once. */
const UNKNOWN_MS = 1;
const REFUSED_MS = 0.05;

/** A moving average of milliseconds for each method. */
class Costs {
  readonly #averages: Map<string, number>;

  /** Use `costsOf`. */
  constructor({ methods, subscriptions }: Registry) {
    this.#averages = new Map([...methods.keys(), ...subscriptions.keys()].map((name) => [name, UNKNOWN_MS]));
  }

  expectedMs(method: string): number {
    return this.#averages.get(method) ?? REFUSED_MS;
  }

  learn(method: string, ms: number): void {
    const average = this.#averages.get(method);
    if (average === undefined) return;
    const counted = Math.min(ms, OUTLIER_FACTOR * average + 1);
    this.#averages.set(method, average + LEARNING * (counted - average));
  }
}

const known = new WeakMap<Registry, Costs>();

/** The costs of a registry, which all its connections share. */
export function costsOf(registry: Registry): Costs {
  let costs = known.get(registry);
  if (costs === undefined) known.set(registry, (costs = new Costs(registry)));
  return costs;
}
