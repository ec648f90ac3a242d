// The author's join (D5a) beside an adversary: the packages of an honest class are taken whatever the classes of others
// answer, even if the honest class uses all that it may.
import { describe, expect, test } from '@jest/globals';
import { text } from '../../../host/bytes/index.js';
import type { JoinAnswer, WorkReport } from '../../../host/contract/index.js';
import { Probation } from '../../../host/validators/selection/probation.js';
import { Random, seedOf } from '../../random.js';
import {
  firstOfKey,
  gapless,
  indices,
  joinOf,
  nameOf,
  report,
  type Script,
  scripted,
  trapped,
  withOutputs,
} from './join-world.js';

const MS = 1_000_000_000n;
/** The honest classes. */
const [H, G, F] = [1, 2, 3];

describe('small classes that leave one after another', () => {
  /** wpp of 512 cores of the scale build: 6 s * 75 % / 512. Every report's Σ prune is at most a third of it. */
  const CORES = 512;
  const WPP = (6_000n * MS * 3n) / 4n / BigInt(CORES);

  test.each([
    ['fail', 2, 100n],
    ['fail', 16, 15n],
    ['name a package', 3, 80n],
    ['name a package', 16, 100n],
  ] as const)(
    'and %s (%i cores) do not empty the block of an honest class (%i %% of its weight used)',
    (how, evil, usedPercent) => {
      // The adversary's package i has an output of H, of class i and of class i + 1. The first class objects at once, each
      // other one when package i - 1 has left, so that it has one output.
      const theirs = Array.from({ length: evil }, (_, i) => report(`e${i}`, [H, 100 + i, 101 + i]));
      const honest = Array.from({ length: CORES - evil }, (_, i) => report(`h${i}`, [H]));
      const perOutputPs: Record<number, bigint> = { [H]: WPP / 3n - 20_000_000n };
      for (let i = 0; i <= evil; i++) perOutputPs[100 + i] = 10_000_000n;
      const objection = how === 'fail' ? trapped : indices(0);
      const script: Script = (outputs, id) =>
        id === 100 || (id > 100 && id < 100 + evil && outputs.length === 1) ? objection : undefined;
      const reports = [...honest, ...theirs];
      const { calls, log } = scripted(reports, script, { totalPs: WPP * BigInt(CORES), perOutputPs, usedPercent });
      const { taken } = joinOf(reports, calls);
      for (const one of honest) expect(taken).toContain(one);
      // Its second call is when all small ones have objected; what else it is called for are trials.
      expect(log.flat().filter(({ id }) => id === H)[1]!.outputs).toHaveLength(honest.length);
    },
  );
});

/** An evil class: objects to inputs of certain sizes, and to those that begin or end with certain outputs. */
function evilClass(random: Random): Script {
  const sizes = new Set(random.sample(8, random.below(6)));
  const kind = random.below(5);
  const salt = random.below(97);
  const isDisliked = (outputs: readonly string[]): boolean =>
    outputs.reduce((sum, one) => (sum * 31 + one.length + one.charCodeAt(one.length - 1)) % 97, salt) % 2 === 0;
  return (outputs) => {
    const at = outputs.length - 1;
    switch (kind) {
      case 0:
        return sizes.has(at) ? trapped : undefined;
      case 1:
        return at > 0 ? indices(at) : undefined;
      case 2:
        return sizes.has(at) ? indices((salt + at) % 2 === 0 ? 0 : at) : undefined;
      case 3:
        return isDisliked(outputs) ? indices(...outputs.keys()) : undefined;
      default:
        return isDisliked(outputs) ? indices(0) : undefined;
    }
  };
}

const FIRST_EVIL = 100;

const classesOf = (one: WorkReport): number[] => one.results.map((result) => result.class);
const outputsOf = (reports: readonly WorkReport[], id: number): string[] =>
  reports.flatMap(({ results }) =>
    results.flatMap(({ class: of, result }) => (of === id && result.ok ? [text(result.value)] : [])),
  );

/** How the honest packages of a world are distributed: the classes of a package, and its share. */
type Mix = readonly (readonly [share: number, ...classes: number[]])[];

