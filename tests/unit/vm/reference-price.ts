// Prices of instructions, implemented independently from the description of the schedule, and the places at which
// segments open.
import type { Schedule } from '../../../host/vm/index.js';
import type { Code, Instruction } from './reference-decode.js';

/** Price of executing one instruction, without what depends on a size. */
export function priceOf(schedule: Schedule, { op, targets }: Instruction): number {
  if (op <= 0x03 || op === 0x05 || op === 0x0b || op === 0x1a) return 0; // unreachable nop block loop else end drop
  if (op === 0x0e) return schedule.brTable + Math.floor((targets.length - 1) / schedule.brTableTargetsPerFuel);
  if (op === 0x10) return schedule.call;
  if (op === 0x11) return schedule.callIndirect;
  if (op === 0x23 || op === 0x24) return schedule.global;
  if (op >= 0x28 && op <= 0x35) return schedule.load;
  if (op >= 0x36 && op <= 0x3e) return schedule.store;
  if (op === 0x40) return schedule.grow;
  if (op >= 0x6d && op <= 0x70) return schedule.divide32;
  if (op >= 0x7f && op <= 0x82) return schedule.divide64;
  if (op === 0x77 || op === 0x78 || op === 0x89 || op === 0x8a) return schedule.rotate;
  if (op === 0xfc) return schedule.bulk;
  return schedule.operator;
}

/**
 * For each instruction of a function: does reaching it open a segment? By the rule in `host/vm/metering/scan.ts`, found here
 * from the branches instead of during a walk. `reachable` are the instructions that control can arrive at.
 */
export function segmentStarts(code: Code): { readonly opens: boolean[]; readonly reachable: boolean[] } {
  const { body } = code;
  const jumps = branches(body);
  const reachable = Array<boolean>(body.length).fill(false);
  const work = [0];
  while (work.length > 0) {
    const at = work.pop()!;
    if (reachable[at] === true) continue;
    reachable[at] = true;
    work.push(...next(body, jumps, at));
  }
  const opens = Array<boolean>(body.length).fill(false);
  opens[0] = true;
  body.forEach((instruction, at) => {
    if (reachable[at] !== true) return;
    if (instruction.op === 0x0d) opens[at + 1] = true; // after br_if
    if (instruction.op === 0x03) opens[at + 1] = true; // a loop's head
    if (instruction.op === 0x04) {
      opens[at + 1] = true;
      if (instruction.otherwise >= 0) opens[instruction.otherwise + 1] = true;
      else opens[instruction.end + 1] = true; // joined from the condition
    }
    // Where a live then-arm or a branch arrives, the code after the `end` is reached from elsewhere than just before.
    if (instruction.op === 0x05) opens[instruction.end + 1] = true;
    for (const target of jumps[at]!) if (body[target - 1]!.op === 0x0b) opens[target] = true;
  });
  return { opens, reachable };
}

/** Where each instruction may branch to: after the end of a block, or a loop's first instruction. */
function branches(body: readonly Instruction[]): number[][] {
  const open: { instruction: Instruction; at: number }[] = [];
  return body.map((instruction, at) => {
    const labels = instruction.op === 0x0c || instruction.op === 0x0d ? [instruction.a] : instruction.targets;
    const jumps = labels.flatMap((depth) => {
      const target = open[open.length - 1 - depth];
      if (target === undefined) return []; // the function's own label
      return [target.instruction.op === 0x03 ? target.at + 1 : target.instruction.end + 1];
    });
    if (instruction.op === 0x02 || instruction.op === 0x03 || instruction.op === 0x04) open.push({ instruction, at });
    if (instruction.op === 0x0b) open.pop();
    return jumps;
  });
}

function next(body: readonly Instruction[], jumps: readonly number[][], at: number): number[] {
  const { op, otherwise, end } = body[at]!;
  if (op === 0x00 || op === 0x0f || at === body.length - 1) return [];
  if (op === 0x0c || op === 0x0e) return jumps[at]!;
  if (op === 0x0d) return [at + 1, ...jumps[at]!];
  if (op === 0x04) return [at + 1, otherwise >= 0 ? otherwise + 1 : end + 1];
  if (op === 0x05) return [end + 1];
  return [at + 1];
}
