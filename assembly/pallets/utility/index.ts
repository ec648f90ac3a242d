// Utility: what the rest of the runtime may import.
export { UtilityCalls } from './calls';
export { Utility } from './state';
