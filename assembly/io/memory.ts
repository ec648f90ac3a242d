// Fat pointers: how bytes cross to the host and back. Specification: Polkadot host, appendix B, "runtime API ABI".
//
// What the host answers with was allocated by its allocator: it is copied into the arena and freed at once, so that
// the arena's mark and reset alone decide how much memory a block holds.
import { Bytes } from '../scale';
import { ext_allocator_free_version_1 } from './env';

/** `length` bytes at `address`, as the host reads them. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function fat(address: usize, length: u32): u64 {
  return ((<u64>length) << 32) | (<u64>(<u32>address));
}

/** The bytes of `data`, as the host reads them. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function fatBytes(data: Bytes): u64 {
  return fat(changetype<usize>(data), <u32>data.length);
}

/** The UTF-8 bytes of `text`, as the host reads them. */
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

/** Takes a fat pointer's bytes out of the host's memory. */
export function take(pointer: u64): Bytes {
  const address = <usize>(<u32>pointer);
  const bytes = copyOf(address, <u32>(pointer >> 32));
  ext_allocator_free_version_1(<u32>address);
  return bytes;
}

/** Takes `length` bytes out of the host's memory. */
export function takeFixed(address: u32, length: u32): Bytes {
  const bytes = copyOf(address, length);
  ext_allocator_free_version_1(address);
  return bytes;
}

/** Takes a SCALE Option<Vec<u8>>, as the host encodes it: null for none. */
export function takeOptionalBytes(pointer: u64): Bytes | null {
  const address = <usize>(<u32>pointer);
  let bytes: Bytes | null = null;
  if (load<u8>(address) == 1) {
    const width = compactWidth(address + 1);
    const length = compactAt(address + 1);
    if (1 + width + length > <u32>(pointer >> 32))
      throw new Error('io: the host answered with a broken Option<Vec<u8>>');
    bytes = copyOf(address + 1 + width, length);
  }
  ext_allocator_free_version_1(<u32>address);
  return bytes;
}

/** Takes a SCALE Option<u32>: −1 for none. */
export function takeOptionalU32(pointer: u64): i64 {
  const address = <usize>(<u32>pointer);
  const value = load<u8>(address) == 1 ? <i64>load<u32>(address + 1) : -1;
  ext_allocator_free_version_1(<u32>address);
  return value;
}

/** How many bytes the compact integer at `address` takes; lengths above 2^30 do not occur in a 32-bit memory. */
function compactWidth(address: usize): u32 {
  const mode = load<u8>(address) & 3;
  if (mode == 3) throw new Error('io: the host answered with a length over 2^30');
  return 1 << mode;
}

function compactAt(address: usize): u32 {
  const mode = load<u8>(address) & 3;
  if (mode == 0) return load<u8>(address) >> 2;
  if (mode == 1) return load<u16>(address) >> 2;
  return load<u32>(address) >> 2;
}

/** SCALE Option<u32> of a limit, for the host: below zero is none. */
export function optionalLimit(limit: i64): Bytes {
  if (limit < 0) return new StaticArray<u8>(1);
  const encoded = new StaticArray<u8>(5);
  encoded[0] = 1;
  store<u32>(changetype<usize>(encoded), <u32>limit, 1);
  return encoded;
}

/** What a bounded removal did. */
export class Removal {
  constructor(
    /** Entries removed. */
    public removed: u32,
    /** Whether nothing is left under the prefix. */
    public all: bool,
  ) {}
}

/** Takes SCALE enum { 0 AllRemoved(u32), 1 SomeRemaining(u32) }. */
export function takeRemoval(pointer: u64): Removal {
  const address = <usize>(<u32>pointer);
  const removal = new Removal(load<u32>(address + 1), load<u8>(address) == 0);
  ext_allocator_free_version_1(<u32>address);
  return removal;
}
