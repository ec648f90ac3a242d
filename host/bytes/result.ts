// What may fail for reasons outside this program answers a Result: a bad package, transaction or block, too few shards.
// Whoever calls must look at `ok` before there is a value. What is thrown instead, and why, is failure.ts.

/** A value, or why there is none. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}