const MIXES: readonly (readonly [string, Mix])[] = [
  [
    'one class each',
    [
      [3, H],
      [1, G],
    ],
  ],
  [
    'two classes, and one of them',
    [
      [3, H, G],
      [1, H],
      [1, G],
    ],
  ],
  [
    'two of three classes',
    [
      [2, H, G],
      [2, G, F],
      [1, F],
    ],
  ],
  [
    'one class, with a small group that has another too',
    [
      [12, H],
      [1, H, G],
    ],
  ],
];

/**
 * The honest packages that are promised to be taken: in the base of a family without a class of the adversary, or of one that
 * leads. Written apart from the code that it is compared with.
 */
function promised(
  reports: readonly WorkReport[],
  isEvil: (id: number) => boolean,
  leader: WorkReport,
  isHonest: (one: WorkReport) => boolean,
): WorkReport[] {
  const byHash = new Map(reports.map((one) => [String(one.packageSpec.hash), one]));
  const deciding = (one: WorkReport): Set<number> => {
    const first = one.context.prerequisite && byHash.get(String(one.context.prerequisite));
    return new Set([...classesOf(one), ...(first ? deciding(first) : [])]);
  };
  const keyOf = (one: WorkReport): string => [...deciding(one)].sort((a, b) => a - b).join(' ');
  const counts = new Map<string, number>();
  for (const key of reports.map(keyOf)) counts.set(key, (counts.get(key) ?? 0) + 1);
  const groups = [...counts].flatMap(([key, count]) => (key === '' ? [] : [{ classes: key.split(' '), count }]));
  let families = [...new Set(groups.flatMap(({ classes }) => classes))].map((id) => [id]);
  const leading = { classes: [...deciding(leader)].map(String), count: Infinity };
  for (const { classes, count } of [leading, ...groups.sort((a, b) => b.count - a.count)]) {
    const met = families.filter((family) => family.some((id) => classes.includes(id)));
    const united = met.flat();
    const within = groups.filter((group) => group.classes.every((id) => united.includes(id)));
    if (within.reduce((sum, group) => sum + group.count, 0) > 5 * count) continue;
    families = [...families.filter((family) => !met.includes(family)), united];
  }
  return reports.filter((one) => {
    const classes = [...deciding(one)];
    const family = families.find((candidate) => candidate.includes(String(classes[0])));
    if (!isHonest(leader) && leading.classes.some((id) => family?.includes(id))) return false;
    return family?.every((id) => !isEvil(Number(id))) && classes.every((id) => family.includes(String(id)));
  });
}

