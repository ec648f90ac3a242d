// The Availability pallet: bitfields, the threshold, the time-out.
// Spec: RFC-0031 § Availability; D8, D14, D15.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { toHex } from '../../host/bytes/index.js';
import type { Attestation, WorkReport } from '../../host/contract/index.js';
import { attestationMessage, bitfieldMessage } from '../../host/incore/index.js';
import { devKey } from '../../host/node/index.js';
import { expectEvent, expectNoop, root, signed, type TestChain } from '../harness/index.js';
import {
  allAvailable,
  assignCores,
  attest,
  bitfield,
  makeAvailable,
  pending,
  progress,
  registerClass,
  report,
  reportOf,
  RICH,
  startChain,
  trapOf,
  VALIDATORS,
} from './support/corejam.js';
import { guest } from './support/guests.js';
import { bitfieldsThatFit } from './support/space.js';
import { Voters } from './support/voters.js';

/** n − ⌊(n−1)/3⌋ of 6. */
const THRESHOLD = 5;
const TIME_OUT = 4;
const GROUPS = [
  [0, 1],
  [2, 3],
  [4, 5],
];
const FIRST_CORE = [true, false, false];

let chain: TestChain;
let work: WorkReport;

/** Registers a report on a core in the open block, and opens the next. */
function registered(coreIndex: number): WorkReport {
  const each = reportOf(chain, { coreIndex });
  report(chain, [attest(each, GROUPS[coreIndex]!)]);
  chain.advance();
  return each;
}

beforeEach(async () => {
  chain = await startChain({ timeOut: TIME_OUT });
  registerClass(chain, guest({}), 1_000_000_000n, 2_000_000_000n);
  assignCores(chain, 0, 1, 2);
  chain.advance();
  work = registered(0); // in block 2; block 3 is open
});

const fromFirst = (count: number, bits = FIRST_CORE) =>
  Array.from({ length: count }, (_, index) => bitfield(chain, index, bits));

describe('bits', () => {
  test('one fewer than the threshold leaves the report pending, the threshold makes it available', () => {
    makeAvailable(chain, fromFirst(THRESHOLD - 1));
    expect(pending(chain)).toHaveLength(1);
    chain.advance();
    makeAvailable(chain, [bitfield(chain, THRESHOLD - 1, FIRST_CORE)]);
    expect(pending(chain)).toEqual([]);
    expectEvent(chain, 'Availability.Available', {
      package_hash: toHex(work.packageSpec.hash),
      core: 0,
      votes: THRESHOLD,
    });
    expect(progress(chain).stages).toEqual([{ packageHash: work.packageSpec.hash, core: 0, stage: 'available' }]);
  });

  test('add up over blocks, each counted once', () => {
    makeAvailable(chain, fromFirst(3));
    registered(1);
    makeAvailable(chain, fromFirst(4, [true, true, false])); // for core 0 one more, for core 1 four
    expect(pending(chain)).toHaveLength(2);
    chain.advance();
    makeAvailable(chain, [bitfield(chain, 5, FIRST_CORE)]);
    expect(pending(chain).map(([core]) => core)).toEqual([1]);
  });

  test('of an earlier report do not count for the next one on the core', () => {
    makeAvailable(chain, fromFirst(THRESHOLD));
    const next = registered(0);
    makeAvailable(chain, fromFirst(1));
    expect(pending(chain).map(([, { packageSpec }]) => packageSpec)).toEqual([next.packageSpec]);
  });

  test('free the core in the same block', () => {
    makeAvailable(chain, fromFirst(THRESHOLD));
    registered(0);
    expect(pending(chain)).toHaveLength(1);
  });

  test('of several cores are counted separately', () => {
    registered(1);
    makeAvailable(chain, fromFirst(THRESHOLD, [true, true, false]));
    expect(progress(chain).stages).toMatchObject([
      { core: 0, stage: 'available' },
      { core: 1, stage: 'available' },
    ]);
  });

  test('two of three validators are too few, and one of one is enough', async () => {
    // n − ⌊(n−1)/3⌋: 3 of 3, 1 of 1.
    for (const [validators, cores] of [
      [3, 3],
      [1, 1],
    ] as const) {
      chain = await startChain({ validators, cores });
      registerClass(chain, guest({}), 1_000_000_000n, 2_000_000_000n);
      assignCores(chain, 0);
      chain.advance();
      report(chain, [attest(reportOf(chain, {}), [0])]);
      chain.advance();
      const bits = FIRST_CORE.slice(0, cores);
      makeAvailable(chain, fromFirst(validators - 1, bits));
      expect(pending(chain)).toHaveLength(1);
      chain.advance();
      makeAvailable(chain, [bitfield(chain, validators - 1, bits)]);
      expect(pending(chain)).toEqual([]);
    }
  });
});

