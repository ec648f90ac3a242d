// The entry points of a class that run on-chain.

/** Which of them runs. */
export enum RunningEntry {
  Nothing,
  Prune,
  Accumulate,
}
