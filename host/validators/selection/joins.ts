// The joins of this author's blocks, and what each is to know of those before it. Spec: D5a.
//
// A package that an earlier join left out may *lead* a block: weight is kept to ask its classes about it, whatever other
// packages made them answer (join/fallback.ts). Which one does is drawn by lot.
import type { WorkReport } from '../../contract/index.js';
import { keyOf } from '../key-of.js';
import { type Below, drawn } from '../lots.js';
import { type Join, join } from '../join/join.js';
import type { PruneCalls } from '../join/prune-calls.js';
import { Probation } from './probation.js';

export class Joins {
  readonly #probation = new Probation();
  /** Reports that a join left out. */
  readonly #leftOut = new WeakSet<WorkReport>();
  readonly #below: Below;

  constructor(below: Below) {
    this.#below = below;
  }

  /** Called for every block that this author makes, perhaps several times. */
  beginBlock(number: number): void {
    this.#probation.beginBlock(number);
  }

  /**
   * Joins `reports`, which are in the order in which they would be Registered. The classes `content` are known to be content
   * with their outputs. `remember` is to be called once the block is made for which this was the last join.
   */
  join(
    reports: readonly WorkReport[],
    calls: PruneCalls,
    content: ReadonlySet<number>,
  ): { joined: Join; remember: () => void } {
    const leader = drawn(this.#mayLead(reports, calls), this.#below);
    // A core is on probation because of any party on it: that does not keep a package of another one from leading.
    const isOnProbation = (report: WorkReport): boolean => report !== leader && this.#probation.has(report);
    const joined = join(reports, calls, { content, isOnProbation, leader, below: this.#below });
    const remember = (): void => {
      for (const report of joined.leftOut.keys()) this.#leftOut.add(report);
      this.#probation.add(joined.unsteady);
      this.#probation.addForOneBlock(joined.colliding);
    };
    return { joined, remember };
  }

  /** Not those whose prerequisite is among `reports`: it comes first. */
  #mayLead(reports: readonly WorkReport[], calls: PruneCalls): WorkReport[] {
    const hashes = new Set(reports.map(({ packageSpec }) => keyOf(packageSpec.hash)));
    return reports.filter((report) => {
      if (!this.#leftOut.has(report) || calls.outputs(report).size === 0) return false;
      const { prerequisite } = report.context;
      return prerequisite === undefined || !hashes.has(keyOf(prerequisite));
    });
  }
}
