// Runs one entry point of one class on the host's machine: the only way in which the chain runs untrusted code.
// Spec: RFC-0031 § Join and `prune`, § Accumulate; § Weight of prune and accumulate, 5.
//
// While a guest runs, its host calls come back as exports of this runtime; `Running` has the class that they serve. A guest that
// breaks a rule ends its own run, never the block. A fault of this runtime inside such a call ends the block (the host sees to it).
import { invoke } from '../../io';
import { RunOutcome } from '../../primitives/corejam';
import { Bytes, emptyBytes } from '../../scale';
import { lookupPreimage } from '../storage';
import { INVOCATION_BASE_PS, INVOCATION_PS_PER_BYTE, WorkClasses } from './state';

/** The entry point whose host calls are served. */
export enum RunningEntry {
  Nothing,
  Prune,
  Accumulate,
}

/** The run whose host calls are served. Numbers only: memory is freed after each host call. */
export class Running {
  // Nothing; by name it would need a start function.
  @transient('set while a guest runs: its host calls enter this instance again') static entry: RunningEntry = 0;
  @transient('as above') static class: u32 = 0;
  /** Checkpoints that the guest has made. */
  @transient('as above') static checkpoints: u32 = 0;
}

/** The result of a run. */
export class ClassRun {
  constructor(
    public outcome: RunOutcome,
    /** Weight used, the cost of the call included, in picoseconds; at most what was given. */
    public weightUsed: u64,
    /** The encoded result; empty unless it returned. */
    public output: Bytes,
    /** Number of checkpoints that it made. */
    public checkpoints: u32,
  ) {}
}

/** Runs `entry` of a class on an encoded tuple of arguments within `weight`, of which the call itself is paid. */
export function runClass(classId: u32, entry: RunningEntry, args: Bytes, weight: u64): ClassRun {
  const cost = INVOCATION_BASE_PS + INVOCATION_PS_PER_BYTE * <u64>args.length;
  if (weight <= cost) return new ClassRun(RunOutcome.OutOfWeight, weight, emptyBytes(), 0);
  const hash = WorkClasses.classCodeHash.get(classId);
  if (hash == null) return new ClassRun(RunOutcome.CodeMissing, 0, emptyBytes(), 0);
  const code = lookupPreimage(hash);
  if (code == null) return new ClassRun(RunOutcome.CodeMissing, 0, emptyBytes(), 0);
  if (Running.entry != RunningEntry.Nothing) throw new Error('work-classes: a guest is running already');
  Running.entry = entry;
  Running.class = classId;
  Running.checkpoints = 0;
  const result = invoke(hash.bytes, code, entry == RunningEntry.Prune ? 'prune' : 'accumulate', args, weight - cost);
  Running.entry = RunningEntry.Nothing;
  // The host stops a guest soon after its limit, not always at it. The overshoot is not charged.
  const used = cost + min(result.weightUsed, weight - cost);
  return new ClassRun(result.outcome, used, result.output, Running.checkpoints);
}
