// The author's join on the runtime, with many cores: D5a.
import { expect, test } from '@jest/globals';
import { toHex } from '../../host/bytes/index.js';
import type { WorkReport } from '../../host/contract/index.js';
import { Author } from './support/author.js';
import { joinRuns, registerClass, resultOf } from './support/corejam.js';
import { Crowd } from './support/crowd.js';
import { guest, NOTHING } from './support/guests.js';

const CORES = 40;
/** The adversary's cores. */
const EVIL = 4;
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

test('small classes that leave one after another do not empty the block of an honest class', async () => {
  const crowd = await Crowd.start(CORES);
  const { chain } = crowd;
  const prune = WPP / 4n; // of the wpp / 3 that a report may have, so that outputs of other classes have room beside it
  const probe = registerClass(chain, guest({ prune: busy(100_000) }), prune, ACCUMULATE);
  const [run] = joinRuns(chain, [crowd.reportOf(0, [resultOf(probe, 'x')])]);
  const turns = Math.floor((100_000 * 1.45 * Number(prune)) / Number(run!.weightUsed));
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
    const more = at < 0 ? [] : [resultOf(evil[at]!, 'x'), resultOf(evil[at + 1]!, 'x')];
    const work = crowd.reportOf(core, [resultOf(honest, 'x'), ...more]);
    if (at < 0) theirs.push(work);
    author.add(crowd.attest(work));
  }
  const registered = new Set(author.register().map(({ packageSpec }) => toHex(packageSpec.hash)));
  expect(theirs.filter(({ packageSpec }) => !registered.has(toHex(packageSpec.hash)))).toEqual([]);
  // It uses most of what it may, so that the block has no room for a call after each class that leaves.
  const [first] = author.prunes.filter(({ classId }) => classId === honest);
  expect(first!.weightUsed).toBeGreaterThan((first!.weightGiven * 3n) / 4n);
}, 300_000);
