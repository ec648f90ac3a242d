// Which candidates the author offers to the runtime's cheap checks (D34), over a runtime made up by the tests.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { decode, ERRORS, readWorkReport } from '../../../host/contract/index.js';
import type { BuildingBlock } from '../../../host/node/index.js';
import type { Candidate } from '../../../host/validators/index.js';
import { LastScreened, reportOf, Screening, withoutPrerequisite } from '../../../host/validators/screening.js';
import { nameOf, report } from './join-world.js';

const hash = (name: string): Uint8Array => blake2_256(utf8(name));
const candidate = (name: string, coreIndex: number, prerequisite?: string): Candidate => ({
  attestation: { report: { ...report(name, [], prerequisite), coreIndex }, validators: [], attestations: [] },
});
const namesOf = (candidates: Iterable<Candidate>): string[] => [...candidates].map((one) => nameOf(reportOf(one)));

type Verdict = (typeof ERRORS.Reporting)[number] | undefined;

/** A block whose runtime answers by these functions. `offered` has the number of reports of each screening. */
function blockOf(verdict: (name: string) => Verdict, registered: readonly string[] = []) {
  const offered: number[] = [];
  const met = new Set(registered.map((name) => toHex(hash(name))));
  const hashes = new Map<string, string>();
  const call = (method: string, args: Uint8Array): Uint8Array => {
    if (method === 'CoreJamApi_prerequisites_met')
      return new Writer()
        .vec(
          decode((r) => r.vec((one) => one.raw(32)), args),
          (w, one) => w.bool(met.has(toHex(one))),
        )
        .finish();
    const reports = decode((r) => r.vec(readWorkReport), args);
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

const select = (
  candidates: readonly Candidate[],
  block: ReturnType<typeof blockOf>,
  last = new LastScreened(),
  first: readonly Candidate[] = [],
): string[] => {
  block.know([...first, ...candidates]);
  return namesOf(
    new Screening(block.building, last, (one, { waitsFor }) => void (one.waitsFor = waitsFor)).select(
      candidates,
      first,
    ),
  );
};

describe('screening', () => {
  test('offers four candidates of each core at first, however many wait', () => {
    const candidates = Array.from({ length: 300 }, (_, index) => candidate(`${index}`, index % 3));
    const block = blockOf((name) => (name === '1' ? 'CoreBusy' : undefined));
    expect(select(candidates, block)).toEqual(['0', '2', '4']);
    expect(block.offered).toEqual([12]);
    expect(candidates[1]!.waitsFor).toBe('block');
    expect(candidates.slice(5).every(({ waitsFor }) => waitsFor === 'availability')).toBe(true);
  });

  test('offers more of the cores without one, and nothing of a core that is occupied', () => {
    const waiting = Array.from({ length: 9 }, (_, index) => candidate(`wait ${index}`, 0));
    const occupied = Array.from({ length: 9 }, (_, index) => candidate(`occupied ${index}`, 1));
    const block = blockOf((name) =>
      name.startsWith('wait') ? 'ShareExhausted' : name.startsWith('occupied') ? 'CoreOccupied' : undefined,
    );
    expect(select([...waiting, candidate('behind', 0), ...occupied, candidate('other', 2)], block)).toEqual([
      'behind',
      'other',
    ]);
    // Four, four and one; then four of core 0 and the one that passed, then the last two.
    expect(block.offered).toEqual([9, 5, 3]);
  });

  test('of at most 4,096 candidates a block, those first that were not offered for the longest time', () => {
    const candidates = Array.from({ length: 6_000 }, (_, index) => candidate(`${index}`, 0));
    const last = new LastScreened();
    const block = blockOf((name) => (name === '5999' ? undefined : 'ShareExhausted'));
    expect(select(candidates, block, last)).toEqual([]);
    expect(block.offered.reduce((sum, count) => sum + count, 0)).toBe(4_096);
    expect(candidates[5_999]!.waitsFor).toBe('block');
    expect(select(candidates, block, last)).toEqual(['5999']);
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

describe('candidates without their prerequisite', () => {
  test('are those whose prerequisite is neither Registered nor comes with the block, and their dependents', () => {
    const candidates = [
      candidate('alone', 0),
      candidate('of one there', 1, 'alone'),
      candidate('of one on its core', 0, 'alone'),
      candidate('of one Registered', 1, 'earlier'),
      candidate('of one unknown', 2, 'unknown'),
      candidate('of that', 3, 'of one unknown'),
      candidate('of that again', 4, 'of that'),
    ];
    const { building } = blockOf(() => undefined, ['earlier']);
    expect(namesOf(withoutPrerequisite(building, candidates)).sort()).toEqual([
      'of one on its core',
      'of one unknown',
      'of that',
      'of that again',
    ]);
  });
});
