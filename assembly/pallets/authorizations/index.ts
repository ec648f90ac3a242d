// Authorizations, as the rest of the runtime uses it.
export { AuthorizationsCalls } from './calls';
export { Authorizations } from './state';
