// Fat pointers: how bytes are passed to the host and back. Specification: Polkadot host, appendix B, "runtime API ABI".
//
// The host allocates its results: they are copied into the arena and freed at once, so that only the arena's mark and
// reset determine the memory of a block.
import { Bytes } from '../scale';
import { ext_allocator_free_version_1 } from './env';

/** The fat pointer to `length` bytes at `address`. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function fat(address: usize, length: u32): u64 {
  return ((<u64>length) << 32) | (<u64>(<u32>address));
}

/** The fat pointer to `data`. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function fatBytes(data: Bytes): u64 {
  return fat(changetype<usize>(data), <u32>data.length);
}

/** The fat pointer to the UTF-8 bytes of `text`. */
export function fatText(text: string): u64 {
  const utf8 = String.UTF8.encode(text);
  return fat(changetype<usize>(utf8), <u32>utf8.byteLength);
}

/** A copy of `length` bytes at `address`. */
function copyOf(address: usize, length: u32): Bytes {
  const copy = new StaticArray<u8>(<i32>length);
  memory.copy(changetype<usize>(copy), address, length);
  return copy;
}

/** Copies and frees the host's bytes at a fat pointer. */
export function take(pointer: u64): Bytes {
  const address = <usize>(<u32>pointer);
  const bytes = copyOf(address, <u32>(pointer >> 32));
  ext_allocator_free_version_1(<u32>address);
  return bytes;
}

/** Copies and frees `length` bytes of the host. */
export function takeFixed(address: u32, length: u32): Bytes {
  const bytes = copyOf(address, length);
  ext_allocator_free_version_1(address);
  return bytes;
}

/** Copies and frees a SCALE Option<Vec<u8>> of the host; null for none. */
export function takeOptionalBytes(pointer: u64): Bytes | null {
  const address = <usize>(<u32>pointer);
  let bytes: Bytes | null = null;
  if (load<u8>(address) == 1) {
    const width = compactWidth(address + 1);
    const length = compactAt(address + 1);
    if (1 + width + length > <u32>(pointer >> 32)) throw new Error('io: the host returned a malformed Option<Vec<u8>>');
    bytes = copyOf(address + 1 + width, length);
  }
  ext_allocator_free_version_1(<u32>address);
  return bytes;
}

/** Reads and frees a SCALE Option<u32> of the host; −1 for none. */
export function takeOptionalU32(pointer: u64): i64 {
  const address = <usize>(<u32>pointer);
  const value = load<u8>(address) == 1 ? <i64>load<u32>(address + 1) : -1;
  ext_allocator_free_version_1(<u32>address);
  return value;
}

/** Width in bytes of the compact integer at `address`. Lengths over 2^30 do not occur. */
function compactWidth(address: usize): u32 {
  const mode = load<u8>(address) & 3;
  if (mode == 3) throw new Error('io: the host returned a length over 2^30');
  return 1 << mode;
}

function compactAt(address: usize): u32 {
  const mode = load<u8>(address) & 3;
  if (mode == 0) return load<u8>(address) >> 2;
  if (mode == 1) return load<u16>(address) >> 2;
  return load<u32>(address) >> 2;
}

/** SCALE Option<u32> of a limit; none if negative. */
export function optionalLimit(limit: i64): Bytes {
  if (limit < 0) return new StaticArray<u8>(1);
  const encoded = new StaticArray<u8>(5);
  encoded[0] = 1;
  store<u32>(changetype<usize>(encoded), <u32>limit, 1);
  return encoded;
}

/** The result of a bounded removal. */
export class Removal {
  constructor(
    /** Number of entries removed. */
    public removed: u32,
    /** Whether no entry with the prefix is left. */
    public all: bool,
  ) {}
}

/** Reads and frees SCALE enum { 0 AllRemoved(u32), 1 SomeRemaining(u32) } of the host. */
export function takeRemoval(pointer: u64): Removal {
  const address = <usize>(<u32>pointer);
  const removal = new Removal(load<u32>(address + 1), load<u8>(address) == 0);
  ext_allocator_free_version_1(<u32>address);
  return removal;
}
