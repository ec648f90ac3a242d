// What a running guest asks of the chain. Each export is called by the host, with the guest's arguments, while the guest runs;
// `Running` says for which class and entry point. A function outside of the entry point's column is refused: the guest traps.
// What it asks of Balances and Storage is in `service-calls.ts`.
// Spec: RFC-0031 § Join and `prune`, § Accumulate; the table "Entry points and host functions"; D12 (answers of none).
import { ascii } from '../../primitives';
import { Bytes, none, Option, some, startsWithBytes } from '../../scale';
import { beginTransaction, commitTransaction, storageGet } from '../../io';
import { System } from '../system';
import { Running } from '../work-classes';
import { mayRead, mayWrite } from './permission';
import { getWork, removeWork, settleDeposit, setWork, workLength } from './work-storage';

/** What functions without a result answer: an empty answer would be a refusal to the host. */
const ANSWERED: u8 = 0;

/** Everything that a guest may ask while it runs on-chain. */
export class GuestCalls {
  /** The value at `key` of the class's own trie. */
  @hostcall('ext_corejam_get_work_storage_version_1') static getWorkStorage(key: Bytes): Bytes | null {
    return mayRead() ? getWork(Running.class, key) : null;
  }

  /** The length of that value. */
  @hostcall('ext_corejam_get_work_storage_len_version_1') static getWorkStorageLen(key: Bytes): Option<u32> {
    const length = mayRead() ? workLength(Running.class, key) : -1;
    return length < 0 ? none<u32>() : some<u32>(<u32>length);
  }

  /** Puts a value into the class's own trie: 0, or 1 when the key has more than 256 bytes or the class's account can't bear the deposit. */
  @hostcall('ext_corejam_set_work_storage_version_1') static setWorkStorage(key: Bytes, value: Bytes): u32 {
    return mayWrite() && setWork(Running.class, key, value) ? 0 : 1;
  }

  /** Removes what the class's own trie has at `key`. */
  @hostcall('ext_corejam_remove_work_storage_version_1') static removeWorkStorage(key: Bytes): u8 {
    if (mayWrite()) removeWork(Running.class, key);
    return ANSWERED;
  }

  /** Makes what was done so far stand, whatever becomes of the guest. The host answers with the weight remaining. */
  @hostcall('ext_corejam_checkpoint_version_1') static checkpoint(): u8 {
    if (!mayWrite()) return ANSWERED;
    settleDeposit(Running.class);
    commitTransaction();
    beginTransaction();
    Running.checkpoints++;
    return ANSWERED;
  }

  /** The value at `key` of another class's trie. */
  @hostcall('ext_corejam_get_class_storage_version_1') static getClassStorage(classId: u32, key: Bytes): Bytes | null {
    return mayRead() ? getWork(classId, key) : null;
  }

  /** The value at `key` of the chain's state. */
  @hostcall('ext_corejam_get_storage_version_1') static getStorage(key: Bytes): Bytes | null {
    return mayRead() && !changesWithinBlock(key) ? storageGet(key) : null;
  }
}

/**
 * Whether a value depends on where in a block's execution it is read: the author asks `prune` through the API, importers ask
 * within an extrinsic, and both must see the same. That is the index of the extrinsic, roots of child tries, which are
 * brought up to date at the block's end, and what System notes while a block runs.
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
