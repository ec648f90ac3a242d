// A process of the fuzzer: answers one case after another, as the reference or as the VM, until its parent is gone.
import type { Case, Verdict } from './vm-case.js';
import { differentiate } from './vm-differential.js';
import { expectationsOf } from './vm-expect.js';

/** What a process is asked: without a verdict for one, with a verdict for a report. */
export interface Question {
  readonly given: Case;
  readonly verdict?: Verdict;
}

/** Serves over the channel to the parent. What is thrown is an answer too. */
export function serve(): void {
  process.on('disconnect', () => process.exit());
  process.on('message', ({ given, verdict }: Question) => {
    try {
      process.send!({ answer: verdict === undefined ? expectationsOf(given) : differentiate(given, verdict) });
    } catch (error) {
      const { stack, cause } = error as Error;
      process.send!({ thrown: `${stack ?? String(error)}${cause === undefined ? '' : ` (${String(cause)})`}` });
    }
  });
}
