// Host functions of guests on-chain. The host calls each export with the guest's arguments while the guest runs;
// `Running` has the class and the entry point. A function that the entry point may not call is refused: the guest
// traps. Those on balances and preimages are in `service-calls.ts`. Spec: RFC-0031 § Join and `prune`, § Accumulate;
// the table "Entry points and host functions"; D12 (results of none).
import { ascii } from '../../primitives';
import { Bytes, none, Option, some, startsWithBytes } from '../../scale';
import { beginTransaction, commitTransaction, reserveReply, storageGet, storageLength } from '../../io';
import { System } from '../system';
import { Running } from '../work-classes';
import { mayRead, mayWrite } from './permission';
import { getWork, removeWork, settleDeposit, setWork, workLength } from './work-storage';

/** The result of functions without one: the host reads an empty result as a refusal. */
const ANSWERED: u8 = 0;

/** Host functions on the class's storage and the chain's state. */
export class GuestCalls {
  /** The value at `key` in the class's trie. */
  @hostcall('ext_corejam_get_work_storage_version_1', mayRead) static getWorkStorage(key: Bytes): Bytes | null {
    return replyWithWork(Running.class, key);
  }

  /** The length of that value. */
  @hostcall('ext_corejam_get_work_storage_len_version_1', mayRead) static getWorkStorageLen(key: Bytes): Option<u32> {
    const length = workLength(Running.class, key);
    return length < 0 ? none<u32>() : some<u32>(<u32>length);
  }

  /** Writes to the class's trie. Returns 0; 1 if the key exceeds 256 bytes or the class can't pay the deposit. */
  @hostcall('ext_corejam_set_work_storage_version_1', mayWrite) static setWorkStorage(key: Bytes, value: Bytes): u32 {
    return setWork(Running.class, key, value) ? 0 : 1;
  }

  /** Removes the value at `key` from the class's trie. */
  @hostcall('ext_corejam_remove_work_storage_version_1', mayWrite) static removeWorkStorage(key: Bytes): u8 {
    removeWork(Running.class, key);
    return ANSWERED;
  }

  /** Keeps all changes so far, even if the guest fails later. The host returns the weight remaining to the guest. */
  @hostcall('ext_corejam_checkpoint_version_1', mayWrite) static checkpoint(): u8 {
    settleDeposit(Running.class);
    commitTransaction();
    beginTransaction();
    Running.checkpoints++;
    return ANSWERED;
  }

  /** The value at `key` in another class's trie. */
  @hostcall('ext_corejam_get_class_storage_version_1', mayRead) static getClassStorage(
    classId: u32,
    key: Bytes,
  ): Bytes | null {
    return replyWithWork(classId, key);
  }

  /** The value at `key` in the chain's state. */
  @hostcall('ext_corejam_get_storage_version_1', mayRead) static getStorage(key: Bytes): Bytes | null {
    if (changesWithinBlock(key)) return null;
    const length = storageLength(key);
    return length >= 0 && reserveReply(<u32>length) ? storageGet(key) : null;
  }
}

/** The value at `key` in a class's trie, which is read only if the guest can take it. */
function replyWithWork(classId: u32, key: Bytes): Bytes | null {
  const length = workLength(classId, key);
  return length >= 0 && reserveReply(<u32>length) ? getWork(classId, key) : null;
}

/**
 * Whether a value depends on when it is read within a block: the author calls `prune` through the API, importers within
 * an extrinsic, and both must read the same. Such are the extrinsic index, the roots of child tries, which are updated
 * at the end of the block, and System's values of the current block.
 */
function changesWithinBlock(key: Bytes): bool {
  if (startsWithBytes(key, ascii(':extrinsic_index')) || startsWithBytes(key, ascii(':child_storage:'))) return true;
  const system = System.number.prefix.slice<Bytes>(0, 16);
  if (!startsWithBytes(key, system)) return false;
  return (
    !startsWithBytes(key, System.account.prefix) &&
    !startsWithBytes(key, System.blockHash.prefix) &&
    !startsWithBytes(key, System.number.prefix) &&
    !startsWithBytes(key, System.parentHash.prefix) &&
    !startsWithBytes(key, System.lastRuntimeUpgrade.prefix)
  );
}
