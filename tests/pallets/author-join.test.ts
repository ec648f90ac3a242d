// The author's join on the runtime, with many cores: D5a.
import { expect, test } from '@jest/globals';
import { toHex } from '../../host/bytes/index.js';
import type { WorkReport } from '../../host/contract/index.js';
import { Author } from './support/author.js';
import { joinRuns, registerClass, resultOf } from './support/corejam.js';
import { Crowd } from './support/crowd.js';
import { FIRST, guest, NOTHING } from './support/guests.js';

const CORES = 40;
/** The adversary's cores. */
const EVIL = 4;
/** In pairs, of which one follows the other. */
const EVIL_PAIRS = 3;
const HONEST = CORES - 2 * EVIL_PAIRS;
/** M is 2 s; 75 % of it, for each core. */
const WPP = 1_500_000_000_000n / BigInt(CORES);
const ACCUMULATE = 2_000_000_000n;

/** Accepts all of at most 63 outputs, after so many turns of a loop for each. */
const busy = (turns: number): string => `
  (local.set 2 (i32.mul (i32.const ${turns}) (i32.shr_u (i32.load8_u (local.get 0)) (i32.const 2))))
  (loop $l (local.set 2 (i32.sub (local.get 2) (i32.const 1))) (br_if $l (i32.gt_s (local.get 2) (i32.const 0))))
  ${NOTHING}`;
/** Traps if it is called for one output. */
const LONELY = `(if (result i64) (i32.eq (i32.load8_u (local.get 0)) (i32.const 4)) (then unreachable) (else ${NOTHING}))`;

/**
 * Accepts, of at most 63 outputs of a key and a digit, those with '1' only after one of the same key with '0'. So many turns of
 * a loop for each output.
 */
const ordered = (turns: number): string => `
  (local.set 2 (i32.mul (i32.const ${turns}) (i32.shr_u (i32.load8_u (local.get 0)) (i32.const 2))))
  (loop $l (local.set 2 (i32.sub (local.get 2) (i32.const 1))) (br_if $l (i32.gt_s (local.get 2) (i32.const 0))))
  (block $end (loop $next
    (br_if $end (i32.ge_u (global.get $i) (i32.div_u (i32.sub (local.get 1) (i32.const 1)) (i32.const 3))))
    (local.set 2 (i32.add (local.get 0) (i32.mul (global.get $i) (i32.const 3))))
    (global.set $b (i32.load8_u offset=2 (local.get 2)))
    (if (i32.eq (i32.load8_u offset=3 (local.get 2)) (i32.const 48))
      (then (i32.store8 (i32.add (i32.const 3000) (global.get $b)) (i32.const 1))))
    (if (i32.eq (i32.load8_u offset=3 (local.get 2)) (i32.const 49))
      (then (if (i32.eqz (i32.load8_u (i32.add (i32.const 3000) (global.get $b))))
        (then
          (i32.store (i32.add (i32.const 2049) (i32.mul (global.get $n) (i32.const 4))) (global.get $i))
          (global.set $n (i32.add (global.get $n) (i32.const 1)))))))
    (global.set $i (i32.add (global.get $i) (i32.const 1)))
    (br $next)))
  (i32.store8 (i32.const 2048) (i32.shl (global.get $n) (i32.const 2)))
  (i64.or (i64.shl (i64.extend_i32_u (i32.add (i32.const 1) (i32.mul (global.get $n) (i32.const 4)))) (i64.const 32)) (i64.const 2048))`;
const ORDERED_DATA =
  '(global $i (mut i32) (i32.const 0)) (global $n (mut i32) (i32.const 0)) (global $b (mut i32) (i32.const 0))';

