// Why a module is refused: the only error that bad input causes.
import { Failure } from '../../bytes/index.js';

/**
 * The module breaks a rule. `reason` is a sentence without the offset; `offset` is the byte of the module that breaks
 * the rule, or 0 if the module as a whole does. Both depend on the bytes and the limits only.
 */
export class InvalidModule extends Failure {
  constructor(
    readonly reason: string,
    readonly offset: number,
  ) {
    super(`${reason} (at byte ${offset})`);
  }
}
