// How a run of a guest ends, from the machine that runs it to the events that report it.

/**
 * How an entry point of a Work Class ended. The host's machine reports the first five, by these numbers.
 * @path pallet_work_classes::RunOutcome
 */
export enum RunOutcome {
  /** It returned. */
  Returned,
  /** It trapped, or called a function that its entry point may not call. */
  Trapped,
  /** It ran out of weight. */
  OutOfWeight,
  /** It ran out of stack. */
  StackExhausted,
  /** Its code is not a module that can run, or lacks the entry point. */
  Invalid,
  /** Its code is not in the Storage pallet. */
  CodeMissing,
  /** It returned something that the entry point does not return. */
  Malformed,
}
