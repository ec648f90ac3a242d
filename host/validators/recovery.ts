// Recovers a package from the shards of enough validators, for a node that must check a report but does not have the package.
//
// Spec: RFC-0031 § Availability, D20. Each shard is checked on arrival, the package by its hash.
import { equal, err, ok, type Result } from '../bytes/index.js';
import type { WorkPackageSpec } from '../contract/index.js';
import { recover, recoveryThreshold, verify } from '../erasure/index.js';
import { packageHash } from '../incore/index.js';
import type { ShardParcel } from './shard-store.js';

/** A package recovered from shards. */
export interface Recovered {
  /** SCALE(EncodedWorkPackage). */
  package: Uint8Array;
  /** The validators whose shards were used. */
  used: number[];
}

/**
 * Requests shards from the validators in order, through `ask`, until enough of the n are valid. The error is a
 * sentence: too few valid shards, or shards of something that is not the package.
 */
export function recoverPackage(
  spec: WorkPackageSpec,
  n: number,
  ask: (validator: number) => ShardParcel | undefined,
): Result<Recovered, string> {
  const needed = recoveryThreshold(n);
  const good = new Map<number, Uint8Array>();
  let bad = 0;
  for (let validator = 0; validator < n && good.size < needed; validator++) {
    const parcel = ask(validator);
    if (parcel === undefined) continue;
    if (verify(parcel.shard, validator, n, parcel.path, spec.root)) good.set(validator, parcel.shard);
    else bad++;
  }
  if (good.size < needed) {
    const others = bad === 0 ? '' : `; ${bad} more answered with a shard that is not under the root`;
    return err(`recovery needs ${needed} of ${n} shards and ${good.size} could be had${others}`);
  }
  const whole = recover(good, n, spec.len);
  if (!whole.ok) return whole;
  if (!equal(packageHash(whole.value), spec.hash)) {
    return err('the shards under the reported root are not those of the package: the report is false');
  }
  return ok({ package: whole.value, used: [...good.keys()] });
}
