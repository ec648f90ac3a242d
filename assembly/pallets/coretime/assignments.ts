// Assignments of cores, with their recent history. Spec: RFC-0031 § Notes on Agile Coretime; D7, D23.
import { DispatchResult, OK } from '../../frame';
import { RECENT_BLOCKS } from '../../primitives/corejam';
import { none, Option } from '../../scale';
import { isRegistered, noteAssigned, noteUnassigned } from '../authorizations';
import { System } from '../system';
import { Assignment, Coretime, CoretimeError, CoretimeEvent } from './state';

/** Assigns a core from this block's state on, and removes assignments older than all recent blocks. */
export function doAssign(core: u16, authId: Option<u32>): DispatchResult {
  if (core >= Coretime.cores.get()) return CoretimeError.NoSuchCore;
  if (authId.isSome && !isRegistered(authId.value)) return CoretimeError.NotRegistered;
  const now = System.number.get();
  const history = Coretime.assignments.get(core);
  const ended = assignedIn(history, now);
  const kept = new Array<Assignment>();
  for (let i = 0; i < history.length; i++) {
    // Superseded in block `end`. Contexts and shares look back at most RECENT_BLOCKS.
    const end = i + 1 < history.length ? history[i + 1].since : now;
    if (now - end < RECENT_BLOCKS && history[i].since != now) kept.push(history[i]);
  }
  const assignment = new Assignment();
  assignment.since = now;
  assignment.authId = authId;
  kept.push(assignment);
  Coretime.assignments.set(core, kept);
  if (ended.isSome) noteUnassigned(ended.value);
  if (authId.isSome) noteAssigned(authId.value);
  CoretimeEvent.Assigned(core, authId);
  return OK;
}

/** The AuthId of `core` in the state of block `number`, one of the last RECENT_BLOCKS; none if idle. */
export function assignedAt(core: u16, number: u32): Option<u32> {
  return assignedIn(Coretime.assignments.get(core), number);
}

/** The last assignment that began at or before block `number`. */
export function assignedIn(history: Array<Assignment>, number: u32): Option<u32> {
  for (let i = history.length - 1; i >= 0; i--) {
    if (history[i].since <= number) return history[i].authId;
  }
  return none<u32>();
}