describe('time-out', () => {
  test("a report is dropped in the block of its time-out, after that block's bits", () => {
    chain.advanceTo(2 + TIME_OUT - 1);
    makeAvailable(chain, fromFirst(THRESHOLD - 1));
    expect(pending(chain)).toHaveLength(1);
    chain.advance();
    makeAvailable(chain, []);
    expect(pending(chain)).toEqual([]);
    expectEvent(chain, 'Availability.TimedOut', {
      package_hash: toHex(work.packageSpec.hash),
      core: 0,
      votes: THRESHOLD - 1,
    });
    expect(progress(chain).stages).toEqual([{ packageHash: work.packageSpec.hash, core: 0, stage: 'timedOut' }]);
  });

  test('bits of that block still make it available', () => {
    chain.advanceTo(2 + TIME_OUT);
    makeAvailable(chain, fromFirst(THRESHOLD));
    expectEvent(chain, 'Availability.Available', { core: 0 });
  });

  test('without bitfields it comes at the end of the block', () => {
    chain.advanceTo(2 + TIME_OUT);
    expect(pending(chain)).toHaveLength(1);
    chain.close();
    expect(pending(chain)).toEqual([]);
    expect(progress(chain).stages).toMatchObject([{ stage: 'timedOut' }]);
  });
});

describe('the hook at the end of a block without bitfields', () => {
  const mandatory = (): number =>
    (chain.json('System.BlockWeight') as { mandatory: { refTime: number } }).mandatory.refTime;
  /** Closes blocks up to and including `number`, in which so many reports time out. Returns its mandatory weight. */
  function weightOf(number: number, timedOut = 0): number {
    chain.advanceTo(number);
    chain.close();
    const weight = mandatory();
    expect(chain.events().filter(({ name }) => name === 'Availability.TimedOut')).toHaveLength(timedOut);
    chain.open();
    return weight;
  }

  test('weighs more with more packages that wait, and with those that time out', () => {
    const one = weightOf(3);
    report(
      chain,
      [1, 2].map((core) => attest(reportOf(chain, { coreIndex: core }), GROUPS[core]!)),
    );
    chain.advance();
    const three = weightOf(5); // the time-out of the first is block 2 + 4
    expect(three).toBeGreaterThan(one);
    const timedOut = weightOf(6, 1);
    expect(timedOut).toBeGreaterThan(three);
    const two = weightOf(7);
    expect(three - two).toBe((three - one) / 2);
  });
});

describe('a block with a bad bitfield is invalid', () => {
  const invalid = (...bitfields: ReturnType<typeof bitfield>[]): string =>
    trapOf(chain, () => makeAvailable(chain, bitfields));

  test('of a validator that does not exist', () => {
    const { bits, signature } = bitfield(chain, 5, FIRST_CORE);
    expect(invalid({ validator: 6, bits, signature })).toContain('no such validator');
  });

  test('with two bitfields of one validator', () => {
    const twice = [bitfield(chain, 2, FIRST_CORE), bitfield(chain, 2, [false, true, false])];
    expect(invalid(...twice)).toContain('one bitfield a validator');
  });

  test('with one bit too few or too many', () => {
    expect(invalid(bitfield(chain, 0, [true, false]))).toContain('one bit a core');
    expect(invalid(bitfield(chain, 0, [true, false, false, false]))).toContain('one bit a core');
  });

  test('signed by another key, for other bits, or for another block', () => {
    const good = bitfield(chain, 1, FIRST_CORE);
    expect(invalid({ ...good, validator: 2 })).toContain('the signature of validator 2 is wrong');
    expect(invalid({ ...good, bits: [true, true, false] })).toContain('is wrong');
    chain.advance();
    expect(invalid(good)).toContain('is wrong');
  });

  test('without a bit that is not counted yet: no bits, only bits of idle cores, or counted bits', () => {
    expect(invalid(bitfield(chain, 0, [false, false, false]))).toContain('the bits of validator 0 are counted already');
    expect(invalid(bitfield(chain, 1, [false, true, true]))).toContain('the bits of validator 1 are counted already');
    makeAvailable(chain, fromFirst(3));
    chain.advance();
    expect(invalid(bitfield(chain, 2, FIRST_CORE))).toContain('the bits of validator 2 are counted already');
    expect(invalid(bitfield(chain, 2, [true, true, true]))).toContain('are counted already');
    makeAvailable(chain, [bitfield(chain, 3, FIRST_CORE)]);
    expect(pending(chain)).toHaveLength(1);
  });

  test('with two inherents', () => {
    makeAvailable(chain, []);
    expect(() => makeAvailable(chain, [])).toThrow(/BadMandatory/);
  });
});

