// The weight of accumulate against a model: the words of "Weight of prune and accumulate", steps 1 and 3 to 5, and of D37,
// in unbounded integers. Random classes, reports and time of availability; SEED=… repeats a run.
import { describe, expect, test } from '@jest/globals';
import { err, ok, toHex } from '../../host/bytes/index.js';
import type { WorkReport } from '../../host/contract/index.js';
import { Random, seedOf } from '../random.js';
import { fund, registerClass, validate } from './support/corejam.js';
import { Crowd, LONGEST_AUTHORIZATION, resultOfBytes } from './support/crowd.js';
import { guest, UNIT } from './support/guests.js';

const CORES = 12;
const BLOCKS = 12;
/** 75 % of 2·10¹², over 12 cores. */
const WPP = 1_500_000_000_000n / BigInt(CORES);
/** Step 6: what the end of a block takes for a package. */
const ENDING = 100_000_000n;
const SLICE_BYTES = 128 * 1024;

interface Class {
  prune: bigint;
  accumulate: bigint;
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** A slice: its class, its packages, and its budget without what earlier slices and classes left. */
interface Slice {
  class: number;
  packages: string[];
  own: bigint;
}

class Model {
  readonly #classes: ReadonlyMap<number, Class>;
  /** By core, in the order in which they became available. */
  readonly #queues = Array.from({ length: CORES }, (): WorkReport[] => []);
  /** Registered order of every report. */
  readonly #order = new Map<WorkReport, number>();

  constructor(classes: ReadonlyMap<number, Class>) {
    this.#classes = classes;
  }

