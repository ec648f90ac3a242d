// One entry point of one class, run by the host's machine: the only way in which the chain runs code that it does not trust.
// Spec: RFC-0031 § Join and `prune`, § Accumulate; § Weight of prune and accumulate, 5.
//
// While a guest runs, its host calls come back as exports of this runtime: `Running` tells them for whom. What a guest may
// not do ends the guest, never the block; a fault of this runtime inside such a call ends the block (the host sees to it).
import { Bytes, emptyBytes } from '../../scale';
import { invoke, MachineOutcome } from '../../io';
import { Storage } from '../storage';
import { WorkClasses } from '.';

/** How a class's entry point ended. */
export enum RunOutcome {
  /** It answered. */
  Returned,
  /** It trapped, or did what its entry point may not. */
  Trapped,
  /** It ran out of weight. */
  OutOfWeight,
  /** It ran out of stack. */
  StackExhausted,
  /** Its code is no module that can be run, or lacks the entry point. */
  Invalid,
  /** Its code is not in the Storage pallet. */
  CodeMissing,
  /** It answered, but not with what the entry point answers. */
  Malformed,
}

/** The entry point whose host calls are being served. */
export enum RunningEntry {
  Nothing,
  Prune,
  Accumulate,
}

/** What calling a guest costs before it runs: an instance. */
export const INVOCATION_BASE_PS: u64 = 200_000_000;
/** What each byte of its arguments costs: encoding and copying them. */
export const INVOCATION_PS_PER_BYTE: u64 = 1_000;

/** For whom host calls are served right now. Numbers alone: memory is given back after each host call. */
export class Running {
  // Nothing; the name in place of the number would need a start function.
  static entry: RunningEntry = 0;
  static class: u32 = 0;
  /** Checkpoints that the running guest has made. */
  static checkpoints: u32 = 0;
}

/** What came of a run. */
export class ClassRun {
  constructor(
    public outcome: RunOutcome,
    /** Weight used, the cost of the call included, in picoseconds; at most what was given. */
    public weightUsed: u64,
    /** The encoded answer; empty unless it returned. */
    public output: Bytes,
    /** How many checkpoints it made. */
    public checkpoints: u32,
  ) {}
}

/** Runs `entry` of a class on an encoded tuple of arguments within `weight`, out of which the call itself is paid. */
export function runClass(classId: u32, entry: RunningEntry, args: Bytes, weight: u64): ClassRun {
  const cost = INVOCATION_BASE_PS + INVOCATION_PS_PER_BYTE * <u64>args.length;
  if (weight <= cost) return new ClassRun(RunOutcome.OutOfWeight, weight, emptyBytes(), 0);
  const hash = WorkClasses.codeHash(classId);
  if (hash == null) return new ClassRun(RunOutcome.CodeMissing, 0, emptyBytes(), 0);
  const code = Storage.lookup(hash);
  if (code == null) return new ClassRun(RunOutcome.CodeMissing, 0, emptyBytes(), 0);
  if (Running.entry != RunningEntry.Nothing) throw new Error('work-classes: a guest is running already');
  Running.entry = entry;
  Running.class = classId;
  Running.checkpoints = 0;
  const result = invoke(hash.bytes, code, entry == RunningEntry.Prune ? 'prune' : 'accumulate', args, weight - cost);
  Running.entry = RunningEntry.Nothing;
  // The host stops a guest soon after its limit, not always at it: what it overshoots is nobody's.
  const used = cost + min(result.weightUsed, weight - cost);
  return new ClassRun(outcomeOf(result.outcome), used, result.output, Running.checkpoints);
}

function outcomeOf(outcome: MachineOutcome): RunOutcome {
  switch (outcome) {
    case MachineOutcome.Returned:
      return RunOutcome.Returned;
    case MachineOutcome.Trapped:
      return RunOutcome.Trapped;
    case MachineOutcome.OutOfWeight:
      return RunOutcome.OutOfWeight;
    case MachineOutcome.StackExhausted:
      return RunOutcome.StackExhausted;
    default:
      return RunOutcome.Invalid;
  }
}
