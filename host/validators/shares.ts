// Each core's share of the node's bounds: the packages that are authorized and not concluded. Spec: D40.
import { fitsBytes, type Bounds } from './bounds.js';

/** The authorized packages, by core. */
export class Shares {
  readonly #counts = new Map<number, number>();
  readonly #bounds: Bounds;
  #bytes = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** Number of the core's packages. */
  count(core: number): number {
    return this.#counts.get(core) ?? 0;
  }

  /** Bytes of the packages of all cores. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the core may have another package of so many bytes. */
  hasRoom(core: number, bytes: number): boolean {
    const { corePackagesMax, authorizedBytesMax } = this.#bounds;
    const count = this.count(core);
    return count < corePackagesMax && fitsBytes(bytes, count, this.#bytes, authorizedBytesMax);
  }

  /** Counts a package. The caller has checked that there is room. */
  add(core: number, bytes: number): void {
    this.#counts.set(core, this.count(core) + 1);
    this.#bytes += bytes;
  }

  /** Counts a package no more. */
  remove(core: number, bytes: number): void {
    const left = this.count(core) - 1;
    if (left < 0) throw new RangeError(`core ${core} has no package that could be concluded`);
    if (left === 0) this.#counts.delete(core);
    else this.#counts.set(core, left);
    this.#bytes -= bytes;
  }
}