  prune(work: WorkReport): bigint {
    return sum(work.results.map((result) => this.#classes.get(result.class)!.prune));
  }

  accumulate(work: WorkReport): bigint {
    return sum(work.results.map((result) => this.#classes.get(result.class)!.accumulate));
  }

  /** What its core bears for a package in the block that takes it. */
  taking(work: WorkReport): bigint {
    return this.accumulate(work) + ENDING;
  }

  register(work: WorkReport): void {
    this.#order.set(work, this.#order.size);
  }

  makeAvailable(work: WorkReport): void {
    this.#queues[work.coreIndex]!.push(work);
  }

  /** Step 2: whether the core refuses the report. */
  isBusy(work: WorkReport): boolean {
    const queue = this.#queues[work.coreIndex]!;
    return queue.length >= 2 || (queue.length === 1 && this.prune(work) + this.taking(queue[0]!) > WPP);
  }

  /** The end of a block in which these reports were Registered. */
  accumulateBlock(registered: readonly WorkReport[]): { slices: Slice[]; taken: number } {
    const taken: WorkReport[] = [];
    const surplus = new Map<number, bigint>();
    for (const [core, queue] of this.#queues.entries()) {
      // Step 1: first the new prune, then packages from the head while they fit.
      const pruneNew = sum(registered.filter(({ coreIndex }) => coreIndex === core).map((work) => this.prune(work)));
      const own: WorkReport[] = [];
      while (queue.length > 0 && pruneNew + sum([...own, queue[0]!].map((work) => this.taking(work))) <= WPP)
        own.push(queue.shift()!);
      taken.push(...own);
      // Step 3.
      const rest = WPP - max(pruneNew, sum(own.map((work) => this.prune(work))));
      const unused = max(0n, rest - sum(own.map((work) => this.taking(work))));
      for (const [id, share] of this.#shares(own, unused)) surplus.set(id, (surplus.get(id) ?? 0n) + share);
    }
    taken.sort((a, b) => this.#order.get(a)! - this.#order.get(b)!);
    const ids = [...new Set(taken.flatMap(({ results }) => results.map((result) => result.class)))];
    const slices = ids.sort((a, b) => a - b).flatMap((id) => this.#slices(id, taken, surplus.get(id) ?? 0n));
    return { slices, taken: taken.length };
  }

  /** Step 3: in proportion to refine weight, or to the number of items; the remainder to the lowest class. */
  #shares(own: readonly WorkReport[], unused: bigint): [number, bigint][] {
    const items = own.flatMap(({ results }) => results);
    if (items.length === 0) return [];
    const refined = sum(items.map(({ weight }) => weight));
    const part = (id: number): bigint => {
      const its = items.filter((item) => item.class === id);
      if (refined === 0n) return (unused * BigInt(its.length)) / BigInt(items.length);
      return (unused * sum(its.map(({ weight }) => weight))) / refined;
    };
    const ids = [...new Set(items.map((item) => item.class))].sort((a, b) => a - b);
    const shares = ids.map((id): [number, bigint] => [id, part(id)]);
    shares[0]![1] += unused - sum(shares.map(([, share]) => share));
    return shares;
  }

  /** D37. */
  #slices(id: number, taken: readonly WorkReport[], surplus: bigint): Slice[] {
    const groups: WorkReport[][] = [];
    for (const work of taken.filter(({ results }) => results.some((result) => result.class === id))) {
      const last = groups.at(-1);
      if (last !== undefined && lengthOf([...last, work], id) <= SLICE_BYTES) last.push(work);
      else groups.push([work]);
    }
    const guaranteed = groups.map((group) =>
      sum(
        group
          .flatMap(({ results }) => results.filter((result) => result.class === id))
          .map(() => this.#classes.get(id)!.accumulate),
      ),
    );
    const shares = guaranteed.map((weight) => (surplus * weight) / sum(guaranteed));
    shares[0]! += surplus - sum(shares);
    return groups.map((group, index) => ({
      class: id,
      packages: group.map(({ packageSpec }) => toHex(packageSpec.hash)),
      own: guaranteed[index]! + shares[index]!,
    }));
  }
}

const compact = (value: number): number => (value < 64 ? 1 : value < 16_384 ? 2 : 4);

/** Length of the arguments of `accumulate`, by hand. */
function lengthOf(works: readonly WorkReport[], id: number): number {
  const lengths = works.map(({ authorization, results }) => {
    if (authorization.kind !== 'bulk') throw new Error('the reports here are bulk');
    const { length } = authorization.evidence;
    const own = results.filter((result) => result.class === id);
    // Item hash, class, item hash, Ok with the output or Err with its number, weight.
    const items = own.map(({ result }) => {
      const outcome = result.ok ? 1 + compact(result.value.length) + result.value.length : 2;
      return 32 + 4 + 32 + outcome + 8;
    });
    return 1 + compact(length) + length + compact(own.length) + items.reduce((total, item) => total + item, 0);
  });
  return compact(works.length) + lengths.reduce((total, length) => total + length, 0);
}

describe('steps 1, 3, 4, 5 and 8 of the weights', () => {
  test(`slices, their packages and their budgets are those of the model, over ${BLOCKS} blocks`, async () => {
    const random = new Random(seedOf('accumulation model'));
    const crowd = await Crowd.start(CORES, { timeOut: 100 });
    const { chain } = crowd;
    const classes = new Map<number, Class>();
    // The first needs nearly all of a core's share for four items, and no prune. Some use up their weight or trap.
    for (const accumulate of [UNIT, UNIT, '(loop $l (br $l)) unreachable', UNIT, 'unreachable']) {
      const isFirst = classes.size === 0;
      const requirements = {
        prune: isFirst ? 0n : 500_000_000n + BigInt(random.below(2_000_000_000)),
        accumulate: isFirst ? (WPP - ENDING) / 4n : 450_000_000n + BigInt(random.below(5_000_000_000)),
      };
      const id = registerClass(
        chain,
        guest({ accumulate, data: `(data (i32.const 512) "${classes.size}")` }),
        requirements.prune,
        requirements.accumulate,
      );
      fund(chain, id, 1_000_000_000_000n);
      classes.set(id, requirements);
    }
    const model = new Model(classes);
    const ids = [...classes.keys()];
    let fullOf: number | undefined; // the class of the block's full reports
    const makeReport = (core: number): WorkReport => {
      if (fullOf !== undefined && random.chance(0.9)) {
        const id = fullOf;
        const results = [0, 1, 2, 3].map(() => resultOfBytes(id, ok(new Uint8Array(4_096)), BigInt(random.below(9))));
        return crowd.reportOf(core, results, { authorization: LONGEST_AUTHORIZATION });
      }
      // Weights are often zero for all items, and otherwise of very different sizes.
      const weightless = random.chance(0.2);
      const results = random.list(4, () => {
        const result = random.chance(0.1) ? err('panic' as const) : ok(new Uint8Array(random.pick([0, 63, 64, 4_096])));
        const weight = weightless ? 0n : BigInt(random.below(2 ** random.below(38)));
        return resultOfBytes(random.pick(ids), result, weight);
      });
      const evidence = new Uint8Array(random.pick([0, 63, 64, 4_093]));
      return crowd.reportOf(core, results, { authorization: { kind: 'bulk', evidence } });
    };

    const pending = new Map<number, WorkReport>();
    let [taken, cut, busy] = [0, 0, 0];
    for (let block = 0; block < BLOCKS; block++) {
      // Of few cores, or of nearly all at once.
      const likely = random.pick([0.2, 1]);
      const available = [...pending.keys()].filter(() => random.chance(likely)).sort((a, b) => a - b);
      if (available.length > 0) crowd.makeAvailableNow(available);
      for (const core of available) {
        model.makeAvailable(pending.get(core)!);
        pending.delete(core);
      }
      fullOf = random.bool() ? random.pick(ids) : undefined;
      const candidates = Array.from({ length: CORES }, (_, core) => core)
        .filter((core) => !pending.has(core) && random.chance(0.8))
        .map(makeReport);
      const errors = validate(
        chain,
        candidates.map((work) => crowd.attest(work)),
      );
      const registered = candidates.filter((work, index) => {
        const isTooHeavy = 3n * model.prune(work) > WPP || model.prune(work) + model.taking(work) > WPP;
        const expected = isTooHeavy ? 'LiabilityTooHigh' : model.isBusy(work) ? 'CoreBusy' : undefined;
        expect(errors[index]).toBe(expected);
        if (expected === 'CoreBusy') busy++;
        return expected === undefined;
      });
      crowd.register(registered);
      for (const work of registered) {
        model.register(work);
        pending.set(work.coreIndex, work);
      }
      chain.close();
      const expected = model.accumulateBlock(registered);
      const runs = chain
        .events()
        .filter(({ name }) => name === 'Accumulation.Accumulated')
        .map(
          ({ fields }) => fields as { class_id: number; packages: string[]; weight_given: number; weight_used: number },
        );
      expect(runs.map((run) => [run.class_id, run.packages])).toEqual(
        expected.slices.map((slice) => [slice.class, slice.packages]),
      );
      let left = 0n;
      for (const [index, run] of runs.entries()) {
        const budget = expected.slices[index]!.own + left;
        expect(BigInt(run.weight_given)).toBe(budget);
        expect(BigInt(run.weight_used)).toBeLessThanOrEqual(budget);
        left = budget - BigInt(run.weight_used);
      }
      taken += expected.taken;
      cut += expected.slices.length - new Set(expected.slices.map((slice) => slice.class)).size;
      chain.open();
    }
    // The run was about something.
    expect(taken).toBeGreaterThan(20);
    process.stderr.write(`accumulation model: ${taken} packages, ${cut} cuts, ${busy} refused as busy\n`);
  }, 300_000);
});
