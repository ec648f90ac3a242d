// `ext_storage_proof_size_*`: a function of Cumulus, which parachains' runtimes import, not of sp-io.
import { define, type Family } from '../host.js';

/** In place of a size, where no proof is recorded. */
const NOT_RECORDED = (1n << 64n) - 1n;

export const proofSize: Family = {
  /** This host records no proof of what a block reads. */
  ext_storage_proof_size_storage_proof_size_version_1: define([], 'i64', () => NOT_RECORDED),
};