describe.each(MIXES)('for random adversaries beside honest packages of %s', (mixName, mix) => {
  const shares = mix.flatMap(([share, ...ids]) => Array.from({ length: share }, () => ids));
  const most = Math.max(...mix.map(([, ...ids]) => ids.length));

  test.each([
    ['accept the first output of each key', firstOfKey],
    ['need sequences without gaps', gapless],
  ])('classes that %s keep what their families decide on, block after block', (kind, honestClass) => {
    const random = new Random(seedOf(`join: classes that ${kind}, packages of ${mixName}`));
    const isGapless = honestClass === gapless;
    let [promises, others] = [0, 0];
    for (let run = 0; run < 60; run++) {
      const cores = 6 + random.below(42);
      const evil = 1 + random.below(Math.ceil(cores / 3));
      /** Σ prune that a report may have: a third of wpp. */
      const limit = BigInt(10 + random.below(160)) * MS;
      const small = random.pick([1_000n, MS / 10n, MS]);
      const weight = (limit - 4n * small) / BigInt(most);
      const perOutputPs: Record<number, bigint> = { [H]: weight, [G]: weight, [F]: weight };
      const classes = new Map<number, Script>([H, G, F].map((id) => [id, honestClass]));
      for (let id = FIRST_EVIL; id < FIRST_EVIL + 2 * evil; id++) {
        classes.set(id, evilClass(random));
        perOutputPs[id] = random.chance(0.8) ? small : limit - small;
      }
      const totalPs = 3n * limit * BigInt(cores);
      const usedPercent = random.pick([100n, 100n, BigInt(random.below(100))]);
      const probation = new Probation();
      for (let block = 0; block < 4; block++) {
        const reports: WorkReport[] = [];
        let behind: string | undefined;
        for (let i = 0, last = 0; i < cores - evil; i++) {
          last = isGapless && i > 0 && random.chance(0.4) ? last + 1 : 0;
          const before = reports.at(-1);
          // One of a sequence has the classes and the prerequisite of the one before.
          if (last === 0) behind = reports.length > 0 && random.chance(0.1) ? nameOf(random.pick(reports)) : undefined;
          const ids = last > 0 ? classesOf(before!) : random.pick(shares);
          const one = report(`h${block}.${i}`, ids, behind);
          reports.push({ ...withOutputs(one, ...ids.map(() => `h${i - last}.${last}`)), coreIndex: i });
        }
        const honest = new Set(reports);
        for (let i = 0; i < evil; i++) {
          const ids = random.chance(0.8) ? [...random.pick(shares)] : [];
          let sum = ids.reduce((total, id) => total + perOutputPs[id]!, 0n);
          const evilIds: number[] = [];
          for (let item = 0; item < 3; item++) {
            const id = FIRST_EVIL + random.below(2 * evil);
            if (sum + perOutputPs[id]! > limit) continue;
            sum += perOutputPs[id]!;
            evilIds.push(id);
          }
          // Without gaps, answers of honest classes can follow from each other; see join-families.test.ts.
          if (!isGapless && random.chance(0.2)) evilIds.length = 0;
          if (isGapless && evilIds.length === 0) ids.splice(0, ids.length, FIRST_EVIL);
          ids.push(...evilIds);
          const first = random.chance(0.2) ? random.pick(reports) : undefined;
          const after = first === undefined ? 0 : reports.indexOf(first) + 1;
          const output = `e${random.below(3)}.${random.below(4)}`;
          const one = withOutputs(report(`e${block}.${i}`, ids, first && nameOf(first)), ...ids.map(() => output));
          const at = after + random.below(reports.length + 1 - after);
          reports.splice(at, 0, { ...one, coreIndex: cores - evil + i });
        }
        const answer = (outputs: string[], id: number): JoinAnswer => classes.get(id)!(outputs, id) ?? indices();
        const world = scripted(reports, answer, { totalPs, perOutputPs, usedPercent });
        probation.beginBlock(block);
        const isOnProbation = (one: WorkReport): boolean => probation.has(one);
        /** On probation, or after one that is, as its dependent or in its sequence. */
        const last = new Set<string>();
        const sequenceOf = (one: WorkReport): string =>
          isGapless ? outputsOf([one], classesOf(one)[0]!)[0]!.split('.')[0]! : '';
        for (const one of reports) {
          const isAfter = last.has(String(one.context.prerequisite)) || last.has(sequenceOf(one));
          if (!isOnProbation(one) && !isAfter) continue;
          last.add(String(one.packageSpec.hash));
          if (isGapless) last.add(sequenceOf(one));
        }
        const hashes = new Set(reports.map((one) => String(one.packageSpec.hash)));
        const leader = random.pick(
          reports.filter((one) => !isOnProbation(one) && !hashes.has(String(one.context.prerequisite))),
        );
        const { taken, unsteady } = joinOf(reports, world.calls, {
          isOnProbation,
          leader,
          below: (below) => random.below(below),
        });

        const owed = promised(
          reports.filter((one) => !last.has(String(one.packageSpec.hash))),
          (id) => id >= FIRST_EVIL,
          leader,
          (one) => honest.has(one),
        ).filter((one) => honest.has(one));
        const missing = owed.filter((one) => !taken.includes(one)).map(nameOf);
        expect({ run, block, missing }).toEqual({ run, block, missing: [] });
        expect(world.usedPs() <= totalPs).toBe(true);
        for (const id of new Set(taken.flatMap(classesOf))) expect(answer(outputsOf(taken, id), id)).toEqual(indices());
        expect(unsteady.filter((one) => owed.includes(one)).map(nameOf)).toEqual([]);
        probation.add(unsteady);
        promises += owed.length;
        others += honest.size - owed.length;
      }
    }
    // Most of them are promised, unless an adversary's groups are as large.
    expect(promises).toBeGreaterThan(others);
  });
});
