// Runs an entry point of a class on the host's machine: the only place where the chain runs untrusted code.
// Spec: RFC-0031 § Join and `prune`, § Accumulate; § Weight of prune and accumulate, 5.
//
// While a guest runs, the host passes its host calls to exports of this runtime; `Running` has the class. A guest that
// breaks a rule ends only its own run. A panic of this runtime inside such a call makes the block fail (in the host).
import { invoke } from '../../io';
import { H256 } from '../../primitives';
import { RunOutcome } from '../../primitives/corejam';
import { Bytes, emptyBytes } from '../../scale';
import { lookupPreimage } from '../storage';
import { invocationCost } from './bounds';
import { RunningEntry } from './entry';
import { WorkClasses } from './state';

/** The current run. Only numbers: memory is freed after each host call. */
export class Running {
  // RunningEntry.Nothing, which by name would need a start function.
  @transient('set while a guest runs: its host calls enter this instance again') static entry: RunningEntry = 0;
  @transient('as above') static class: u32 = 0;
  /** Number of checkpoints so far. */
  @transient('as above') static checkpoints: u32 = 0;
}

/** The result of a run. */
export class ClassRun {
  constructor(
    public outcome: RunOutcome,
    /** Weight used, including the cost of the call, in picoseconds; at most the given weight. */
    public weightUsed: u64,
    /** The encoded result; empty unless it returned. */
    public output: Bytes,
    /** Number of checkpoints. */
    public checkpoints: u32,
  ) {}
}

/** The code of a class. */
export class ClassCode {
  constructor(
    public hash: H256,
    public code: Bytes,
  ) {}
}

/** The code of a class, or null if it is not stored. */
export function loadCode(classId: u32): ClassCode | null {
  const hash = WorkClasses.classCodeHash.get(classId);
  if (hash == null) return null;
  const code = lookupPreimage(hash);
  return code == null ? null : new ClassCode(hash, code);
}

/**
 * Runs `entry` of a class on an encoded tuple of arguments within `weight`, which includes the cost of the call. A result of
 * more than `outputMax` bytes is malformed.
 */
export function runClass(classId: u32, entry: RunningEntry, args: Bytes, weight: u64, outputMax: u32): ClassRun {
  return runCode(classId, loadCode(classId), entry, args, weight, outputMax);
}

/** As `runClass`, with the class's code, for a class that runs several times. */
export function runCode(
  classId: u32,
  loaded: ClassCode | null,
  entry: RunningEntry,
  args: Bytes,
  weight: u64,
  outputMax: u32,
): ClassRun {
  const cost = invocationCost(entry, <u32>args.length, loaded == null ? 0 : <u32>loaded.code.length);
  if (weight <= cost) return new ClassRun(RunOutcome.OutOfWeight, weight, emptyBytes(), 0);
  if (loaded == null) return new ClassRun(RunOutcome.CodeMissing, cost, emptyBytes(), 0);
  if (Running.entry != RunningEntry.Nothing) throw new Error('work-classes: a guest is running already');
  Running.entry = entry;
  Running.class = classId;
  Running.checkpoints = 0;
  const result = invoke(loaded.hash.bytes, loaded.code, nameOf(entry), args, weight - cost, outputMax);
  Running.entry = RunningEntry.Nothing;
  // The host stops a guest soon after its limit, not always at it. The overshoot is not charged.
  const used = cost + min(result.weightUsed, weight - cost);
  return new ClassRun(result.outcome, used, result.output, Running.checkpoints);
}

function nameOf(entry: RunningEntry): string {
  return entry == RunningEntry.Prune ? 'prune' : 'accumulate';
}
