// Calls of the runtime's APIs, for the generated contract.
import { decode, Failure, type Reader, ScaleError, Writer } from '../bytes/index.js';

/** Calls a function of the runtime on a state that the caller chose; `args` and the result are SCALE. */
export type CallRuntime = (method: string, args: Uint8Array) => Uint8Array;

/** The runtime returned something that this version of the contract does not know. */
export class UnexpectedAnswer extends Failure {
  constructor(
    readonly method: string,
    readonly reason: string,
  ) {
    super(`${method} of the runtime returned something else than this program knows: ${reason}`);
  }
}

/** Calls one function of a runtime API. Throws UnexpectedAnswer, and whatever `call` throws. */
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
