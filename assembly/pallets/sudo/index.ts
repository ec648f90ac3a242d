// Sudo, as the rest of the runtime uses it.
export { SudoCalls } from './calls';
export { Sudo } from './state';
