// The state of classes: a child trie each, with a deposit by size. Spec: RFC-0031 § Accumulate; D25.
import { ascii, Balance, U128 } from '../../primitives';
import { CLASS_TRIE_PREFIX } from '../../primitives/corejam/tags';
import { Bytes, concatBytes } from '../../scale';
import { blake2_128, childClear, childGet, childLength, childSet } from '../../io';
import { doHold, doRelease, heldBalance, reducibleBalance, RuntimeHoldReason } from '../balances';
import { classAccount } from '../work-classes';
import { Accumulation } from './state';

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
  const after = depositOf(key, value.length);
  const paid = before < 0 ? U128.zero() : depositOf(key, <i32>before);
  if (before < 0) {
    footprint.items++;
    footprint.bytes += <u64>key.length;
  } else {
    footprint.bytes -= <u64>before;
  }
  footprint.bytes += <u64>value.length;
  footprint.deposit = footprint.deposit.add(after).saturatingSub(paid);
  if (after.gt(paid)) {
    const account = classAccount(classId);
    const missing = footprint.deposit.saturatingSub(heldBalance(account, RuntimeHoldReason.workStorage()));
    if (reducibleBalance(account, true).lt(missing)) return false;
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
  const paid = depositOf(key, <i32>before);
  footprint.deposit = footprint.items == 0 ? U128.zero() : footprint.deposit.saturatingSub(paid);
  Accumulation.footprints.set(classId, footprint);
  childClear(trie, place);
}

/**
 * Holds or releases the difference between the held and the due deposit. Called before changes are committed and
 * before the account's balance is used otherwise, not at each write: one event instead of up to 100,000.
 *
 * Each write has checked the balance, which has not changed since. Still this never panics, since the end of a block calls
 * it: it holds what the account has, and releases what is held.
 */
export function settleDeposit(classId: u32): void {
  const due = Accumulation.footprints.get(classId).deposit;
  const account = classAccount(classId);
  const held = heldBalance(account, RuntimeHoldReason.workStorage());
  if (due.gt(held)) {
    doHold(account, RuntimeHoldReason.workStorage(), due.sub(held).min(reducibleBalance(account, true)));
  } else {
    doRelease(account, RuntimeHoldReason.workStorage(), held.sub(due));
  }
}

/** The deposit for an item with a value of `length` bytes (D25). */
function depositOf(key: Bytes, length: i32): Balance {
  const bytes = <u64>key.length + <u64>length;
  return Accumulation.depositPerItem.add(Accumulation.depositPerByte.mul(U128.from(bytes)));
}
