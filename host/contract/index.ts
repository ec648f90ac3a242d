// The runtime's contract with the host: its types, codecs, limits, names of errors and events, and functions that call
// its API. generated.ts, which has nearly all of it, is generated from assembly/.
export * from './generated.js';
export { decode, encode } from '../bytes/index.js';
export { type CallRuntime, UnexpectedAnswer } from './runtime-api.js';
