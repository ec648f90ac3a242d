// The number of validators, and those that serve a core at a block.
import { groupOn, groupStart } from './groups';
import { Validators } from './state';

/** Number of validators, from the stored length (32 bytes per key after a shorter prefix), without reading the keys. */
export function validatorCount(): u32 {
  return <u32>(max<i64>(Validators.keys.encodedLength(), 0) >> 5);
}

/** Indices of the validators of the group that serves `core` at block `number`, of `cores` cores. */
export function groupAt(core: u16, cores: u16, number: u32): Array<u32> {
  const count = validatorCount();
  const group = groupIndexAt(core, cores, number);
  const start = groupStart(group, count, cores);
  const end = groupStart(group + 1, count, cores);
  const members = new Array<u32>();
  for (let index = start; index < end; index++) members.push(index);
  return members;
}

/** The number of the group that serves `core` at block `number`, of `cores` cores. */
export function groupIndexAt(core: u16, cores: u16, number: u32): u32 {
  return groupOn(core, cores, number, Validators.groupRotationFrequency.get());
}

/** Number of validators that must hold their shard for a package to be available: n − ⌊(n−1)/3⌋ (D8). */
export function availabilityThreshold(validators: u32): u32 {
  return validators == 0 ? 0 : validators - (validators - 1) / 3;
}
