// A worker process of the fuzzer: runs one case after another, by the reference or by the VM, until its parent ends.
import type { Case, Verdict } from './vm-case.js';
import { differentiate } from './vm-differential.js';
import { expectationsOf } from './vm-expect.js';

/** What a process is asked: without a verdict for one, with a verdict for a report. */
export interface Question {
  readonly given: Case;
  readonly verdict?: Verdict;
}

/** Serves the parent over its channel. What is thrown is sent as a result. */
export function serve(): void {
  const end = (): never => process.exit();
  process.on('disconnect', end);
  process.on('error', end);
  process.on('message', ({ given, verdict }: Question) => {
    // The parent may have ended in the meantime.
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
