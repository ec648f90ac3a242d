// How many packages, and how many bytes of them, a node keeps at a time. Spec: D40.
import { MAX_ENCODED_PACKAGE_SIZE, RECENT_BLOCKS } from '../../contract/index.js';

const MIB = 1024 * 1024;

/** Bounds on counts, and on bytes of encoded packages. */
export interface Bounds {
  /**
   * Packages of one core, from their authorization to their last stage. A core can Register one a block, and none that
   * is older than RECENT_BLOCKS, so more than a few times that many only wait until they expire.
   */
  readonly corePackagesMax: number;
  /**
   * Bytes of all authorized packages together. Beyond it, each core may still have one, of the greatest size. Until a
   * package's shards are handed out they take about three times its length: so four times this, or four times the
   * greatest size for each core.
   */
  readonly authorizedBytesMax: number;
  /** Packages in one queue for authorization: of one core, or of those that name no core. */
  readonly queuePackagesMax: number;
  /** Bytes of all packages that wait for authorization. Beyond it, each queue may still have one. */
  readonly queuedBytesMax: number;
  /** AuthIds that a package which names no core is tried with. */
  readonly anyTriesMax: number;
}

/** The node's bounds, unless its options have others. */
export const BOUNDS: Bounds = {
  corePackagesMax: 8 * RECENT_BLOCKS,
  authorizedBytesMax: 256 * MIB,
  queuePackagesMax: 64,
  queuedBytesMax: 64 * MIB,
  anyTriesMax: 8,
};

/** Whether bytes of one package fit a place that may always have one package. */
export function fitsBytes(bytes: number, packagesHere: number, bytesEverywhere: number, bytesMax: number): boolean {
  return packagesHere === 0 ? bytes <= MAX_ENCODED_PACKAGE_SIZE : bytesEverywhere + bytes <= bytesMax;
}
