// The author's join (D5a) beside an adversary: the packages of an honest class are taken whatever the classes of others
// answer, even if the honest class uses all that it may.
import { describe, expect, test } from '@jest/globals';
import type { WorkReport } from '../../../host/contract/index.js';
import { Random, seedOf } from '../../random.js';
import { firstOfKey, gapless, indices, joinOf, nameOf, report, type Script, scripted, trapped } from './join-world.js';

const MS = 1_000_000_000n;
/** The honest classes. */
const [H, G] = [1, 2];

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

describe('for random adversaries', () => {
  test.each([
    ['accepts the first output of each key', firstOfKey],
    ['needs sequences without gaps', gapless],
  ])('a class that %s has its own packages taken, and no total is exceeded', (kind, honestClass) => {
    const random = new Random(seedOf(`join: an adversary beside a class that ${kind}`));
    for (let run = 0; run < 250; run++) {
      const cores = 4 + random.below(28);
      const evil = 1 + random.below(Math.floor(cores / 2));
      /** Σ prune that a report may have: a third of wpp. */
      const limit = BigInt(10 + random.below(160)) * MS;
      const small = random.pick([1_000n, MS / 10n, MS]);
      const perOutputPs: Record<number, bigint> = { [H]: limit - 4n * small, [G]: limit - 4n * small };
      const classes = new Map<number, Script>([H, G].map((id) => [id, honestClass]));
      for (let id = 100; id < 100 + 2 * evil; id++) {
        classes.set(id, evilClass(random));
        perOutputPs[id] = random.chance(0.8) ? small : limit - small;
      }
      const reports: WorkReport[] = [];
      const split = random.below(cores - evil);
      for (let i = 0, last = 0; i < cores - evil; i++) {
        last = kind.startsWith('needs') && i > 0 && i !== split && random.chance(0.6) ? last + 1 : 0;
        reports.push(report(`h${i - last}.${last}`, [i < split ? G : H]));
      }
      const honest = reports.map(nameOf);
      for (let i = 0; i < evil; i++) {
        const name = `e${random.below(3)}.${random.below(4)}${random.chance(0.1) ? '0' : ''}`;
        const ids: number[] = random.chance(0.8) ? [random.pick([H, G])] : [];
        let sum = ids.length === 0 ? 0n : perOutputPs[H]!;
        for (let item = 0; item < 3; item++) {
          const id = 100 + random.below(2 * evil);
          if (sum + perOutputPs[id]! > limit) continue;
          sum += perOutputPs[id]!;
          ids.push(id);
        }
        const behind = random.chance(0.2) ? random.pick(reports) : undefined;
        const after = behind === undefined ? 0 : reports.indexOf(behind) + 1;
        reports.splice(
          after + random.below(reports.length + 1 - after),
          0,
          report(name, ids, behind && nameOf(behind)),
        );
      }
      const totalPs = 3n * limit * BigInt(cores);
      const usedPercent = random.pick([100n, 100n, BigInt(random.below(100))]);
      const world = scripted(reports, (outputs, id) => classes.get(id)!(outputs, id), {
        totalPs,
        perOutputPs,
        usedPercent,
      });
      const { taken } = joinOf(reports, world.calls);
      const missing = honest.filter((name) => !taken.some((one) => nameOf(one) === name));
      expect({ run, missing }).toEqual({ run, missing: [] });
      expect(world.usedPs() <= totalPs).toBe(true);
    }
  });
});
