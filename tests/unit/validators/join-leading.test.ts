// D5a, leading: whatever others answer, a package that is in no family's base is tried in the block that it leads, and those that
// were left out lead by lot. These are the ways that were found to keep one of [H, G] out for ever, beside many of [H] and of [G], where classes
// use most of the weight that they may have.
import { describe, expect, test } from '@jest/globals';
import type { WorkReport } from '../../../host/contract/index.js';
import { Joins } from '../../../host/validators/selection/joins.js';
import { Random, seedOf } from '../../random.js';
import {
  firstOfKey,
  indices,
  joinOf,
  nameOf,
  report,
  type Script,
  scripted,
  trapped,
  withOutputs,
} from './join-world.js';

const [H, G, E] = [1, 2, 100];
const W = 100_000_000_000n; // wpp / 3 of a core
const MS = 1_000_000_000n;

/** Honest: an auction. Outputs are key.bid; of each key the highest bid is accepted, the first of equal ones. */
const highestOfKey: Script = (outputs) => {
  const best = new Map<string, { bid: number; at: number }>();
  for (const [at, output] of outputs.entries()) {
    const [key, bid] = output.split('.') as [string, string];
    if (!best.has(key) || Number(bid) > best.get(key)!.bid) best.set(key, { bid: Number(bid), at });
  }
  return indices(...[...outputs.keys()].filter((at) => best.get(outputs[at]!.split('.')[0]!)!.at !== at));
};

/** The packages of an adversary in a block, how classes answer, and in which of the blocks they are on their cores. */
interface Attack {
  script: Script;
  /** Those on each of the adversary's cores; undefined where there is none. */
  evil: (block: number) => (WorkReport | undefined)[];
}

const ATTACKS: Record<string, Attack> = {
  'one that collides in each block': {
    script: firstOfKey,
    evil: () => [withOutputs(report('z', [H, H]), 'z', 'z')],
  },
  'two that collide, of a class each': {
    script: firstOfKey,
    evil: () => [withOutputs(report('zH', [H, H]), 'z', 'z'), withOutputs(report('zG', [G, G]), 'z', 'z')],
  },
  'two that collide, one of them in each block': {
    script: firstOfKey,
    evil: (block) => [
      withOutputs(report('z0', [H, H]), 'z0', 'z0'),
      block === 1 ? undefined : withOutputs(report('z1', [H, H]), 'z1', 'z1'),
    ],
  },
  'one that outbids one of the base, so that all of its class are suspected in a trial': {
    script: highestOfKey,
    evil: () => [withOutputs(report('e', [H, E]), 'a1-0.1', 'e.0')],
  },
  'some that are named in a trial, and taken in a later one': {
    // e0 makes H repeat its call. The others follow packages of H; E accepts them in one order only.
    script: (outputs, id) => {
      if (id !== E) return firstOfKey(outputs, id);
      if (outputs.includes('e0')) return indices(outputs.indexOf('e0'));
      return String(outputs) === 'e3,e1,e2' ? indices(1) : undefined;
    },
    evil: (block) => [
      withOutputs(report('e0', [H, E]), 'e0', 'e0'),
      withOutputs(report(`e1-${block}`, [E], 'f1-0'), 'e1'),
      withOutputs(report(`e2-${block}`, [E], 'f1-1'), 'e2'),
      withOutputs(report(`e3-${block}`, [E]), 'e3'),
    ],
  },
};

/** In how many of `blocks` blocks the honest package of [H, G] is taken, beside `fill` of [H] and of [G]. */
function timesTaken(
  { script, evil }: Attack,
  usedPercent: bigint,
  fill: number,
  blocks: number,
  random: Random,
): number {
  const honest: WorkReport[] = [];
  for (const id of [H, G])
    for (let i = 0; i < fill; i++)
      honest.push(withOutputs(report(`f${id}-${i}`, [id, id]), `a${id}-${i}.0`, `b${id}-${i}.0`));
  const both = withOutputs(report('both', [H, G]), 'both.0', 'both.0');
  const joins = new Joins((limit) => random.below(limit));
  const known = new Map<string, WorkReport>();
  let taken = 0;
  for (let block = 1; block <= blocks; block++) {
    joins.beginBlock(block);
    const reports = [both, ...honest, ...evil(block)].flatMap((one, coreIndex) => {
      if (one === undefined) return [];
      // The same object, while it waits.
      const report = known.get(nameOf(one)) ?? { ...one, coreIndex };
      known.set(nameOf(one), report);
      return [report];
    });
    const { calls } = scripted(reports, script, {
      totalPs: 3n * W * BigInt(reports.length),
      perOutputPs: { [H]: W / 2n, [G]: W / 2n, [E]: W / 100n },
      usedPercent,
    });
    const { joined, remember } = joins.join(reports, calls, new Set());
    remember();
    for (const one of joined.taken) known.delete(nameOf(one));
    if (joined.taken.some((one) => nameOf(one) === 'both')) taken++;
  }
  return taken;
}

