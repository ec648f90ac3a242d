// Where the chain keeps the state of a Work Class: its child trie, the keys in it, and its account.
//
// Spec: RFC-0031 § Accumulate; D24 (the account), D25 (the trie). The runtime computes the same in
// assembly/pallets/work-classes/account.ts and assembly/pallets/accumulation/work-storage.ts.
import { blake2_128, concat, utf8, Writer } from '../bytes/index.js';
import { CLASS_ACCOUNT_PREFIX, CLASS_TRIE_PREFIX } from '../contract/index.js';

/** D25: the name of a class's child trie; `childstate` RPC takes it after the prefix `:child_storage:default:`. */
export function classTrie(classId: number): Uint8Array {
  return concat(utf8(CLASS_TRIE_PREFIX), new Writer().u32(classId).finish());
}

/** D25: the key in that trie for a class's `key`: its BLAKE2b-128 hash, then `key`. */
export function classKey(key: Uint8Array): Uint8Array {
  return concat(blake2_128(key), key);
}

/** D24: the account of a class, which holds the deposit for its storage. 32 bytes. */
export function sovereignAccount(classId: number): Uint8Array {
  const account = new Uint8Array(32);
  account.set(concat(utf8(CLASS_ACCOUNT_PREFIX), new Writer().u32(classId).finish()));
  return account;
}
