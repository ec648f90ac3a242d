// The allocator of the runtime and of guests: an arena that replaces asc's `rt/stub`, with the same function names.
//
// The compiler puts this file in the place of `~lib/rt/stub`, so it imports nothing. Calls into a blob are short, so
// there is no garbage collection. Blocks are cut from chunks by moving a cursor; `__arena_reset` frees all blocks cut
// since `__arena_mark`. Chunks are kept and used again.
//
//   chunk    [ next: u32 | end: u32 | 8 spare ] block block block …                 (16-aligned)
//   block    [ … | size: u32 ] payload …                                            (payload 16-aligned)
//   object   [ mmInfo | gcInfo | gcInfo2 | rtId | rtSize ] payload                  (as std/assembly/rt/common has it)
//
// The first chunk is 64 KiB of the module's static data, below `__heap_base`, so that small calls need no allocation by
// the host. Later chunks come from the host's allocator, which rounds to powers of two: 64 KiB, doubling up to 4 MiB,
// or the power of two that holds a larger block. No initialiser may need a start function, which smoldot refuses.
// @ts-ignore: decorator of AssemblyScript
@external('env', 'ext_allocator_malloc_version_1') declare function ext_malloc(size: u32): u32;

// @ts-ignore: decorator of AssemblyScript
@inline const FIRST_BYTES: usize = 65536;
// @ts-ignore: decorator of AssemblyScript
@inline const LARGEST_STEP_BYTES: usize = 1 << 22;
// @ts-ignore: decorator of AssemblyScript
@inline const CHUNK_HEADER_BYTES: usize = 16;
// @ts-ignore: decorator of AssemblyScript
@inline const OBJECT_HEADER_BYTES: usize = 16;

/** Start of the next block, and end of its chunk. */
// @ts-ignore: decorator of AssemblyScript
@lazy let cursor: usize = 0;
// @ts-ignore: decorator of AssemblyScript
@lazy let limit: usize = 0;
/** The current chunk; zero before the first block. */
// @ts-ignore: decorator of AssemblyScript
@lazy let chunk: usize = 0;
/** Size of the next chunk to allocate. */
// @ts-ignore: decorator of AssemblyScript
@lazy let step: usize = FIRST_BYTES;

// Not inlined: each occurrence of `memory.data` is another piece of memory.
function first(): usize {
  return memory.data(65536, 16);
}

function enter(which: usize): void {
  chunk = which;
  cursor = which + CHUNK_HEADER_BYTES;
  limit = load<u32>(which, 4);
}

/** Makes room for a block of `size` bytes, in an existing chunk or a new one. */
function refill(size: usize): void {
  const room = size + CHUNK_HEADER_BYTES + 32;
  if (chunk == 0) {
    const home = first();
    // Mentioning __heap_base makes asc emit that global, which the host needs.
    if (__heap_base < home + FIRST_BYTES) unreachable();
    store<u32>(home, 0);
    store<u32>(home, <u32>(home + FIRST_BYTES), 4);
    enter(home);
    if (room <= FIRST_BYTES) return;
  }
  let last = chunk;
  while (load<u32>(last) != 0) {
    last = <usize>load<u32>(last);
    if (<usize>load<u32>(last, 4) - last >= room) return enter(last);
  }
  let want = step;
  while (want < room) want <<= 1;
  if (step < LARGEST_STEP_BYTES) step <<= 1;
  const fresh = <usize>ext_malloc(<u32>want);
  store<u32>(fresh, 0);
  store<u32>(fresh, <u32>(fresh + want), 4);
  store<u32>(last, <u32>fresh);
  enter(fresh);
}

/** The current position, for `__arena_reset`. */
// @ts-ignore: decorator of AssemblyScript
@global @unsafe
export function __arena_mark(): usize {
  if (chunk == 0) refill(0);
  return cursor;
}

/** Frees every block cut since `mark`; they must not be used again. */
// @ts-ignore: decorator of AssemblyScript
@global @unsafe
export function __arena_reset(mark: usize): void {
  let home = first();
  while (mark < home || mark > <usize>load<u32>(home, 4)) {
    home = <usize>load<u32>(home);
    if (home == 0) unreachable();
  }
  enter(home);
  cursor = mark;
}

// @ts-ignore: decorator of AssemblyScript
@global @unsafe
export function __alloc(size: usize): usize {
  if (size > 0x3fffffff) unreachable();
  let block = (cursor + 4 + 15) & ~15;
  if (chunk == 0 || block + size > limit) {
    refill(size);
    block = (cursor + 4 + 15) & ~15;
  }
  store<u32>(block - 4, <u32>size);
  cursor = block + size;
  return block;
}

// @ts-ignore: decorator of AssemblyScript
@global @unsafe
export function __realloc(block: usize, size: usize): usize {
  const old = <usize>load<u32>(block - 4);
  if (block + old == cursor && block + size <= limit && size <= 0x3fffffff) {
    store<u32>(block - 4, <u32>size);
    cursor = block + size;
    return block;
  }
  if (size <= old) return block;
  // At least double, so that growing by one byte at a time takes linear time.
  const moved = __alloc(max<usize>(size, min<usize>(old << 1, size + LARGEST_STEP_BYTES)));
  memory.copy(moved, block, old);
  return moved;
}

// @ts-ignore: decorator of AssemblyScript
@global @unsafe
export function __free(block: usize): void {
  if (block + <usize>load<u32>(block - 4) == cursor) cursor = block - 4;
}

// @ts-ignore: decorator of AssemblyScript
@global @unsafe
export function __reset(): void {
  if (chunk != 0) __arena_reset(first() + CHUNK_HEADER_BYTES);
}

// @ts-ignore: decorator of AssemblyScript
@global @unsafe
export function __new(size: usize, id: u32): usize {
  if (size > 0x3fffffff - OBJECT_HEADER_BYTES) unreachable();
  const block = __alloc(OBJECT_HEADER_BYTES + size);
  store<u64>(block, 0);
  store<u32>(block, id, 8);
  store<u32>(block, <u32>size, 12);
  return block + OBJECT_HEADER_BYTES;
}

// @ts-ignore: decorator of AssemblyScript
@global @unsafe
export function __renew(object: usize, size: usize): usize {
  if (size > 0x3fffffff - OBJECT_HEADER_BYTES) unreachable();
  const block = __realloc(object - OBJECT_HEADER_BYTES, OBJECT_HEADER_BYTES + size);
  store<u32>(block, <u32>size, 12);
  return block + OBJECT_HEADER_BYTES;
}

// Hooks of garbage collectors: no effect.
// @ts-ignore: decorator of AssemblyScript
@global @unsafe
export function __link(_parent: usize, _child: usize, _multiple: bool): void {}
// @ts-ignore: decorator of AssemblyScript
@global @unsafe
export function __pin(object: usize): usize {
  return object;
}
// @ts-ignore: decorator of AssemblyScript
@global @unsafe
export function __unpin(_object: usize): void {}
// @ts-ignore: decorator of AssemblyScript
@global @unsafe
export function __visit(_object: usize, _cookie: u32): void {}
// @ts-ignore: decorator of AssemblyScript
@global @unsafe
export function __collect(): void {}
