// The failures of executing a runtime.
//
// `InvalidRuntime`: the code is not a runtime that this host can run, which is known before any call. `RuntimeTrap`:
// the runtime gave up or broke a rule while it ran, which a bad block or extrinsic may cause. Anything else that is
// thrown is a fault of this host, and is not caught.
import { Failure } from '../bytes/index.js';

/** The code can't be run as a runtime. */
export class InvalidRuntime extends Failure {}

/** The runtime exports no function of this name, or one that does not have the type of an entry point. */
export class UnknownEntryPoint extends Failure {
  constructor(readonly method: string) {
    super(`the runtime has no entry point ${method}`);
  }
}

/** A call into the runtime did not return: it panicked, trapped, or misused a host function. */
export class RuntimeTrap extends Failure {
  /** `log`: the last lines that the runtime logged in this call, with its panic message. */
  constructor(
    readonly method: string,
    readonly reason: string,
    readonly log: readonly string[],
  ) {
    super(`${method} trapped: ${reason}${log.length > 0 ? `; its last log line: ${log.at(-1)}` : ''}`);
  }
}

/** The running code broke a rule of a host function: a bad pointer, an allocation too large. Ends the call. */
export class HostCallError extends Failure {}

/** The names of failures that the running code caused. */
const BY_RUNTIME: ReadonlySet<string> = new Set(['HostCallError', 'TrieTooDeep', 'UnknownChildRoot']);

/**
 * Why WebAssembly code trapped, or undefined if `error` is not a trap.
 *
 * Compares names, because `instanceof` fails for an error of another realm (of a test's sandbox).
 */
export function trapReason(error: unknown): string | undefined {
  if (!isError(error)) return undefined;
  if (error.name === 'RuntimeError') return error.message;
  if (error.name === 'RangeError' && error.message.includes('call stack')) return 'call stack exhausted';
  if (BY_RUNTIME.has(error.name)) return error.message;
  return undefined;
}

function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'name' in value && 'message' in value;
}
