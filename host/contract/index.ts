// The runtime's contract with the host: its types, codecs, limits, names of errors and events, and callers of its API. Nearly all
// of it is generated from assembly/ (generated.ts).
export * from './generated.js';
export { decode, encode } from '../bytes/index.js';
export { type CallRuntime, UnexpectedAnswer } from './runtime-api.js';