test('small classes that leave one after another do not empty the block of an honest class', async () => {
  const crowd = await Crowd.start(CORES);
  const { chain } = crowd;
  const prune = WPP / 4n; // of the wpp / 3 that a report may have, so that outputs of other classes have room beside it
  const [less, more] = [100_000, 200_000].map((turns) => {
    const probe = registerClass(chain, guest({ prune: busy(turns) }), prune, ACCUMULATE);
    const [run] = joinRuns(chain, [crowd.reportOf(0, [resultOf(probe, 'x')])]);
    return Number(run!.weightUsed);
  });
  const turnPs = (more! - less!) / 100_000;
  const turns = Math.floor((0.85 * Number(prune)) / turnPs);
  const honest = registerClass(chain, guest({ prune: busy(turns) }), prune, ACCUMULATE);
  // The adversary's package i has outputs of its classes i and i + 1. Class 0 traps, and each other one when package i - 1
  // has left.
  const evil = Array.from({ length: EVIL + 1 }, (_, i) =>
    registerClass(
      chain,
      guest({ prune: i === 0 ? 'unreachable' : i === EVIL ? NOTHING : LONELY }),
      WPP / 40n,
      ACCUMULATE,
    ),
  );
  const author = new Author(chain);
  const theirs: WorkReport[] = [];
  for (let core = 0; core < CORES; core++) {
    const at = core - (CORES - EVIL);
    const others = at < 0 ? [] : [resultOf(evil[at]!, 'x'), resultOf(evil[at + 1]!, 'x')];
    const work = crowd.reportOf(core, [resultOf(honest, 'x'), ...others]);
    if (at < 0) theirs.push(work);
    author.add(crowd.attest(work));
  }
  const registered = new Set(author.register().map(({ packageSpec }) => toHex(packageSpec.hash)));
  expect(theirs.filter(({ packageSpec }) => !registered.has(toHex(packageSpec.hash)))).toEqual([]);
  // It uses most of what it may, so that the block has no room for a call after each class that leaves.
  const [first] = author.prunes.filter(({ classId }) => classId === honest);
  expect(first!.weightUsed).toBeGreaterThan((first!.weightGiven * 3n) / 4n);
}, 300_000);

test('packages that two honest classes decide on are not kept out by few cores, if one class wants sequences', async () => {
  const crowd = await Crowd.start(CORES);
  const { chain } = crowd;
  const PRUNE = WPP / 6n - 700_000_000n; // for each of two outputs, of the wpp / 3 that a report may have, with room for another
  const code = (turns: number): Uint8Array => guest({ prune: ordered(turns), data: ORDERED_DATA });
  const probe = registerClass(chain, code(100_000), WPP / 4n, ACCUMULATE);
  const [run] = joinRuns(
    chain,
    Array.from({ length: 30 }, (_, core) => crowd.reportOf(core, [resultOf(probe, 'x2')])),
  );
  // Nine tenths of what they may use.
  const turns = Math.floor((100_000 * 30 * Number(PRUNE) * 0.9) / Number(run!.weightUsed));
  const H = registerClass(chain, code(turns), PRUNE, ACCUMULATE);
  const G = registerClass(chain, code(turns + 1), PRUNE, ACCUMULATE);
  // The first class of the adversary names '00', so that H names '01'. Its second then has one output, '10', and names it, so
  // that H names '11'; and so on.
  const lonely = `(if (result i64) (i32.eq (i32.load8_u (local.get 0)) (i32.const 4)) (then ${FIRST}) (else ${NOTHING}))`;
  const evil = [FIRST, lonely, lonely, NOTHING].map((prune, i) =>
    registerClass(chain, guest({ prune, data: `(global $u i32 (i32.const ${i}))` }), 600_000_000n, ACCUMULATE),
  );
  const author = new Author(chain);
  const add = (core: number, ...results: [number, string][]): string => {
    const work = crowd.reportOf(
      core,
      results.map(([id, output]) => resultOf(id, output)),
    );
    author.add(crowd.attest(work));
    return toHex(work.packageSpec.hash);
  };
  /** Registers what the author selects. Returns those of the honest packages that are missing. */
  const missingInBlock = (): string[] => {
    author.candidates = [];
    // The first core leads, which is an honest one.
    const theirs = Array.from({ length: HONEST }, (_, core) => add(core, [H, 'x2'], [G, 'x2']));
    for (let i = 0; i < EVIL_PAIRS; i++) {
      add(HONEST + 2 * i, [H, `${i}0`], [evil[i]!, 'x']);
      add(HONEST + 2 * i + 1, [H, `${i}1`], [evil[i + 1]!, 'x']);
    }
    const registered = new Set(author.register().map(({ packageSpec }) => toHex(packageSpec.hash)));
    return theirs.filter((hash) => !registered.has(hash));
  };
  /** With how many outputs H was called in each call. */
  const sizes = (): number[] =>
    author.prunes.filter(({ classId }) => classId === H).map(({ weightGiven }) => Number(weightGiven / PRUNE));
  expect(missingInBlock()).toEqual([]);
  // With all outputs, and then with those of its family.
  expect(sizes().slice(0, 2)).toEqual([CORES, HONEST]);

  // Cores whose packages made it object again are on probation: it is first called without them.
  chain.advance();
  crowd.makeAvailableNow([...Array(CORES).keys()]);
  expect(missingInBlock()).toEqual([]);
  expect(sizes()[0]).toBeLessThan(CORES);
}, 300_000);
