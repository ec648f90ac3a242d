// Which candidates the author offers to the runtime's cheap checks (D34), over a runtime made up by the tests.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { decode, ERRORS, readWorkReport } from '../../../host/contract/index.js';
import type { BuildingBlock } from '../../../host/node/index.js';
import type { Candidate } from '../../../host/validators/index.js';
import { groupBy } from '../../../host/validators/selection/candidates.js';
import { Prerequisites } from '../../../host/validators/selection/prerequisites.js';
import { LastScreened, reportOf, Screening } from '../../../host/validators/selection/screening.js';
import { Random, seedOf } from '../../random.js';
import { nameOf, report } from './join-world.js';

const hash = (name: string): Uint8Array => blake2_256(utf8(name));
const candidate = (name: string, coreIndex: number, prerequisite?: string): Candidate => ({
  attestation: { report: { ...report(name, [], prerequisite), coreIndex }, validators: [], attestations: [] },
  submitter: [],
});
const namesOf = (candidates: Iterable<Candidate>): string[] => [...candidates].map((one) => nameOf(reportOf(one)));

type Verdict = (typeof ERRORS.Reporting)[number] | undefined;

/** A block whose runtime answers by these functions. `offered` has the number of reports of each screening. */
function blockOf(verdict: (name: string) => Verdict) {
  const offered: number[] = [];
  const hashes = new Map<string, string>();
  const call = (_method: string, args: Uint8Array): Uint8Array => {
    const [reports] = decode((r) => [r.vec(readWorkReport), r.u32()] as const, args);
    offered.push(reports.length);
    const used = new Set<number>();
    return new Writer()
      .vec(reports, (w, { packageSpec, coreIndex }) => {
        const error = used.has(coreIndex) ? 'CoreOccupied' : verdict(hashes.get(toHex(packageSpec.hash))!);
        if (error === undefined) used.add(coreIndex);
        w.option(error, (v, e) => v.u8(ERRORS.Reporting.indexOf(e)));
      })
      .finish();
  };
  const number = 1;
  const header = {
    parentHash: hash('parent'),
    number: 0,
    stateRoot: hash('state'),
    extrinsicsRoot: hash('extrinsics'),
    digest: [],
  };
  const building: BuildingBlock = {
    number,
    parent: { hash: hash('parent'), number: 0, header },
    slot: 0n,
    timestampMs: 0n,
    call,
  };
  const know = (candidates: readonly Candidate[]): void => {
    for (const one of candidates) hashes.set(toHex(reportOf(one).packageSpec.hash), nameOf(reportOf(one)));
  };
  return { building, offered, know };
}

const byCore = (candidates: readonly Candidate[]): Map<number, Candidate[]> =>
  groupBy(candidates, (one) => reportOf(one).coreIndex);

/** As the author does: what is not refused waits for its core, or for the next block. */
const select = (
  candidates: readonly Candidate[],
  block: ReturnType<typeof blockOf>,
  last = new LastScreened(),
  first: readonly Candidate[] = [],
): string[] => {
  block.know([...first, ...candidates]);
  const refused = new Set<Candidate>();
  const screening = new Screening(block.building, last, (one, { waitsFor }) => {
    one.waitsFor = waitsFor;
    refused.add(one);
  });
  const selected = screening.select(byCore(candidates), first);
  const served = new Set(selected.map((one) => reportOf(one).coreIndex));
  for (const one of candidates)
    if (!refused.has(one)) one.waitsFor = screening.waitsFor(reportOf(one).coreIndex, served);
  return namesOf(selected);
};

