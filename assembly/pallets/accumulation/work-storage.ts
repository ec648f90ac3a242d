// The state of classes: a child trie each, with a deposit by size. Spec: RFC-0031 § Accumulate; D25.
import { ascii, Balance, U128 } from '../../primitives';
import { CLASS_TRIE_PREFIX } from '../../primitives/corejam/tags';
import { Bytes, concatBytes } from '../../scale';
import { blake2_128, childClear, childGet, childLength, childSet } from '../../io';
import { OK } from '../../frame';
import { doHold, doRelease, reducibleBalance, RuntimeHoldReason } from '../balances';
import { classAccount } from '../work-classes';
import { Accumulation, Footprint } from './state';

/** The name of a class's child trie: "corejam/class/" and the class id, u32 little-endian. */
function workTrie(classId: u32): Bytes {
  const id = new StaticArray<u8>(4);
  store<u32>(changetype<usize>(id), classId);
  return concatBytes(ascii(CLASS_TRIE_PREFIX), id);
}

/** The key in the trie of a class's `key`: Blake2_128Concat, since classes choose their keys (D25). */
function workKey(key: Bytes): Bytes {
  return concatBytes(blake2_128(key), key);
}

/** The value at `key` in a class's trie. */
export function getWork(classId: u32, key: Bytes): Bytes | null {
  return childGet(workTrie(classId), workKey(key));
}

/** The length of that value; −1 if there is none. */
export function workLength(classId: u32, key: Bytes): i64 {
  return childLength(workTrie(classId), workKey(key));
}

/** Writes a value. Returns false, without a change, if the key is too long or the account can't pay the deposit. */
export function setWork(classId: u32, key: Bytes, value: Bytes): bool {
  if (<u32>key.length > Accumulation.keyBytesMax) return false;
  const trie = workTrie(classId);
  const place = workKey(key);
  const before = childLength(trie, place);
  const footprint = Accumulation.footprints.get(classId);
  if (before < 0) {
    footprint.items++;
    footprint.bytes += <u64>key.length;
  } else {
    footprint.bytes -= <u64>before;
  }
  footprint.bytes += <u64>value.length;
  const due = depositOf(footprint);
  if (due.gt(footprint.deposit)) {
    const free = reducibleBalance(classAccount(classId), true);
    if (free.lt(due.sub(footprint.deposit))) return false;
  }
  Accumulation.footprints.set(classId, footprint);
  childSet(trie, place, value);
  return true;
}

/** Removes the value at `key`, if any. */
export function removeWork(classId: u32, key: Bytes): void {
  const trie = workTrie(classId);
  const place = workKey(key);
  const before = childLength(trie, place);
  if (before < 0) return;
  const footprint = Accumulation.footprints.get(classId);
  footprint.items--;
  footprint.bytes -= <u64>key.length + <u64>before;
  Accumulation.footprints.set(classId, footprint);
  childClear(trie, place);
}

/**
 * Holds or releases the difference between the held and the due deposit. Called before changes are committed and
 * before the account's balance is used otherwise, not at each write: one event instead of up to 100,000.
 */
export function settleDeposit(classId: u32): void {
  const footprint = Accumulation.footprints.get(classId);
  const due = depositOf(footprint);
  if (due.eq(footprint.deposit)) return;
  const account = classAccount(classId);
  if (due.gt(footprint.deposit)) {
    // Each write has checked the balance, which has not changed since.
    const held = doHold(account, RuntimeHoldReason.workStorage(), due.sub(footprint.deposit));
    if (held != OK) throw new Error('accumulation: a deposit that could be borne was refused');
  } else {
    doRelease(account, RuntimeHoldReason.workStorage(), footprint.deposit.sub(due));
  }
  footprint.deposit = due;
  Accumulation.footprints.set(classId, footprint);
}

/** The deposit due for a footprint (D25). */
function depositOf(footprint: Footprint): Balance {
  return Accumulation.depositPerItem
    .mul(U128.from(<u64>footprint.items))
    .add(Accumulation.depositPerByte.mul(U128.from(footprint.bytes)));
}
