/**
 * How executing a runtime fails.
 *
 * Three things are kept apart. The code is no runtime this host can run: `InvalidRuntime`, known before any call. The
 * runtime gave up or broke a rule while it ran: `RuntimeTrap`, an expected answer to a bad block or extrinsic. Anything
 * else that is thrown is a fault of this host and passes through untouched.
 */
import { Failure } from '../bytes/index.js';

/** The code can't be run at all; the message says why in a sentence. */
export class InvalidRuntime extends Failure {}

/** The runtime has no entry point of this name (or none with the type of an entry point). */
export class UnknownEntryPoint extends Failure {
  constructor(readonly method: string) {
    super(`the runtime has no entry point ${method}`);
  }
}

/** A call into the runtime did not return: it panicked, trapped, or misused a host function. */
export class RuntimeTrap extends Failure {
  /** `reason` is what stopped it; `log` holds the last lines the runtime logged in this call, its panic message among them. */
  constructor(
    readonly method: string,
    readonly reason: string,
    readonly log: readonly string[],
  ) {
    super(`${method} trapped: ${reason}${log.length > 0 ? `; the runtime's last words: ${log[log.length - 1]}` : ''}`);
  }
}

/** The code that is running broke a rule of a host function: a bad pointer, an allocation too large. Stops the call. */
export class HostCallError extends Failure {}

/**
 * What stopped WebAssembly code, if that is what `error` says, else undefined.
 *
 * By name, not `instanceof`: an error raised inside another realm (a test's sandbox) has that realm's classes.
 */
export function trapReason(error: unknown): string | undefined {
  if (!isError(error)) return undefined;
  if (error.name === 'RuntimeError') return error.message;
  if (error.name === 'RangeError' && error.message.includes('call stack')) return 'call stack exhausted';
  if (error.name === 'HostCallError' || error.name === 'TrieTooDeep') return error.message;
  return undefined;
}

function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'name' in value && 'message' in value;
}
