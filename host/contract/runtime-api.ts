// Calls runtime APIs, for the generated contract.
import { decode, Failure, type Reader, ScaleError, Writer } from '../bytes/index.js';

/** Calls a function of the runtime on a chosen state; `args` and the result are SCALE. */
export type CallRuntime = (method: string, args: Uint8Array) => Uint8Array;

/** The runtime returned something that this version of the contract can't decode. */
export class UnexpectedAnswer extends Failure {
  constructor(
    readonly method: string,
    readonly reason: string,
  ) {
    super(`${method} of the runtime returned something unexpected: ${reason}`);
  }
}

/** Calls one function of a runtime API. Throws UnexpectedAnswer, and the errors of `call`. */
export function ask<T>(
  call: CallRuntime,
  method: string,
  writeArguments: (w: Writer) => unknown,
  read: (r: Reader) => T,
): T {
  const writer = new Writer();
  writeArguments(writer);
  const answer = call(method, writer.finish());
  try {
    return decode(read, answer);
  } catch (error) {
    if (error instanceof ScaleError) throw new UnexpectedAnswer(method, error.message);
    throw error;
  }
}
