// The reference's side of the fuzzer: chooses the calls of a module, and calculates their results.
//
// Each call is run five times: with plenty of fuel, with one unit less than it used, with a random part of it, with
// exactly the stack that it used, and with one unit of stack less. A last run makes all calls in a row on one instance.
import { InvalidModule, prepare } from '../../host/vm/index.js';
import type { PreparedModule } from '../../host/vm/index.js';
import { Reference } from '../unit/vm/reference.js';
import type { Case, Run, Step, Verdict } from './vm-case.js';
import { SCHEDULES } from './vm-case.js';
import { Dice, edge, I32, I64 } from './vm-dice.js';
import { referenceMachine } from './vm-machines.js';

const CALLS_MAX = 4;

/** What must come of a case. Throws where the reference contradicts itself. */
export function expectationsOf(given: Case): Verdict {
  const schedule = SCHEDULES[given.schedule]!;
  let module: PreparedModule;
  try {
    module = prepare(given.code, { schedule });
  } catch (error) {
    if (!(error instanceof InvalidModule)) throw error;
    return { refused: error.reason, offset: error.offset };
  }
  const play = (steps: readonly Step[]): { run: Run; stackUsed: number } => {
    let stackUsed = 0;
    const machine = referenceMachine(
      (host) => new Reference(given.code, 0n, host, schedule),
      module,
      (result) => {
        ({ stackUsed } = result);
        const { outcome, executed, fuelUsed } = result;
        const [charged, done] = [Number(fuelUsed), executed];
        const exact = outcome === 'returned' ? done === charged : done <= charged || outcome === 'outOfFuel';
        if (!exact) throw new Error(`the reference charged ${fuelUsed} for ${executed} executed, ${outcome}`);
      },
    );
    const answers: Run['answers'][number][] = [];
    for (const step of steps) {
      answers.push(machine.call(step));
      if (answers.at(-1)!.outcome !== 'returned') break;
    }
    return { run: { steps: steps.slice(0, answers.length), answers }, stackUsed };
  };
  if (given.runs !== undefined) return { runs: given.runs.map((steps) => play(steps).run) };

  const dice = new Dice(given.seed ^ 0x5eed);
  const runs: Run[] = [];
  const calls = callsOf(module, dice);
  for (const step of calls) {
    const plenty = play([step]);
    const [{ used }] = plenty.run.answers as [Run['answers'][number]];
    runs.push(plenty.run);
    if (used > 0) runs.push(play([{ ...step, fuel: used - 1 }]).run, play([{ ...step, fuel: dice.roll(used) }]).run);
    if (plenty.stackUsed > step.stack) continue;
    runs.push(play([{ ...step, fuel: used, stack: plenty.stackUsed }]).run);
    if (plenty.stackUsed > 0) runs.push(play([{ ...step, stack: plenty.stackUsed - 1 }]).run);
  }
  if (calls.length > 1) runs.push(play(calls).run);
  return { runs };
}

function callsOf(module: PreparedModule, dice: Dice): Step[] {
  const { entries } = module.facts;
  if (entries.length === 0) return [];
  return dice.many(Math.min(CALLS_MAX, entries.length * 2), () => {
    const { name, signature } = dice.pick(entries);
    const args = signature.params.map((type) => edge(dice, type === 'i32' ? I32 : I64));
    return { entry: name, args, fuel: dice.pick([2_000, 10_000, 10_000, 50_000]), stack: dice.pick([100, 700, 1_500]) };
  });
}
