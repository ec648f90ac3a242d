// Which report leads the join of a block: weight is kept to ask its classes about it, whatever other packages made classes
// answer (join/fallback.ts). Spec: D5a.
//
// Cores lead in turn, the one first whose last report was Registered, or which last led, the longest time ago. So a core whose
// packages are in no family's base, and which others keep from being tried, leads after at most as many blocks as there
// are cores that wait as long.
import type { WorkReport } from '../../contract/index.js';
import { keyOf } from '../key-of.js';

export class Leading {
  /** By core: the last block in which it led. */
  readonly #last = new Map<number, number>();

  /**
   * The report that leads, of `reports`, which are in order. `places` has the block of each core's last Registered report. One
   * whose prerequisite is among `reports` does not lead.
   */
  of(reports: readonly WorkReport[], places: (core: number) => number): WorkReport | undefined {
    const hashes = new Set(reports.map(({ packageSpec }) => keyOf(packageSpec.hash)));
    let [leader, longest]: [WorkReport | undefined, number] = [undefined, Infinity];
    for (const report of reports) {
      const { prerequisite } = report.context;
      if (prerequisite !== undefined && hashes.has(keyOf(prerequisite))) continue;
      const last = Math.max(places(report.coreIndex), this.#last.get(report.coreIndex) ?? -1);
      if (last < longest) [leader, longest] = [report, last];
    }
    return leader;
  }

  /** Notes that the core led block `number`. */
  led(core: number, number: number): void {
    this.#last.set(core, number);
  }
}
