// Amounts in JSON.
import { U128 } from '../primitives';
import { JsonKind, JsonReader } from './reader';

/** Reads an amount: an integer from 0 to 2^128 − 1, quoted or not (most JSON writers lose digits above 2^53). */
export function readAmount(json: JsonReader): U128 {
  const digits = json.peek() == JsonKind.Text ? json.readText() : json.readDigits();
  if (json.failed) return U128.zero();
  const amount = U128.parse(digits);
  if (amount !== null) return amount;
  json.fail('expected an integer from 0 to 2^128 - 1, in digits');
  return U128.zero();
}
