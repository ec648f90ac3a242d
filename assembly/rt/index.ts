// Memory marks, for the runtime and the guests' SDK. The arena itself is `arena.ts`, which replaces asc's own runtime.

/** The arena's current position, for `resetMemory`. */
export function markMemory(): usize {
  return __arena_mark();
}

/** Frees all memory allocated since `mark`; it must not be used again, not even from a static variable. */
export function resetMemory(mark: usize): void {
  __arena_reset(mark);
}
