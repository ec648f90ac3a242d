// Authorizations: what the rest of the runtime may import.
export { AuthorizationsCalls } from './calls';
export { isRegistered, noteAssigned, noteUnassigned } from './registration';
export { Authorizations } from './state';
