// JSON for genesis documents.
export { JsonReader, JsonKind, MAX_DEPTH } from './reader';
export { readAccount, readAmount } from './values';
