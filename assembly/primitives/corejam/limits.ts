// The limits of CoreJam, with their sources. ../block-space.ts has those of a block.
// Lengths are in bytes, times in blocks, weights in picoseconds.

/** RFC-0031 § Overview: items of one package. */
export const MAX_WORK_ITEMS: i32 = 4;
/** RFC-0031 § Overview: length of the bytes inside an encoded package. */
export const MAX_WORK_PACKAGE_SIZE: u32 = 5 * 1024 * 1024;
/** A package is its version, the length of its bytes (compact, at most 4) and its bytes. */
export const MAX_ENCODED_PACKAGE_SIZE: u32 = MAX_WORK_PACKAGE_SIZE + 8;
/** Length of the code of a class or an Authorizer: the longest module that the metered VM accepts. */
export const MAX_GUEST_CODE_SIZE: u32 = 1_048_576;
/** RFC-0031 § Refine: length of the output of one item. */
export const MAX_WORK_OUTPUT_SIZE: i32 = 4096;
/** RFC-0031 § Collection and `is_authorized`: length of an Authorizer's parameter. */
export const MAX_AUTH_PARAM_SIZE: i32 = 1024;
/** D1: length of an encoded Authorization; longer evidence travels in an item. */
export const MAX_AUTHORIZATION_SIZE: i32 = 4096;
/** RFC-0031 § Initial Validation: cores of a chain. */
export const MAX_CORES: i32 = 512;
/** RFC-0031 § Initial Validation: a context block is Recent while `now - height` is less. */
export const RECENT_BLOCKS: u32 = 16;
/** D37: length of the arguments of one call of `prune`. */
export const MAX_PRUNE_SIZE: u32 = 1024 * 1024;
/** D37: length of the arguments of one call of `accumulate`, if they are of more than one package. */
export const MAX_SLICE_SIZE: u32 = 128 * 1024;
/** D23: AuthIds below are the native parachain authorizers. */
export const FIRST_AUTH_ID: u32 = 10_000;
/** D22: class 0 is Parachains. */
export const FIRST_CLASS_ID: u32 = 1;
/** The only version of an encoded package. */
export const PACKAGE_VERSION: u32 = 0;
/** D18: weight of `is_authorized`, in picoseconds: 10 ms. */
export const AUTHORIZE_WEIGHT_PS: u64 = 10_000_000_000;
/** D18: weight of `refine` for all items of a package together, in picoseconds: 2 s. */
export const REFINE_WEIGHT_PS: u64 = 2_000_000_000_000;
/** D27: `state_root` returns roots of the context block and this many blocks before it. */
export const STATE_ROOT_BLOCKS: u32 = 255;
