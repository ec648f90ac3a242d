// Columns of numbers that grow.

/** `to`, which is wider, with what `from` has. */
export function widened<T extends { set(from: T): void }>(to: T, from: T): T {
  to.set(from);
  return to;
}
