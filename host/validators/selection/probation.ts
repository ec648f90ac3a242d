// Cores whose packages made the join of a block fall back to separate families (join/fallback.ts): a class objected to
// them in a repeated call. For a while, their packages are tried after all others only, on top of those taken, unless one
// leads (joins.ts).
//
// A party that keeps other packages out of a block by such objections has lost this means for a while. Only the AuthId
// that a package was authorized by is on probation on its core, not the next one to which the core is assigned. Spec: D5a.
// One that collides at once may be honest: it is on probation for one block, so that the next block has its calls.
import type { WorkReport } from '../../contract/index.js';
import { ForBlocks } from './for-blocks.js';

/** For how many further blocks of this author a core is on probation. */
const PROBATION_BLOCKS = 16;

export class Probation {
  readonly #parties = new ForBlocks<string>(PROBATION_BLOCKS);

  /** Called for every block that this author makes, perhaps several times. */
  beginBlock(height: number): void {
    this.#parties.beginBlock(height);
  }

  add(reports: readonly WorkReport[]): void {
    for (const report of reports) this.#parties.add(partyOf(report));
  }

  /** For the next block only. */
  addForOneBlock(reports: readonly WorkReport[]): void {
    for (const report of reports) this.#parties.add(partyOf(report), 1);
  }

  has(report: WorkReport): boolean {
    return !this.#parties.isEmpty && this.#parties.has(partyOf(report));
  }
}

function partyOf({ coreIndex, authId }: WorkReport): string {
  return `${coreIndex} ${authId ?? 'none'}`;
}
