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
  const end = (): never => process.exit();
  process.on('disconnect', end);
  process.on('error', end);
  process.on('message', ({ given, verdict }: Question) => {
    // A parent that has gone in the meantime needs no answer.
    const tell = (message: object): void =>
      void process.send!(message, (error: Error | null) => error !== null && end());
    try {
      tell({ answer: verdict === undefined ? expectationsOf(given) : differentiate(given, verdict) });
    } catch (error) {
      const { stack, cause } = error as Error;
      tell({ thrown: `${stack ?? String(error)}${cause === undefined ? '' : ` (${String(cause)})`}` });
    }
  });
}
