// The base class of errors whose message is for a person. Failures that a caller decides on are values: result.ts. A
// caller's mistake is a RangeError or TypeError.

/**
 * Thrown when input can't be used at all, or when this machine can't continue. The message is a sentence for the person
 * who can cure the cause, and is shown without a stack trace. One class for each cause. Anything else that is thrown is
 * a bug.
 */
export class Failure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
