// Where the chain keeps what belongs to a Work Class: its child trie, the keys in it, and its account.
//
// Spec: RFC-0031 § Accumulate; D24 (the account), D25 (the trie). The runtime's own are assembly/pallets/work-classes/account.ts
// and assembly/pallets/accumulation/work-storage.ts.
import { blake2_128, concat, utf8, Writer } from '../bytes/index.js';

/** D25: the name of a class's child trie, as `childstate` RPC takes it behind `:child_storage:default:`. */
export function classTrie(classId: number): Uint8Array {
  return concat(utf8('corejam/class/'), new Writer().u32(classId).finish());
}

/** D25: where a class's `key` is in that trie: behind its hash, 16 bytes of BLAKE2b. */
export function classKey(key: Uint8Array): Uint8Array {
  return concat(blake2_128(key), key);
}

/** D24: the account of a class, which holds the deposit for what the class stores. 32 bytes. */
export function sovereignAccount(classId: number): Uint8Array {
  const account = new Uint8Array(32);
  account.set(concat(utf8('modlwrkclass'), new Writer().u32(classId).finish()));
  return account;
}
