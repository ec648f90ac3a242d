// The rounds of the join: removes packages from the block's set until every class is content with what is left.
//
// Spec: RFC-0031 § Join and `prune`; D5a. In the first round all classes are called. Then classes whose outputs changed
// are called again, those with the smallest allotment first: a class waits while smaller ones could still change what
// it has, unless all that is called before it costs less than it does.
//
// A class makes others repeat their checks by objecting to packages that it shares with them, and any party may have
// registered it. Therefore two calls of each class with its family's packages (families.ts) are reserved, and half of
// the rest is left for trials (trials.ts), or what is kept for the leader's trial if that is more. When a round would need
// more than the other half, families are settled separately (fallback.ts).
//
// With every core at its limit (Σ prune = wpp / 3), first calls have a third of the total, and the reserve is at most two
// thirds.
import type { Entry } from './entries.js';
import type { Below } from '../lots.js';
import { Fallback } from './fallback.js';
import { type Due, type JoinSet, sumPs } from './set.js';
import { API_CALL_PS, type PruneCalls } from './prune-calls.js';

/** Runs rounds until every class is content with the set. Returns whether families had to be settled separately. */
export function settle(
  set: JoinSet,
  calls: PruneCalls,
  leader: Entry | undefined,
  below: Below,
): { fellBack: boolean } {
  const fallback = new Fallback(set, calls, leader, below);
  const { reservedPs } = fallback;
  const first = affordable(set.due(), calls);
  if (first.length > 0) set.ask(first.map(({ id }) => id));
  const unreservedPs = calls.leftPs - reservedPs;
  const forTrialsPs = reservedPs + (unreservedPs > 0n ? unreservedPs / 2n : 0n);
  for (let due = set.due(); due.length > 0; due = set.due()) {
    const asked = smallest(due);
    const { heldPs } = fallback;
    const keptPs = forTrialsPs > heldPs ? forTrialsPs : heldPs;
    if (!calls.affords(keptPs + sumPs(asked))) {
      fallback.settle();
      return { fellBack: true };
    }
    set.ask(asked.map(({ id }) => id));
  }
  return { fellBack: false };
}

/** The first of `due` that are affordable together. */
function affordable(due: readonly Due[], calls: PruneCalls): readonly Due[] {
  let sum = 0n;
  const end = due.findIndex(({ allotmentPs }) => !calls.affords((sum += allotmentPs)));
  return end < 0 ? due : due.slice(0, end);
}

/** The first of `due`, and those after it that together cost no more than what is called before them. */
function smallest(due: readonly Due[]): readonly Due[] {
  let sum = API_CALL_PS;
  const end = due.findIndex(({ allotmentPs }, index) => {
    if (index > 0 && allotmentPs > sum) return true;
    sum += allotmentPs;
    return false;
  });
  return end < 0 ? due : due.slice(0, end);
}