describe.each(Object.entries(ATTACKS))('beside %s', (_what, attack) => {
  test.each([
    [50n, 20],
    [50n, 150],
    [70n, 150],
    [85n, 150],
    [100n, 20],
    [100n, 150],
  ])('the package of both classes is in many blocks; classes use %i %%, %i others of each', (percent, fill) => {
    // It leads after each block that left it out with a probability of at least 1/5.
    const random = new Random(seedOf('join: led'));
    expect(timesTaken(attack, percent, fill, 64, random)).toBeGreaterThan(4);
  });
});

/** An adversary's class: names some outputs, or fails, by what it is given and by how often it was called. */
function evilClass(random: Random): Script {
  let calls = 0;
  return (outputs) => {
    calls++;
    switch (random.below(6)) {
      case 0:
        return trapped;
      case 1:
        return indices(...outputs.keys());
      case 2:
        return indices(random.below(outputs.length));
      case 3:
        return calls % 2 === 0 ? indices(outputs.length - 1) : undefined;
      default:
        return undefined;
    }
  };
}

test('a leader of honest classes is taken, whatever the packages and classes of others are', () => {
  const random = new Random(seedOf('join: leaders beside adversaries'));
  let fellBack = 0;
  for (let run = 0; run < 400; run++) {
    const cores = 8 + random.below(60);
    const limit = 10_000_000_000n;
    const honestIds = [1, 2, 3, 4].slice(0, 1 + random.below(4));
    const evilIds = Array.from({ length: 1 + random.below(6) }, (_, i) => E + i);
    const small = random.pick([1_000n, 100_000_000n]);
    const perOutputPs: Record<number, bigint> = {};
    for (const id of honestIds) perOutputPs[id] = (limit - 2n * small) / 2n;
    for (const id of evilIds) perOutputPs[id] = small;
    const scripts = new Map<number, Script>(honestIds.map((id) => [id, firstOfKey]));
    for (const id of evilIds) scripts.set(id, evilClass(random));
    const reports = Array.from({ length: cores }, (_, i) => {
      // At most two outputs of honest classes: a third of wpp.
      const ids = Array.from({ length: random.chance(0.9) ? 2 : 1 }, () => random.pick(honestIds));
      const isEvil = random.chance(0.5);
      if (isEvil && random.chance(0.7)) ids.push(random.pick(evilIds), random.pick(evilIds));
      // Those of the adversary collide with each other and with honest ones, but not with the leader.
      const key = (): string => (isEvil ? `k${1 + random.below(cores)}` : `k${i}`);
      const before = i > 1 && random.chance(0.1) ? `${1 + random.below(i - 1)}` : undefined;
      return { ...withOutputs(report(`${i}`, ids, before), ...ids.map(key)), coreIndex: i };
    });
    const ids = Array.from({ length: 2 }, () => random.pick(honestIds));
    const leader = {
      ...withOutputs(report('leader', ids), ...ids.map((id, at) => `leader${id}${at}`)),
      coreIndex: cores,
    };
    reports.splice(random.below(reports.length + 1), 0, leader);
    const answer: Script = (outputs, id) => scripts.get(id)!(outputs, id);
    const { calls } = scripted(reports, answer, {
      totalPs: 3n * limit * BigInt(reports.length),
      perOutputPs,
      usedPercent: random.pick([100n, 100n, 80n, 50n]),
    });
    const joined = joinOf(reports, calls, { leader, below: (limit) => random.below(limit) });
    expect({ run, leader: joined.leftOut.get(leader) }).toEqual({ run, leader: undefined });
    expect(joined.taken).toContain(leader);
    if ([...joined.leftOut.values()].some(({ kind }) => kind === 'unchecked')) fellBack++;
  }
  // Many of them had too little weight for all.
  expect(fellBack).toBeGreaterThan(100);
});

test('a leader that is named when almost no weight is left is tried on top of fewer packages', () => {
  // All weight is used: three calls of H. It names the last one twice, and then the leader, with which it is content beside few.
  const reports = Array.from({ length: 21 }, (_, i) => report(i === 0 ? 'leader' : `f${i}`, [H]));
  let made = 0;
  const script: Script = (outputs) => {
    made++;
    if (outputs.length < 10) return undefined;
    return indices(made <= 2 ? outputs.length - 1 : outputs.indexOf('leader'));
  };
  const { calls, log } = scripted(reports, script, { totalPs: 3n * 21n * MS });
  const { taken } = joinOf(reports, calls, { leader: reports[0]! });
  // Of 63 ms, 3 ms are left for the others and the leader on top of them: 1 ms, and 2 ms.
  expect(log.map(([call]) => call!.outputs.length)).toEqual([21, 20, 19, 1, 2]);
  expect(taken).toHaveLength(2);
  expect(taken).toContain(reports[0]);
});

