/**
 * Validators: who refines, attests and keeps shards, in an order that everybody agrees on.
 *
 * Spec: D13 (groups), D32 (a context of an earlier set is refused: `sessionStart`).
 * The set is that of genesis: exchanging it comes with sessions. So the groups of a past block need no record: they follow
 * from the set, the number of cores and the block's number.
 */
import { Sr25519Public } from '../../primitives';
import { StorageValue } from '../../frame';
import { JsonReader } from '../../json';
import { fixed } from '../../scale';
import { groupOn, groupStart } from './groups';

/** One less than the third that may be faulty decides: n − ⌊(n−1)/3⌋ (D8). */
export function availabilityThreshold(validators: u32): u32 {
  return validators == 0 ? 0 : validators - (validators - 1) / 3;
}

@pallet('Validators', 10)
export class Validators {
  /** The validators' sr25519 keys. A validator's position here is its index everywhere. */
  @storage() static keys: StorageValue<Array<Sr25519Public>>;

  /** Blocks after which every group moves on to the next core; zero for never. */
  @storage() static groupRotationFrequency: StorageValue<u32>;

  /** The first block of the present set: a context before it is refused. */
  @storage() static sessionStart: StorageValue<u32>;

  /** Most validators of a chain. */
  @constant() static readonly maxValidators: u32 = 1024;

  /** How many validators there are: told by the length of their keys, 32 bytes each behind a shorter prefix, which stay unread. */
  static count(): u32 {
    return <u32>(max<i64>(Validators.keys.encodedLength(), 0) >> 5);
  }

  /** The validators, by index, of the group that serves `core` at block `number`, where there are `cores` cores. */
  static groupAt(core: u16, cores: u16, number: u32): Array<u32> {
    const count = Validators.count();
    const group = Validators.groupIndexAt(core, cores, number);
    const start = groupStart(group, count, cores);
    const end = groupStart(group + 1, count, cores);
    const members = new Array<u32>();
    for (let index = start; index < end; index++) members.push(index);
    return members;
  }

  /** The number of the group that serves `core` at block `number`. */
  static groupIndexAt(core: u16, cores: u16, number: u32): u32 {
    return groupOn(core, cores, number, Validators.groupRotationFrequency.get());
  }

  /** Reads `{ "keys": ["0x…", …], "groupRotationFrequency": 10 }`. */
  static genesis(json: JsonReader): void {
    if (!json.enterObject()) return;
    for (let key = json.nextKey(); key !== null; key = json.nextKey()) {
      if (key == 'keys') readKeys(json);
      else if (key == 'groupRotationFrequency') Validators.groupRotationFrequency.set(json.readU32());
      else json.fail('unknown; expected "keys" or "groupRotationFrequency"');
    }
  }

  /** D13, where genesis said nothing. */
  static afterGenesis(): void {
    if (!Validators.groupRotationFrequency.has()) Validators.groupRotationFrequency.set(10);
  }
}

function readKeys(json: JsonReader): void {
  const keys = new Array<Sr25519Public>();
  if (!json.enterArray()) return;
  while (json.nextElement()) {
    const bytes = json.readHex(32);
    if (json.failed) return;
    if (<u32>keys.length == Validators.maxValidators) return json.fail('more validators than the chain can have');
    keys.push(fixed<Sr25519Public>(bytes));
  }
  Validators.keys.set(keys);
}
