// Pseudo-random data for property tests: the seed is printed, and COREJAM_SEED sets it to repeat a run.

/** The seed of a test, printed so that a failure can be repeated. */
export function seedOf(test: string): number {
  const seed = Number(process.env.COREJAM_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${test}: seed ${seed} (set COREJAM_SEED to repeat it)`);
  return seed;
}

/** Numbers in [0, 1): mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `length` bytes. */
export function randomBytes(random: () => number, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random() * 256);
}

/** `count` different whole numbers below `n`, in random order. */
export function pick(random: () => number, n: number, count: number): number[] {
  const all = Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (n - i));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all.slice(0, count);
}