test("accounts and root can't send bitfields", () => {
  expectNoop(chain.dispatch(signed(RICH), 'Availability.bitfields', []), 'BadOrigin');
  expectNoop(chain.dispatch(root, 'Availability.bitfields', []), 'BadOrigin');
});

test('bitfields come before reports', () => {
  report(chain, []);
  expect(() => allAvailable(chain, [0], VALIDATORS.length)).toThrow(/BadMandatory/);
});

describe('more validators than a block has room for bitfields', () => {
  const FIT = bitfieldsThatFit(2_000_000_000_000n, 3);
  /** n validators, of 2 FIT to 2.5 FIT, which the formulas below need; a chain has at most 1,024. */
  const COUNT = Math.floor(FIT * 2.1);
  const NAMES = Array.from({ length: COUNT }, (_, index) => `validator ${index}`);
  /** Members of each of three groups, at least. */
  const GROUP = Math.floor(COUNT / 3);
  let voters: Voters;

  beforeEach(async () => {
    chain = await startChain({ keys: NAMES.map(devKey), timeOut: null });
    voters = new Voters(chain, NAMES);
    registerClass(chain, guest({}), 0n, 2_000_000_000n);
    assignCores(chain, 0, 1, 2);
    chain.advance();
  });

  /** A report signed by the first two of the core's group. */
  const attested = (coreIndex: number): Attestation => {
    const work = reportOf(chain, { coreIndex });
    const first = coreIndex * GROUP + Math.min(coreIndex, COUNT % 3);
    const size = GROUP + (coreIndex < COUNT % 3 ? 1 : 0);
    return {
      report: work,
      validators: Array.from({ length: size }, (_, member) => member < 2),
      attestations: [first, first + 1].map((index) => voters.sign(index, attestationMessage(work))),
    };
  };

  test('availability ends later than in one block, and reports fit beside the bitfields', () => {
    const registered = [0, 1].map((core) => {
      if (core > 0) expect(voters.vote()).toHaveLength(FIT);
      const each = attested(core);
      report(chain, [each]);
      chain.advance();
      return each;
    });
    // n − ⌊(n − 1) / 3⌋ votes are 1.3 FIT to 1.7 FIT: two blocks.
    const turns = [voters.vote()];
    report(chain, [attested(2)]);
    while (pending(chain).some(([core]) => core === 0)) {
      chain.advance();
      turns.push(voters.vote());
    }
    expect(turns.map((turn) => turn.length)).toEqual([FIT]);
    expect(pending(chain).map(([core]) => core)).toEqual([1, 2]);
    expect(registered).toHaveLength(2);
  });

  test("begin at validator (block number · FIT mod n), and every validator's turn comes within three blocks", () => {
    report(chain, [attested(0)]);
    chain.advance(); // block 3: from 3 FIT mod n
    const start = 3 * FIT - COUNT;
    const first = voters.vote().map(({ validator }) => validator);
    expect([first.at(0), first.at(-1), first.length]).toEqual([start, start + FIT - 1, FIT]);
    const seen = new Set<number>();
    for (const validator of first) seen.add(validator);
    chain.advance(); // block 4: from 4 FIT mod n, then from 0
    const wrapped = 5 * FIT - 2 * COUNT;
    const second = voters.vote().map(({ validator }) => validator);
    expect([second.at(0), second.at(wrapped - 1), second.at(wrapped), second.at(-1)]).toEqual([
      0,
      wrapped - 1,
      4 * FIT - COUNT,
      COUNT - 1,
    ]);
  });

  test('a block with one bitfield too many is invalid', () => {
    report(chain, [attested(0)]);
    chain.advance();
    const bits = [true, false, false];
    const many = (count: number) =>
      Array.from({ length: count }, (_, validator) => ({
        validator,
        bits,
        signature: voters.sign(validator, bitfieldMessage(chain.parentHash, bits)),
      }));
    expect(trapOf(chain, () => makeAvailable(chain, many(FIT + 1)))).toContain(`at most ${FIT} bitfields a block`);
    makeAvailable(chain, many(FIT));
  });
});