describe('screening', () => {
  test('offers one candidate of each core at first, however many wait', () => {
    const candidates = Array.from({ length: 300 }, (_, index) => candidate(`${index}`, index % 3));
    const block = blockOf(() => undefined);
    expect(select(candidates, block)).toEqual(['0', '1', '2']);
    expect(block.offered).toEqual([3]);
    expect(candidates.slice(3).every(({ waitsFor }) => waitsFor === 'availability')).toBe(true);
  });

  test('offers more of the cores without one, and nothing of a core that is occupied', () => {
    const waiting = Array.from({ length: 9 }, (_, index) => candidate(`wait ${index}`, 0));
    const occupied = Array.from({ length: 9 }, (_, index) => candidate(`occupied ${index}`, 1));
    const block = blockOf((name) =>
      name.startsWith('wait') ? 'ShareExhausted' : name.startsWith('occupied') ? 'CoreOccupied' : undefined,
    );
    const behind = [candidate('behind', 0), candidate('behind that', 0)];
    expect(select([...waiting, ...behind, ...occupied, candidate('other', 2)], block)).toEqual(['behind', 'other']);
    // One of each core; then the one that passed, and ten of core 0, of which the last is behind another one.
    expect(block.offered).toEqual([3, 11]);
    expect([waiting[8]!, behind[1]!, occupied[8]!].map(({ waitsFor }) => waitsFor)).toEqual([
      'block',
      'availability',
      'availability',
    ]);
  });

  test('of at most 8,192 candidates a block, those first that were not offered for the longest time', () => {
    const candidates = Array.from({ length: 12_000 }, (_, index) => candidate(`${index}`, 0));
    const last = new LastScreened();
    const block = blockOf((name) => (name === '11999' ? undefined : 'ShareExhausted'));
    expect(select(candidates, block, last)).toEqual([]);
    expect(block.offered).toEqual([1, 15, 8_192 - 16]);
    expect(candidates[11_999]!.waitsFor).toBe('block');
    expect(select(candidates, block, last)).toEqual(['11999']);
  });

  test.each([512])(
    'of %i cores full of candidates that wait finds one behind them before it expires, in three calls a block',
    (cores) => {
      const candidates: Candidate[] = [];
      for (let core = 0; core < cores; core++)
        for (let index = 0; index < 127; index++) candidates.push(candidate(`w${core}-${index}`, core));
      candidates.push(candidate('good', cores - 1));
      const last = new LastScreened();
      let blocks = 1;
      for (; ; blocks++) {
        const block = blockOf((name) => (name === 'good' ? undefined : 'ShareExhausted'));
        const isFound = select(candidates, block, last).includes('good');
        expect(block.offered.length).toBeLessThanOrEqual(3);
        expect(block.offered.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(8_192 + 1); // `good` again
        if (isFound) break;
      }
      // With 512 cores, 16 of each are checked in a block: the first of the queue, and 15 that were not checked before.
      expect(blocks).toBeLessThanOrEqual(9);
    },
  );

  test('behind one that is always first and never passes, keeps the order of turns, whatever was offered before', () => {
    const stuck = candidate('stuck', 0);
    const old = candidate('old', 0);
    const last = new LastScreened();
    const refusing = blockOf(() => 'ShareExhausted');
    expect(select([stuck, old], refusing, last)).toEqual([]);
    expect(refusing.offered).toEqual([1, 1]);
    const block = blockOf((name) => (name === 'stuck' ? 'PrerequisiteMissing' : undefined));
    expect(select([stuck, old, candidate('new', 0)], block, last)).toEqual(['old']);
  });

  test('of a queue that is too long for a block, offers one before new ones, however many come', () => {
    // With a queue of 127 on each of 512 cores, 15 of each after the first one are offered in a block.
    const last = new LastScreened();
    const others = Array.from({ length: 511 * 127 }, (_, index) => candidate(`o${index}`, 1 + (index % 511)));
    const old = candidate('good', 0);
    let waiting: Candidate[] = [];
    let blocks = 1;
    for (; blocks <= 12; blocks++) {
      // All that have been offered on core 0 are replaced, before `good` in the order of turns.
      const fresh = Array.from({ length: 126 - waiting.length }, (_, index) => candidate(`n${blocks}-${index}`, 0));
      const block = blockOf((name) => (name === 'good' ? undefined : 'ReportsTooHeavy'));
      const queue = [...waiting, ...fresh];
      if (select([...queue, old, ...others], block, last).includes('good')) break;
      waiting = queue.filter(({ waitsFor }) => waitsFor !== 'weight');
    }
    expect(blocks).toBeLessThanOrEqual(9);
  });

  test('checks those that pass once in each call: a core with long queues makes no other be checked more often', () => {
    const candidates = Array.from({ length: 511 }, (_, index) => candidate(`${index}`, index + 1));
    for (let index = 0; index < 127; index++) candidates.push(candidate(`wait ${index}`, 0));
    const block = blockOf((name) => (name.startsWith('wait') ? 'PrerequisiteMissing' : undefined));
    expect(select(candidates, block)).toHaveLength(511);
    expect(block.offered).toEqual([512, 511 + 15, 511 + 111]);
  });

  test('keeps those that come first, and checks them again', () => {
    const first = [candidate('a', 0), candidate('b', 1)];
    const others = [candidate('c', 1), candidate('d', 0), candidate('e', 2)];
    expect(
      select(
        others,
        blockOf(() => undefined),
        new LastScreened(),
        first,
      ),
    ).toEqual(['a', 'b', 'e']);
    const refused = blockOf((name) => (name === 'b' ? 'PrerequisiteMissing' : undefined));
    expect(select(others, refused, new LastScreened(), first)).toEqual(['a', 'c', 'e']);
  });
});

describe("a core whose candidate is the prerequisite of an earlier core's", () => {
  /** A runtime that wants prerequisites of a candidate's name after "of", and one candidate a core. */
  const following = (others: (name: string) => Verdict = () => undefined) => {
    const there = new Set<string>();
    const block = blockOf((name) => {
      const prerequisite = / of (.*)$/.exec(name)?.[1];
      const error = prerequisite !== undefined && !there.has(prerequisite) ? 'PrerequisiteMissing' : others(name);
      if (error === undefined) there.add(name);
      return error;
    });
    const call = (method: string, args: Uint8Array): Uint8Array => {
      there.clear(); // another screening
      return block.building.call(method, args);
    };
    return { ...block, building: { ...block.building, call } };
  };

  test('comes before it, with those that it follows itself', () => {
    const candidates = [
      candidate('c of b of a', 0, 'b of a'),
      candidate('b of a', 1, 'a'),
      candidate('x', 2),
      candidate('a', 3),
    ];
    expect(select(candidates, following())).toEqual(['a', 'b of a', 'c of b of a', 'x']);
  });

  test('does not, for one that is not what its core would have in the block', () => {
    const block = following();
    const candidates = [
      candidate('d of later', 0, 'later'),
      candidate('x', 1),
      candidate('a', 2),
      candidate('later', 2),
    ];
    expect(select(candidates, block)).toEqual(['x', 'a']);
    expect(block.offered).toEqual([3]);
  });

  test('does not, for one that can not be Registered after it either', () => {
    const candidates = [candidate('d of a', 0, 'a'), candidate('x', 1), candidate('a', 2)];
    const block = following((name) => (name === 'd of a' ? 'ShareExhausted' : undefined));
    expect(select(candidates, block)).toEqual(['x', 'a']);
    expect(block.offered).toEqual([3, 3]);
  });

  test('does not, for a core that may not have others moved', () => {
    const candidates = [candidate('d of a', 0, 'a'), candidate('x', 1), candidate('a', 2)];
    const { building, know } = following();
    know(candidates);
    const screening = new Screening(building, new LastScreened(), () => undefined, {
      moveOthers: (core) => core !== 0,
    });
    expect(namesOf(screening.select(byCore(candidates), []))).toEqual(['x', 'a']);
  });

  test('comes before its turn for neither of two that wait for each other', () => {
    const candidates = [candidate('a of b', 0, 'b of a'), candidate('b of a', 1, 'a of b'), candidate('x', 2)];
    expect(select(candidates, following())).toEqual(['x']);
  });
});

describe('candidates without their prerequisite', () => {
  const all = [
    candidate('alone', 0),
    candidate('of one there', 1, 'alone'),
    candidate('of one on its core', 0, 'alone'),
    candidate('of one Registered', 1, 'earlier'),
    candidate('of one unknown', 2, 'unknown'),
    candidate('of that', 3, 'of one unknown'),
    candidate('of that again', 4, 'of that'),
  ];

  const without = (prerequisites: Prerequisites, candidates: readonly Candidate[]): string[] =>
    namesOf(candidates.filter((one) => prerequisites.isWithout(one))).sort();

  test('are those whose prerequisite is neither Registered nor comes with the block, and their dependents', () => {
    const prerequisites = new Prerequisites();
    for (const one of all) prerequisites.add(one);
    prerequisites.update([hash('earlier')]);
    expect(without(prerequisites, all)).toEqual(['of one on its core', 'of one unknown', 'of that', 'of that again']);
  });

  test('are no longer so when it comes, and again when it leaves or is Recent no longer', () => {
    const prerequisites = new Prerequisites();
    for (const one of all) prerequisites.add(one);
    prerequisites.update([hash('earlier')]);
    const unknown = candidate('unknown', 5);
    prerequisites.add(unknown);
    expect(namesOf(prerequisites.update([])).sort()).toEqual([
      'of one Registered',
      'of one unknown',
      'of that',
      'of that again',
    ]);
    expect(without(prerequisites, all)).toEqual(['of one Registered', 'of one on its core']);
    prerequisites.remove(unknown);
    prerequisites.remove(all[0]!);
    prerequisites.update([hash('alone')]); // Registered
    expect(without(prerequisites, all.slice(1))).toEqual([
      'of one Registered',
      'of one unknown',
      'of that',
      'of that again',
    ]);
  });

  test('are found as if from nothing, whatever comes and leaves', () => {
    const random = new Random(seedOf('prerequisites'));
    const names = Array.from({ length: 40 }, (_, index) => `p${index}`);
    // Of each, the prerequisite is one of a lower number, as hashes of packages can't be in a circle.
    const pool = names.map((name, index) =>
      candidate(name, random.below(4), random.below(3) > 0 && index > 0 ? names[random.below(index)] : undefined),
    );
    const prerequisites = new Prerequisites();
    const there = new Set<Candidate>();
    for (let block = 0; block < 300; block++) {
      for (let change = 0; change < 3; change++) {
        const one = pool[random.below(pool.length)]!;
        if (there.delete(one)) prerequisites.remove(one);
        else {
          there.add(one);
          prerequisites.add(one);
        }
      }
      const registered = names.filter(
        (name) => random.below(4) === 0 && ![...there].some((one) => nameOf(reportOf(one)) === name),
      );
      prerequisites.update(registered.map(hash));
      const byName = new Map([...there].map((one) => [toHex(reportOf(one).packageSpec.hash), one]));
      const met = new Set(registered.map((name) => toHex(hash(name))));
      const isWithout = (one: Candidate): boolean => {
        const { prerequisite } = reportOf(one).context;
        if (prerequisite === undefined) return false;
        const other = byName.get(toHex(prerequisite));
        if (other === undefined) return !met.has(toHex(prerequisite));
        return reportOf(other).coreIndex === reportOf(one).coreIndex || isWithout(other);
      };
      expect(without(prerequisites, [...there])).toEqual(namesOf([...there].filter(isWithout)).sort());
    }
  });
});
