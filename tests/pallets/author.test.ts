// The author's choice of reports, on the real runtime: D5a, D34, step 6 of the weights.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Attestation, ERRORS, type WorkReport } from '../../host/contract/index.js';
import { Writer } from '../../host/bytes/index.js';
import type { TestChain } from '../harness/index.js';
import { Author } from './support/author.js';
import { allAvailable, assignCores, attest, registerClass, reportOf, resultOf, startChain } from './support/corejam.js';
import { fat, guest, NOTHING } from './support/guests.js';

/** 6 validators on 3 cores that do not rotate. */
const GROUPS = [
  [0, 1],
  [2, 3],
  [4, 5],
];
/** 75 % of 2·10¹². */
const TOTAL = 1_500_000_000_000n;
/** Prune weight of the class that never returns: with another item it is still within wpp / 3. */
const ENDLESS_PS = 125_000_000_000n;
const [PRUNE, ACCUMULATE] = [1_000_000_000n, 2_000_000_000n];

/** Bodies of `prune`. SCALE Vec<Vec<u8>> begins with four times the number of outputs. */
const ENDLESS = '(loop $l (br $l)) unreachable';
const SECOND = fat(1024, 5);
const SECOND_DATA = '(data (i32.const 1024) "\\04\\01\\00\\00\\00")';
/** Names the second of two outputs, as if they collided. */
const ONE_OF_TWO = `(if (result i64) (i32.eq (i32.load8_u (local.get 0)) (i32.const 8)) (then ${SECOND}) (else ${NOTHING}))`;

let chain: TestChain;
let author: Author;
/** The ids of classes: one accepts all, one never returns, one accepts one output of two. */
let fine: number;
let endless: number;
let oneOfTwo: number;

beforeEach(async () => {
  chain = await startChain();
  fine = registerClass(chain, guest({}), PRUNE, ACCUMULATE);
  endless = registerClass(chain, guest({ prune: ENDLESS }), ENDLESS_PS, ACCUMULATE);
  oneOfTwo = registerClass(chain, guest({ prune: ONE_OF_TWO, data: SECOND_DATA }), PRUNE, ACCUMULATE);
  assignCores(chain, 0, 1, 2);
  chain.advanceTo(2);
  author = new Author(chain);
});

const on = (coreIndex: number, classes: number[], prerequisite?: WorkReport): WorkReport =>
  reportOf(chain, {
    coreIndex,
    results: classes.map((id) => resultOf(id, 'x')),
    context: { headerHash: chain.parentHash, prerequisite: prerequisite?.packageSpec.hash },
  });
const attested = (work: WorkReport): Attestation => attest(work, GROUPS[work.coreIndex]!);
const add = (...reports: WorkReport[]): void => author.add(...reports.map(attested));
const usedPs = (): bigint => author.prunes.reduce((sum, { weightUsed }) => sum + weightUsed, 0n);

/** Makes everything available, so that the cores are free again in the next block. */
function nextBlock(): void {
  chain.advance();
  allAvailable(chain, [0, 1, 2]);
}

describe('one prune that never answers', () => {
  test('is called for all packages once and for one alone, and then for one a block; honest packages are taken', () => {
    const evil = [on(0, [endless]), on(1, [endless])];
    const honest = [on(0, [fine]), on(2, [fine])];
    add(...evil, ...honest);
    expect(author.register()).toEqual([honest[1], honest[0]]); // one of them was behind an evil one
    expect(author.prunes.filter((run) => run.classId === endless).map((run) => run.weightUsed)).toEqual([
      2n * ENDLESS_PS,
      ENDLESS_PS,
    ]);
    expect(author.findings.map(({ kind, reason }) => [kind, reason])).toEqual(
      evil.map(() => ['postponed', `Work Class ${endless} failed: its prune ran out of weight`]),
    );
    for (let block = 0; block < 8; block++) {
      nextBlock();
      const next = [on(0, [fine]), on(1, [fine]), on(2, [fine])];
      add(...next);
      expect(author.register()).toHaveLength(3);
      expect(usedPs()).toBeLessThan(ENDLESS_PS + 6n * PRUNE);
    }
  });

  test('whatever the classes do, the calls of a block use no more than M × 75 %', async () => {
    // 6 cores, each with a class of its own that never returns and has the most prune weight.
    chain = await startChain({ cores: 6 });
    assignCores(chain, 0, 1, 2, 3, 4, 5);
    const most = TOTAL / 6n / 3n;
    const ids = [0, 1, 2, 3, 4, 5].map(() => registerClass(chain, guest({ prune: ENDLESS }), most, ACCUMULATE));
    chain.advance();
    author = new Author(chain);
    author.add(...ids.map((id, core) => attest(on(core, [id]), [core])));
    expect(author.register()).toEqual([]);
    // Every class is called with its output, all together for a third of the total, and once more alone.
    expect(author.prunes).toHaveLength(12);
    expect(usedPs()).toBe(12n * most);
    expect(usedPs() <= TOTAL).toBe(true);
  });
});

