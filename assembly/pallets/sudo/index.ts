// Sudo, as other parts of the runtime see it.
export { Sudo, SudoError, SudoEvent } from './sudo';
