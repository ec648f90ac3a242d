// What is found out about a module before anything is written: the plan of each body, what it costs to compile, and the
// stack that its functions take.
import { Cursor } from '../format/cursor.js';
import { InvalidModule } from '../format/invalid-module.js';
import type { Limits } from '../format/limits.js';
import type { ParsedModule } from '../format/parse.js';
import type { BodyPlan } from './body-plan.js';
import { Edits } from './body-plan.js';
import { opcodePrices } from './prices.js';
import { Scanner } from './scan.js';
import type { Schedule } from './schedule.js';
import type { StackPlan } from './stack.js';
import { planStack } from './stack.js';

/** The result of scanning. */
export interface Scan {
  readonly module: ParsedModule;
  readonly bodies: readonly BodyPlan[];
  /** See `Limits.mergesOfModule`. */
  readonly merges: number;
}

/** Everything that `rewrite` needs, and that the first call is charged for. */
export interface Plan extends Scan {
  readonly stack: StackPlan;
}

/** Scans every body of a parsed module. Throws `InvalidModule`. */
export function scan(module: ParsedModule, limits: Limits, schedule: Schedule): Scan {
  const codeBytes = module.bodies.reduce((sum, { start, end }) => sum + end - start, 0);
  const context = {
    cursor: new Cursor(module.bytes),
    module,
    limits,
    schedule,
    prices: opcodePrices(schedule),
    edits: new Edits(codeBytes),
  };
  const scanner = new Scanner(context);
  let merges = 0;
  const bodies = module.bodies.map((body, index) => {
    const scanned = scanner.scan(index);
    merges += scanned.merges;
    if (merges > limits.mergesOfModule) {
      throw new InvalidModule(
        `more than ${limits.mergesOfModule} merges of locals and operands in the module`,
        body.start,
      );
    }
    return scanned;
  });
  return { module, bodies, merges };
}

/** Completes the result of scanning. A step of its own, which is done only for modules that V8 has found valid. */
export function plan(scanned: Scan): Plan {
  return { ...scanned, stack: planStack(scanned.module, scanned.bodies) };
}
