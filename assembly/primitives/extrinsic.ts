// Extrinsics as runtime APIs take them.
import { Bytes } from '../scale';

/**
 * An encoded extrinsic, without its compact length. The compiler knows this alias: metadata describes it as sp_runtime's
 * UncheckedExtrinsic, by which clients find how extrinsics are built.
 */
export type UncheckedExtrinsic = Bytes;