describe('an innocent package', () => {
  test('that collided with one that was itself left out is registered', () => {
    const [shared, innocent] = [on(0, [oneOfTwo, endless]), on(1, [oneOfTwo])];
    add(shared, innocent);
    expect(author.register()).toEqual([innocent]);
    expect(author.findings.map(({ report, kind }) => [report, kind])).toEqual([[shared, 'postponed']]);
  });

  test('that is named alone on top of those taken is concluded as pruned', () => {
    const [first, second] = [on(0, [oneOfTwo]), on(1, [oneOfTwo])];
    add(first, second);
    expect(author.register()).toEqual([first]);
    expect(author.findings).toEqual([
      { report: second, kind: 'pruned', reason: `Work Class ${oneOfTwo} rejected an output of the package` },
    ]);
    expect(author.candidates).toEqual([]);
  });
});

describe('the order of candidates (D34)', () => {
  test('the core whose last report is the oldest comes first, also for an author that has just started', () => {
    add(on(1, [fine]));
    author.register();
    nextBlock();
    add(on(0, [fine]));
    author.register();
    nextBlock();
    // Core 2 never had a report, core 1 in block 2, core 0 in block 3. Class `oneOfTwo` takes the first of two.
    author = new Author(chain);
    const [late, early] = [on(0, [oneOfTwo]), on(1, [oneOfTwo])];
    add(late, early, on(2, [fine]));
    expect(author.register().map(({ coreIndex }) => coreIndex)).toEqual([2, 1]);
  });

  test('a thousand waiting candidates of a core keep neither one behind them out, nor their prerequisite', () => {
    const prerequisite = on(0, [fine]);
    const waiting = Array.from({ length: 1_000 }, () => on(0, [fine], prerequisite));
    const [behind, other] = [on(0, [fine]), on(1, [fine])];
    // Signatures are not checked of those that wait.
    author.add(...waiting.map((report) => ({ report, validators: [true, true], attestations: [] })));
    add(behind, other);
    expect(author.register()).toEqual([behind, other]);
    const { calls } = author;
    expect(calls.map(({ method }) => method.replace('CoreJamApi_', ''))).toEqual([
      'recently_registered',
      'last_registered',
      'auth_ids',
      'join_terms',
      'screen_reports',
      'validate_reports',
      'join',
    ]);
    // The whole check is made of two reports only.
    expect(calls.find(({ method }) => method.endsWith('validate_reports'))!.bytes).toBeLessThan(1_000);
    nextBlock();
    add(prerequisite);
    expect(author.register()).toEqual([prerequisite]);
  });

  test('a package and its prerequisite on another core come in one block, whichever core is first', () => {
    const prerequisite = on(2, [fine]);
    const dependent = on(0, [fine], prerequisite);
    add(dependent, on(0, [fine]), prerequisite);
    expect(author.register()).toEqual([prerequisite, dependent]);
  });

  test('a package that a join left out keeps none of its core out, and goes behind them', () => {
    const shared = on(0, [oneOfTwo, endless]);
    const [second, third] = [on(0, [fine]), on(0, [fine])];
    add(shared, second);
    expect(author.register()).toEqual([second]);
    nextBlock();
    add(third);
    // It is called for `shared` alone, which fails: `third` is taken in the same block.
    expect(author.register()).toEqual([third]);
    expect(author.findings.map(({ report, kind }) => [report, kind])).toEqual([[shared, 'postponed']]);
  });
});

describe('surplus signatures', () => {
  test("are left out down to the quorum of the group of the report's context block, though groups have rotated", async () => {
    // 4 validators on 3 cores: groups of 2, 1 and 1. With minimumAttestations = 2, quorums are 2, 1 and 1. The group
    // of two is on core 0 until block 3, and the group of validator 3 in blocks 4 to 7.
    chain = await startChain({ validators: 4, groupRotationFrequency: 4 });
    fine = registerClass(chain, guest({}), PRUNE, ACCUMULATE);
    assignCores(chain, 0, 1, 2);
    chain.advanceTo(3);
    const work = on(0, [fine]);
    chain.advanceTo(5);
    author = new Author(chain);
    author.add(attest(work, [0, 1]));
    // The block is said to be too heavy at first.
    let calls = 0;
    author.intercept = (method, answer) =>
      method === 'CoreJamApi_validate_reports' && calls++ === 0
        ? new Writer()
            .vec([ERRORS.Reporting.indexOf('ReportsTooHeavy')], (w, index) => w.option(index, (v, e) => v.u8(e)))
            .finish()
        : answer();
    expect(author.register()).toEqual([work]);
    expect(author.findings).toEqual([]);
    expect(calls).toBe(2);
  });
});
