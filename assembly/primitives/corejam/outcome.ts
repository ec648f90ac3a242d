// Outcomes of guest runs, used by the machine, host calls and events.

/**
 * How an entry point of a Work Class ended. The host returns all except `CodeMissing`.
 * @path pallet_work_classes::RunOutcome
 */
export enum RunOutcome {
  /** Returned. */
  Returned,
  /** Trapped, or made a forbidden host call. */
  Trapped,
  /** Ran out of weight. */
  OutOfWeight,
  /** Ran out of stack. */
  StackExhausted,
  /** The code can't run, or lacks the entry point. */
  Invalid,
  /** The code is not in the Storage pallet. */
  CodeMissing,
  /** The result has the wrong type, or is too long for it. */
  Malformed,
}
