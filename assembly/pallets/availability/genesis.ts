// What a genesis must satisfy. Spec: § Weight of prune and accumulate, 6.
import { validatorCount } from '../validators';
import { Availability } from './state';
import { bitfieldsMax, LEAST_ROUNDS, turnBlocks } from './turns';

/** Why the time-out does not suit the validators; empty if it does. */
export function timeOutError(): string {
  const timeOut = Availability.timeOut.get();
  const least: u32 = LEAST_ROUNDS * turnBlocks();
  if (timeOut >= least) return '';
  const counts = `of ${validatorCount().toString()} validators' bitfields ${bitfieldsMax().toString()} fit a block`;
  return `availability.timeOut: ${counts}, so the time-out must be at least ${least.toString()} blocks, not ${timeOut.toString()}`;
}
