// What a genesis must satisfy.
import { Validators } from './state';

/** Why the validators are refused; empty if they are not. */
export function validatorsError(): string {
  const keys = Validators.keys.get();
  for (let second = 1; second < keys.length; second++) {
    for (let first = 0; first < second; first++) {
      if (!keys[first].equals(keys[second])) continue;
      const places = `${first.toString()} and ${second.toString()}`;
      return `validators.keys: ${keys[first].toString()} occurs twice, at positions ${places}`;
    }
  }
  return '';
}
