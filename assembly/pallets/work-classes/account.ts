// The account of a Work Class (D24):  "modl" | "wrkclass" | class id, u32 little-endian | 16 zeroes
import { AccountId, ascii } from '../../primitives';
import { CLASS_ACCOUNT_PREFIX } from '../../primitives/corejam/tags';
import { fixed } from '../../scale';

/** The sovereign account of a class. It has no private key. */
export function classAccount(classId: u32): AccountId {
  const bytes = new StaticArray<u8>(32);
  const name = ascii(CLASS_ACCOUNT_PREFIX);
  memory.copy(changetype<usize>(bytes), changetype<usize>(name), 12);
  store<u32>(changetype<usize>(bytes), classId, 12);
  return fixed<AccountId>(bytes);
}
