// The one family of errors that this program throws on purpose.

/**
 * Thrown where input can't be used at all, or this machine can't go on: the message is a sentence for the person who can
 * cure it, and is shown without a stack trace. One class for each cause. Anything else that is thrown is a bug.
 */
export class Failure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
