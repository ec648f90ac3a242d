// Sudo: what the rest of the runtime may import.
export { SudoCalls } from './calls';
export { Sudo } from './state';
