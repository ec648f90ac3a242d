// Passing bytes to the host and back.
import { Bytes, bytesAt, utf8 } from '../../assembly/scale';

/** The host's result for none. */
export const NONE: u64 = u64.MAX_VALUE;

/** The fat pointer to `length` bytes at `address`. */
export function fatAt(address: usize, length: u32): u64 {
  return ((<u64>length) << 32) | (<u64>address);
}

/** The fat pointer to `bytes`. */
export function fat(bytes: Bytes): u64 {
  return fatAt(changetype<usize>(bytes), <u32>bytes.length);
}

/** The fat pointer to the UTF-8 bytes of `text`. */
export function fatText(text: string): u64 {
  return fat(utf8(text));
}

/** The bytes at a fat pointer from the host. */
function taken(pointer: u64): Bytes {
  return bytesAt(<usize>(pointer & 0xffff_ffff), <i32>(pointer >> 32));
}

/** The bytes at a fat pointer from the host, or null for none. */
export function takenOption(pointer: u64): Bytes | null {
  return pointer == NONE ? null : taken(pointer);
}
