// Why a candidate is not in the block, and what the answers of its classes mean for it. Spec: D5a.
import type { WorkReport } from '../../contract/index.js';
import type { Departure } from './entries.js';
import type { ClassAnswer } from './prune-calls.js';

/** Why a candidate is not in the block. */
export type LeftOut =
  /** Class `class` named it on top of the packages taken, and no other package. It is not tried again. */
  | { readonly kind: 'pruned'; readonly class: number; readonly reason: string }
  | { readonly kind: 'postponed'; readonly reason: string }
  /** There was no room to find out what its classes answer: nothing is known about the package. */
  | { readonly kind: 'unchecked'; readonly reason: string };

export const TOTAL_USED_UP = 'the weight that a block has for the checks of Work Classes was used up';

/**
 * What the answers of its classes mean for a package that was added last. A class may conclude it if it was called with
 * all outputs that could matter.
 */
export function verdictOf(
  answers: ReadonlyMap<number, ClassAnswer>,
  report: WorkReport,
  isConclusive: (id: number) => boolean,
): 'taken' | LeftOut {
  let pruned: LeftOut | undefined;
  let spared: LeftOut | undefined;
  for (const [id, answer] of answers) {
    if (answer.kind === 'failed') return { kind: 'postponed', reason: failureOf(id, answer.reason) };
    if (answer.kind !== 'named') continue;
    if (answer.reports.size === 1 && answer.reports.has(report)) {
      if (!isConclusive(id))
        spared ??= {
          kind: 'postponed',
          reason: `Work Class ${id} rejected the package, called without other packages`,
        };
      pruned ??= { kind: 'pruned', class: id, reason: `Work Class ${id} rejected an output of the package` };
    } else {
      spared ??= { kind: 'postponed', reason: `Work Class ${id} rejected outputs of other packages because of it` };
    }
  }
  return spared ?? pruned ?? 'taken';
}

/** The verdict on a package that left the set, and could not be tried afterwards. */
export function untried(departure: Departure | undefined, failed: ReadonlyMap<number, string>): LeftOut {
  switch (departure?.why) {
    case 'named':
      return {
        kind: 'postponed',
        reason: `Work Class ${departure.class} rejected an output of the package beside others`,
      };
    case 'failedClass':
      return { kind: 'postponed', reason: failureOf(departure.class, failed.get(departure.class) ?? '') };
    case 'outside':
    case 'unsettled':
      return { kind: 'unchecked', reason: TOTAL_USED_UP };
    case 'probation':
    case 'dependent':
    case undefined:
      return { kind: 'postponed', reason: 'its prerequisite is not in the block' };
  }
}

function failureOf(id: number, reason: string): string {
  return `Work Class ${id} failed: ${reason}`;
}
