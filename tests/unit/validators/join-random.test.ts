// The author's join (D5a) over random packages and classes of every kind, honest and not.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, toHex, utf8 } from '../../../host/bytes/index.js';
import type { WorkReport } from '../../../host/contract/index.js';
import type { Joined } from '../../../host/validators/join/join.js';
import { API_CALL_PS } from '../../../host/validators/join/prune-calls.js';
import { Random, seedOf } from '../../random.js';
import {
  type Call,
  firstOfLetter,
  GENEROUS_PS,
  indices,
  joinOf,
  nameOf,
  overran,
  report,
  type Script,
  scripted,
  trapped,
} from './join-world.js';

const RUNS = 400;
/** Classes below this one are honest: of outputs with the same first letter they accept the first. */
const FIRST_DISHONEST = 4;

/** A number that depends on a class and its outputs only: `prune` is a function of its input. */
const roll = (outputs: readonly string[], id: number, below: number): number => {
  const bytes = blake2_256(utf8(`${id} ${outputs.join(' ')}`));
  return (bytes[0]! * 256 + bytes[1]!) % below;
};

/** Dishonest classes, by kind. */
const DISHONEST: readonly Script[] = [
  () => overran,
  (outputs) => (outputs.length > 1 ? trapped : undefined),
  (outputs, id) => (roll(outputs, id, 2) === 0 ? { kind: 'malformed' } : undefined),
  (outputs) => indices(outputs.length), // out of range
  (outputs) => indices(outputs.length - 1), // always names the last one
  (outputs) => (outputs.length > 1 ? indices(0) : undefined), // one after the other, while there are two
  (outputs) => (outputs.length % 2 === 0 ? indices(...outputs.keys()) : undefined), // alternates
  (outputs, id) => indices(...[...outputs.keys()].filter((at) => roll(outputs, id + at, 3) === 0)), // lies
];

interface Scene {
  reports: WorkReport[];
  script: Script;
  perOutputPs: Record<number, bigint>;
}

function scene(random: Random): Scene {
  const count = 1 + random.below(14);
  const kinds = new Map<number, Script>();
  const perOutputPs: Record<number, bigint> = {};
  for (let id = 1; id < FIRST_DISHONEST + 4; id++) {
    kinds.set(id, id < FIRST_DISHONEST ? firstOfLetter : random.pick(DISHONEST));
    perOutputPs[id] = random.pick([0n, 1n, 1_000n, 1_000_000_000n, 40_000_000_000n]);
  }
  const names = Array.from({ length: count }, (_, index) => `${random.pick([...'abcd'])}${index}`);
  const classes = (): number => (random.chance(0.6) ? 1 + random.below(FIRST_DISHONEST - 1) : 1 + random.below(7));
  const reports = names.map((name, index) =>
    report(
      name,
      Array.from({ length: random.below(4) }, () => classes() * (random.chance(0.1) ? -1 : 1)),
      index > 0 && random.chance(0.25) ? names[random.below(index)] : undefined,
    ),
  );
  return { reports, script: (outputs, id) => kinds.get(id)!(outputs, id), perOutputPs };
}

const outputsOf = (one: WorkReport): number[] =>
  one.results.flatMap(({ class: id, result }) => (result.ok ? [id] : []));
const inputOf = (reports: readonly WorkReport[], id: number): string[] =>
  reports.flatMap((one) => outputsOf(one).flatMap((of) => (of === id ? [nameOf(one)] : [])));
const isContent = (script: Script, outputs: string[], id: number): boolean => {
  const answer = script(outputs, id);
  return answer === undefined || (answer.kind === 'indices' && answer.indices.length === 0);
};
const prerequisiteOf = (one: WorkReport, reports: readonly WorkReport[]): WorkReport | undefined => {
  const { prerequisite } = one.context;
  return prerequisite && reports.find(({ packageSpec }) => toHex(packageSpec.hash) === toHex(prerequisite));
};

/** What holds for any classes and any total. */
function expectSound({ reports, script, perOutputPs }: Scene, { taken, leftOut }: Joined, log: Call[][]): void {
  // No package is lost or there twice, and a prerequisite comes before its dependents.
  expect([...taken, ...leftOut.keys()].map(nameOf).sort()).toEqual(reports.map(nameOf).sort());
  for (const [at, one] of taken.entries()) {
    const first = prerequisiteOf(one, reports);
    if (first !== undefined) expect(taken.slice(0, at)).toContain(first);
  }
  // Every class is content with exactly what is taken: an importer accepts the block.
  for (const id of new Set(taken.flatMap(outputsOf)))
    if (perOutputPs[id] !== 0n) expect(isContent(script, inputOf(taken, id), id)).toBe(true);
  // A package is concluded only where a class named it, and no other, on top of some of those taken.
  for (const [one, verdict] of leftOut) {
    if (verdict.kind !== 'pruned') continue;
    const own = inputOf([one], verdict.class).length;
    const before = inputOf(taken, verdict.class);
    expect(
      log.flat().some(({ id, outputs, answer }) => {
        if (id !== verdict.class || answer.kind !== 'indices' || answer.indices.length === 0) return false;
        const under = outputs.slice(0, -own);
        const onTop = outputs.slice(-own).every((name) => name === nameOf(one));
        return (
          onTop &&
          under.every((name, at) => name === before[at]) &&
          answer.indices.every((index) => index >= under.length)
        );
      }),
    ).toBe(true);
  }
}

describe('for random packages and classes', () => {
  test('the block is valid, nothing is concluded that was not named alone, and no total is exceeded', () => {
    const random = new Random(seedOf('join: any total'));
    for (let run = 0; run < RUNS; run++) {
      const one = scene(random);
      const totalPs = BigInt(random.below(60)) * API_CALL_PS + BigInt(random.below(1_000)) * 1_000_000_000n;
      const usedPercent = BigInt(random.below(101));
      const world = scripted(one.reports, one.script, { ...one, totalPs, usedPercent });
      const result = joinOf(one.reports, world.calls);
      expectSound(one, result, world.log);
      expect(world.usedPs() <= totalPs).toBe(true);
    }
  });

  test('no package is kept out by a class of which it has no output', () => {
    const random = new Random(seedOf('join: innocent packages'));
    for (let run = 0; run < RUNS; run++) {
      const one = scene(random);
      const { reports, script, perOutputPs } = one;
      const world = scripted(reports, script, { ...one, totalPs: GENEROUS_PS });
      const result = joinOf(reports, world.calls);
      expectSound(one, result, world.log);
      for (const id of result.failed.keys()) expect(id).toBeGreaterThanOrEqual(FIRST_DISHONEST);
      for (const innocent of result.leftOut.keys()) {
        const classes = outputsOf(innocent);
        if (classes.some((id) => id >= FIRST_DISHONEST && perOutputPs[id] !== 0n)) continue;
        // Its prerequisite is not in the block, or an honest class does not accept it beside those taken.
        const first = prerequisiteOf(innocent, reports);
        const objecting = classes.filter(
          (id) => perOutputPs[id] !== 0n && !isContent(script, inputOf([...result.taken, innocent], id), id),
        );
        expect(objecting.length > 0 || (first !== undefined && !result.taken.includes(first))).toBe(true);
      }
    }
  });
});
