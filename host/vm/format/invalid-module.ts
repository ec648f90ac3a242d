// Why a module was refused: the one error that bad input can cause.
import { Failure } from '../../bytes/index.js';

/**
 * The module breaks a rule. `reason` is a sentence without the offset; `offset` is the byte of the module at which the
 * rule was broken (0 where the module as a whole breaks it). Both depend on the bytes and the limits alone.
 */
export class InvalidModule extends Failure {
  constructor(
    readonly reason: string,
    readonly offset: number,
  ) {
    super(`${reason} (at byte ${offset})`);
  }
}
