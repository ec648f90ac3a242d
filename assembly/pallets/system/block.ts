// System's part in executing a block (frame_system's initialize, note_* and finalize).
//
//   initialize -> hooks -> (noteExtrinsic -> dispatch -> noteApplied)* -> noteFinished -> hooks -> finalize
import { DispatchClass, DispatchInfo, DispatchResult, OK } from '../../frame';
import { orderedRoot, storageClear, storageGet, storageRoot, storageSet } from '../../io';
import {
  ascii,
  BASE_BLOCK_PS,
  BLOCK_HASH_COUNT,
  BlockNumber,
  Digest,
  DigestItem,
  H256,
  Header,
} from '../../primitives';
import { Bytes, fixed, Writer } from '../../scale';
import { ConsumedWeight } from './limits';
import { System, SystemEvent } from './state';
import { PhaseApplyExtrinsic, PhaseFinalization, PhaseInitialization } from './types';

/** State version of storage roots and extrinsics roots. */
const STATE_VERSION: u8 = 1;

/** Bytes of the length of a list, at most. */
const COMPACT_BYTES_MAX: u32 = 4;

/** The storage key at which the host reads the index of the extrinsic being applied. */
function extrinsicIndexKey(): Bytes {
  return ascii(':extrinsic_index');
}

/** Index of the extrinsic being applied. */
function extrinsicIndex(): u32 {
  const bytes = storageGet(extrinsicIndexKey());
  return bytes === null ? 0 : load<u32>(changetype<usize>(bytes));
}

function setExtrinsicIndex(index: u32): void {
  const bytes = new StaticArray<u8>(4);
  store<u32>(changetype<usize>(bytes), index);
  storageSet(extrinsicIndexKey(), bytes);
}

/** Begins block `number` on top of `parent`. Removes what the previous block kept for readers. */
export function initializeBlock(number: BlockNumber, parent: H256, digest: Digest): void {
  if (number == 0) throw new Error('system: the genesis block is not executed');
  System.events.remove();
  System.eventCount.remove();
  System.executionPhase.set(new PhaseInitialization());
  setExtrinsicIndex(0);
  System.number.set(number);
  System.digest.set(digest);
  System.parentHash.set(parent);
  System.blockHash.set(number - 1, parent);
  System.inherentsApplied.remove();
  System.inherentPlace.remove();
  System.extrinsicsLen.remove();
  const weight = new ConsumedWeight();
  weight.mandatory.refTime = BASE_BLOCK_PS;
  System.blockWeight.set(weight);
}

/** Called when the hooks at the start of the block have run. */
export function noteInitialized(): void {
  setPhase(0);
}

/** Stores the bytes of the extrinsic about to be applied, for the extrinsics root. */
export function noteExtrinsic(encoded: Bytes): void {
  System.extrinsicData.set(extrinsicIndex(), encoded);
}

/** Deposits the event of an extrinsic's result, and increments the extrinsic index. */
export function noteApplied(result: DispatchResult, info: DispatchInfo): void {
  if (result == OK) SystemEvent.ExtrinsicSuccess(info);
  else SystemEvent.ExtrinsicFailed(result, info);
  const next = extrinsicIndex() + 1;
  setExtrinsicIndex(next);
  setPhase(next);
}

/** Called after the last extrinsic. */
export function noteFinishedExtrinsics(): void {
  System.extrinsicCount.set(extrinsicIndex());
  storageClear(extrinsicIndexKey());
  System.executionPhase.set(new PhaseFinalization());
}

/** Ends the block. Returns its header without the seal. */
export function finalizeBlock(): Header {
  System.executionPhase.remove();
  System.extrinsicsLen.remove();
  System.inherentsApplied.remove();
  System.inherentPlace.remove();
  const header = new Header();
  header.number = System.number.get();
  header.parentHash = System.parentHash.get();
  header.digest = System.digest.get();
  header.extrinsicsRoot = extrinsicsRoot();
  // The genesis hash is kept: immortal extrinsics are signed for it.
  const oldest = header.number > BLOCK_HASH_COUNT + 1 ? header.number - BLOCK_HASH_COUNT - 1 : 0;
  if (oldest != 0) System.blockHash.remove(oldest);
  header.stateRoot = fixed<H256>(storageRoot(STATE_VERSION));
  return header;
}

function extrinsicsRoot(): H256 {
  const count = System.extrinsicCount.take();
  const lengths = new StaticArray<u32>(<i32>count);
  let capacity: u32 = COMPACT_BYTES_MAX;
  for (let i: u32 = 0; i < count; i++) {
    lengths[i] = <u32>System.extrinsicData.encodedLength(i);
    capacity += lengths[i];
  }
  const values = new Writer(capacity);
  values.compact(<u64>count);
  for (let i: u32 = 0; i < count; i++) {
    System.extrinsicData.writeEncoded(i, lengths[i], values);
    System.extrinsicData.remove(i);
  }
  return fixed<H256>(orderedRoot(values.finish(), STATE_VERSION));
}

function setPhase(index: u32): void {
  const phase = new PhaseApplyExtrinsic();
  phase.value = index;
  System.executionPhase.set(phase);
}

/** Charges an extrinsic's weight and length to the block. */
export function chargeBlock(consumed: ConsumedWeight, dispatchClass: DispatchClass, weight: u64, length: u32): void {
  consumed.of(dispatchClass).refTime += weight;
  System.blockWeight.set(consumed);
  const lengths = System.extrinsicsLen.get();
  lengths.add(dispatchClass, length);
  System.extrinsicsLen.set(lengths);
}

/** Adds an item to the digest of the block's header. */
export function depositLog(item: DigestItem): void {
  const digest = System.digest.get();
  digest.logs.push(item);
  System.digest.set(digest);
}

/** Charges weight of hooks to the block. */
export function registerExtraWeight(weight: u64, dispatchClass: DispatchClass): void {
  const consumed = System.blockWeight.get();
  consumed.of(dispatchClass).refTime += weight;
  System.blockWeight.set(consumed);
}
