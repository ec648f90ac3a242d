// The value or the error of a Result, for tests that expect one of them.
import type { Result } from '../../host/bytes/index.js';

/** The value. Throws an Error with the result's error where there is none. */
export function valueOf<T>(result: Result<T, string | { readonly message: string }>): T {
  if (result.ok) return result.value;
  throw new Error(typeof result.error === 'string' ? result.error : result.error.message);
}

/** The error. Throws where the result has a value instead. */
export function errorOf<E>(result: Result<unknown, E>): E {
  if (!result.ok) return result.error;
  throw new Error('expected an error, and the result is a value');
}
