// Authorizations: what the rest of the runtime may import.
export { AuthorizationsCalls } from './calls';
export { Authorizations } from './state';
