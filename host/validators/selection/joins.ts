// The joins of this author's blocks, and what each is to know of those before it. Spec: D5a.
import type { WorkReport } from '../../contract/index.js';
import { type Join, join, type JoinOptions } from '../join/join.js';
import type { PruneCalls } from '../join/prune-calls.js';
import { Leading } from './leading.js';
import { Probation } from './probation.js';

export interface JoinTerms extends Pick<JoinOptions, 'content' | 'below'> {
  /** The block of a core's last Registered report, by which it has its place; −1 if there is none. */
  readonly placeOf: (core: number) => number;
}

export class Joins {
  readonly #probation = new Probation();
  readonly #leading = new Leading();
  #block = -1;

  /** Called for every block that this author makes, perhaps several times. */
  beginBlock(number: number): void {
    this.#block = number;
    this.#probation.beginBlock(number);
  }

  /**
   * Joins `reports`, which are in the order in which they would be Registered. `remember` is to be called once the block is
   * made for which this was the last join.
   */
  join(
    reports: readonly WorkReport[],
    calls: PruneCalls,
    { placeOf, ...terms }: JoinTerms,
  ): { joined: Join; remember: () => void } {
    const isOnProbation = (report: WorkReport): boolean => this.#probation.has(report);
    const leader = this.#leading.of(
      reports.filter((report) => calls.outputs(report).size > 0 && !isOnProbation(report)),
      placeOf,
    );
    const joined = join(reports, calls, { ...terms, isOnProbation, leader });
    const block = this.#block;
    const remember = (): void => {
      if (leader !== undefined) this.#leading.led(leader.coreIndex, block);
      this.#probation.add(joined.unsteady);
      this.#probation.addForOneBlock(joined.colliding);
    };
    return { joined, remember };
  }
}
