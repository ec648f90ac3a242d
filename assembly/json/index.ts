// JSON for genesis documents.
export { JsonReader } from './reader';
export { readAmount } from './values';
