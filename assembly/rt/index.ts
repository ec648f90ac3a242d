// Memory, as the rest of the runtime and the guests' SDK see it: positions in the arena to come back to.
// The arena itself is `arena.ts`, which the compiler puts in place of asc's own runtime.

/** The arena's position now. Everything allocated later can be given back at once by `resetMemory`. */
export function markMemory(): usize {
  return __arena_mark();
}

/** Gives back what was allocated since `mark`: nothing of it may be used again, not even from a static variable. */
export function resetMemory(mark: usize): void {
  __arena_reset(mark);
}
