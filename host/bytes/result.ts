// The form of an expected failure: a function that may fail for reasons outside this program (a bad package,
// transaction or block, too few shards) returns a Result, and the caller must check `ok` to reach the value. For what
// is thrown instead, see failure.ts.

/** A value, or the reason why there is none. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}
