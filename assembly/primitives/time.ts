// Time on this chain, in blocks and milliseconds.

/** Milliseconds per block and Aura slot. */
export const SLOT_DURATION_MS: u64 = 6_000;

/** Blocks in a minute, an hour and a day. */
const MINUTES: u32 = 10;
const HOURS: u32 = 60 * MINUTES;
export const DAYS: u32 = 24 * HOURS;

/** Number of block hashes kept, which limits the life of mortal extrinsics. */
export const BLOCK_HASH_COUNT: u32 = 2_400;
