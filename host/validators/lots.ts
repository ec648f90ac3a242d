// Choices by lot. Whatever rotates by a rule can be met by who submits packages at the right times; what no other party can
// foresee can't.

/** An integer in [0, `limit`) that no other party can foresee. */
export type Below = (limit: number) => number;

/** One of `items`; undefined if there is none. */
export function drawn<T>(items: readonly T[], below: Below): T | undefined {
  return items.length === 0 ? undefined : items[below(items.length)];
}

/** `items` in an order by lot. */
export function shuffled<T>(items: readonly T[], below: Below): T[] {
  const order = [...items];
  for (let end = order.length; end > 1; end--) {
    const at = below(end);
    [order[at], order[end - 1]] = [order[end - 1]!, order[at]!];
  }
  return order;
}