test('a leader that is named is tried, though families of others use all that calls of the API may', () => {
  // Each package of the adversary's class leaves in a call of its own.
  const reports = [
    withOutputs(report('z', [H, H]), 'both', 'both'),
    ...Array.from({ length: 100 }, (_, i) => withOutputs(report(`h${i}`, [H, H]), `a${i}`, `b${i}`)),
    ...Array.from({ length: 21 }, (_, i) => report(`e${i}`, [E])),
    withOutputs(report('leader', [H]), 'both'),
  ];
  const script: Script = (outputs, id) => (id === E ? indices(outputs.length - 1) : firstOfKey(outputs, id));
  const { calls } = scripted(reports, script, {
    totalPs: 3n * 30n * MS * BigInt(reports.length),
    perOutputPs: { [H]: 15n * MS, [E]: 15n * MS },
  });
  // It collides with `z` in H, which is before it; on top of what is left when the families are settled, it need not.
  const leader = reports.at(-1)!;
  const { taken, leftOut } = joinOf(reports, calls, { leader });
  expect(taken.includes(leader) || leftOut.get(leader)!.kind !== 'unchecked').toBe(true);
});

describe('a package leads', () => {
  /** Which of `reports` led in each of `blocks` blocks, beside a class that names all of its outputs. */
  function leaders(reports: readonly WorkReport[], blocks: number): Set<string> {
    const random = new Random(seedOf('join: leaders'));
    const joins = new Joins((limit) => random.below(limit));
    const found = new Set<string>();
    for (let block = 1; block <= blocks; block++) {
      joins.beginBlock(block);
      // The leader is tried first of those that are named.
      const { calls, log } = scripted(reports, (outputs) => indices(...outputs.keys()));
      joins.join(reports, calls, new Set()).remember();
      const alone = log.flat().find(({ outputs }) => outputs.length === 1);
      found.add(`${block === 1 ? 'first: ' : ''}${alone!.outputs[0]!}`);
    }
    return found;
  }

  test('by lot, if an earlier join left it out', () => {
    const reports = ['a', 'b', 'c'].map((name) => report(name, [H]));
    expect([...leaders(reports, 40)].sort()).toEqual(['a', 'b', 'c', 'first: a']);
  });

  test('also while its core is on probation, perhaps because of another party', () => {
    // Class 9 names `e`, and then fails, because of `f`: the core of `f` is on probation.
    const random = new Random(seedOf('join: a leader on probation'));
    const joins = new Joins((limit) => random.below(limit));
    const f = { ...report('f', [H, 9]), coreIndex: 7 };
    const reports = [report('e', [H, 9]), f, report('h', [H]), report('g1', [G]), report('g2', [G])];
    const script: Script = (outputs, id) => {
      if (id === 9) return outputs.length === 2 ? indices(0) : trapped;
      return id === G && outputs.length > 1 ? indices(1) : undefined;
    };
    joins.beginBlock(1);
    const first = joins.join(reports, scripted(reports, script, { totalPs: 21n * MS }).calls, new Set());
    expect(first.joined.unsteady).toEqual([f]);
    first.remember();
    // Another party's package on that core, which a class names at first.
    const theirs = { ...report('theirs', [H]), coreIndex: 7 };
    const both = [report('other', [H]), theirs];
    const seen = new Set<string>();
    for (let block = 2; block <= 16; block++) {
      joins.beginBlock(block);
      const { calls, log } = scripted(both, (outputs) =>
        indices(...[...outputs.keys()].filter((at) => outputs[at] === 'theirs')),
      );
      joins.join(both, calls, new Set()).remember();
      // On probation it is tried last. The leader is in the first call.
      seen.add(`${block === 2 ? 'first ' : ''}${log[0]![0]!.outputs.includes('theirs')}`);
    }
    expect([...seen].sort()).toEqual(['first false', 'true']);
  });

  test('not if its prerequisite is in the same join, or it has no output of a class with prune', () => {
    const reports = [report('a', [H]), report('b', [H], 'a'), report('c', []), report('d', [H], 'elsewhere')];
    expect([...leaders(reports, 40)].sort()).toEqual(['a', 'd', 'first: a']);
  });
});
