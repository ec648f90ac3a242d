// The turns of cores and of the parties on a core, where room is scarce: the core's own weight, and the length of a block's
// reports. Spec: D34; § Weight of prune and accumulate, 2.
import { describe, expect, test } from '@jest/globals';
import { ok, Reader, Writer } from '../../host/bytes/index.js';
import { decode, ERRORS, readAttestation, type WorkReport } from '../../host/contract/index.js';
import type { TestChain } from '../harness/index.js';
import { Author } from './support/author.js';
import {
  allAvailable,
  assignCores,
  attest,
  groupOf,
  hashOf,
  registerClass,
  reportOf,
  resultOf,
  screen,
  startChain,
} from './support/corejam.js';
import { fat, guest, NOTHING } from './support/guests.js';

/** Names its first output. */
const REJECTING = { prune: fat(1024, 5), data: '(data (i32.const 1024) "\\04\\00\\00\\00\\00")' };

/** M × 75 %, of which a core has its part. */
const CORES_PS = 1_500_000_000_000n;

/** An author whose candidates have the last block as context. */
function authorOn(chain: TestChain, cores: number[]) {
  const author = new Author(chain);
  return {
    author,
    add(submitter: string, parts: Partial<WorkReport> & { classId?: number }): WorkReport {
      const work = reportOf(chain, parts);
      author.addOf(submitter, attest(work, groupOf(chain, work.coreIndex)));
      return work;
    },
    /** Registers what the author takes, and makes it available in the next block. */
    block(): string[] {
      const registered = author.register().map(hashOf);
      chain.advance();
      allAvailable(chain, cores);
      return registered;
    },
  };
}

describe('a core whose queue leaves no room for the prune of the candidate in turn', () => {
  const WPP = CORES_PS / 2n;
  /** What the end of a block does for a package, which its core bears. */
  const ENDING = 100_000_000n;

  /** Two cores. A report of `heavy` at the head of a queue leaves a tenth of wpp, and `pruning` needs a quarter. */
  async function twoCores() {
    const chain = await startChain({ cores: 2 });
    const pruning = registerClass(chain, guest({}), WPP / 4n, WPP / 10n);
    const heavy = registerClass(chain, guest({}), 0n, (WPP * 9n) / 10n);
    const fitting = registerClass(chain, guest({}), 0n, (WPP * 3n) / 4n - ENDING);
    const tooHeavy = registerClass(chain, guest({}), 0n, (WPP * 3n) / 4n - ENDING + 1n);
    assignCores(chain, 0, 1);
    chain.advanceTo(2);
    return { chain, pruning, heavy, fitting, tooHeavy, ...authorOn(chain, [0, 1]) };
  }

  test("is not kept from it by another party's packages that need nearly all of the core for accumulate", async () => {
    const { pruning, heavy, add, block } = await twoCores();
    add('heavy', { classId: heavy });
    block();
    const theirs = add('pruning', { classId: pruning });
    add('heavy', { classId: heavy });
    add('heavy', { classId: heavy });
    expect(block()).toHaveLength(1); // the turn of the first party, which came first
    expect(block()).toEqual([]); // 9/10 + 1/4 > 1: the core is kept
    expect(block()).toEqual([hashOf(theirs)]);
  });

  test('takes in its place only what leaves the room for it in the next block', async () => {
    const { chain, pruning, heavy, fitting, tooHeavy, add, author, block } = await twoCores();
    add('heavy', { classId: heavy });
    block();
    const theirs = add('pruning', { classId: pruning });
    add('others', { classId: tooHeavy });
    const light = add('others', { classId: fitting }); // 3/4 with the end of the block, + 1/4 = 1
    author.candidates.sort((a, b) => (a.attestation.report === theirs ? -1 : b.attestation.report === theirs ? 1 : 0));
    const names = author.candidates.map(({ attestation }) => attestation.report);
    expect(screen(chain, names)).toEqual(['CoreBusy', 'CoreBusy', undefined]);
    expect(block()).toEqual([hashOf(light)]);
    expect(block()).toEqual([hashOf(theirs)]);
  });

  test('is kept for it also if the join left out the one before it', async () => {
    const { chain, pruning, heavy, add, block } = await twoCores();
    const rejecting = registerClass(chain, guest(REJECTING), WPP / 20n, WPP / 10n);
    add('heavy', { classId: heavy });
    block();
    add('rejected', { classId: rejecting });
    const theirs = add('pruning', { classId: pruning });
    add('another', { classId: heavy });
    expect(block()).toEqual([]);
    expect(block()).toEqual([hashOf(theirs)]);
  });

  test('is kept for one of a class that is taken singly, too, whose party has had its turn then', async () => {
    const { chain, heavy, add, block } = await twoCores();
    const failing = registerClass(chain, guest({ prune: 'unreachable' }), WPP / 4n, WPP / 10n);
    add('failing', { coreIndex: 1, classId: failing });
    add('heavy', { classId: heavy });
    expect(block()).toHaveLength(1); // `failing` failed
    add('failing', { classId: failing });
    const theirs = add('others', { classId: heavy });
    expect(block()).toEqual([]);
    expect(block()).toEqual([hashOf(theirs)]); // it failed
  });

  test('is kept for one of an honest class that packages on other cores make fail', async () => {
    const { chain, heavy, add, author, block } = await twoCores();
    // Traps if its first output begins with 'e'.
    const trapping = `(if (result i64) (i32.eq (i32.load8_u offset=2 (local.get 0)) (i32.const 101)) (then unreachable) (else ${NOTHING}))`;
    const honest = registerClass(chain, guest({ prune: trapping }), WPP / 4n, WPP / 10n);
    const evil = (): WorkReport => add('evil', { coreIndex: 1, results: [resultOf(honest, 'e')] });
    evil();
    add('heavy', { classId: heavy });
    block();
    let theirs: WorkReport | undefined;
    let came = 0;
    for (let count = 1; count <= 100 && came === 0; count++) {
      const waiting = author.candidates.map(({ submitter }) => submitter[0]);
      if (!waiting.includes('evil')) evil();
      if (!waiting.includes('heavy')) add('heavy', { classId: heavy });
      // A new one, when its context is no longer Recent.
      if (!waiting.includes('honest')) theirs = add('honest', { results: [resultOf(honest, 'x')] });
      if (block().includes(hashOf(theirs!))) came = count;
    }
    // By lot: in every second block in which it comes first, which is at least every third one.
    expect(came).toBeGreaterThan(0);
  });

  test("takes packages of the next assignee, whatever the last one's packages need for accumulate", async () => {
    const chain = await startChain({ cores: 1, groupRotationFrequency: 1_000 });
    const pruning = registerClass(chain, guest({}), CORES_PS / 4n, CORES_PS / 10n);
    const heavy = registerClass(chain, guest({}), 0n, (CORES_PS * 9n) / 10n);
    const last = assignCores(chain, 0);
    chain.advanceTo(20);
    const { author, add, block } = authorOn(chain, [0]);
    for (let count = 0; count < 15; count++) add('last', { classId: heavy, authId: last });
    const next = assignCores(chain, 0);
    expect(block()).toHaveLength(1); // the assignment begins in this block, and so holds for contexts from it on
    for (let count = 0; count < 14; count++) {
      add('next', { classId: pruning, authId: next });
      block();
    }
    // In the first of these blocks the head of the queue is of the last assignee; then each has one of the next.
    expect(author.candidates.filter(({ submitter }) => submitter[0] === 'next')).toHaveLength(1);
  });
});

describe('where the length of reports is scarce', () => {
  const CORES = [0, 1, 2];
  const LONG = 4_000;
  /** One long report and a few short ones have room in a block. */
  const ROOM = LONG + 1_500;
  const lengthOf = ({ results }: WorkReport): number =>
    results.reduce((sum, { result }) => sum + 200 + (result.ok ? result.value.length : 0), 0);

  /** A chain whose blocks have room for ROOM bytes of reports, or for so many items, or for so many outputs. */
  async function narrow(error: 'ReportsTooLong' | 'ReportsTooHeavy' | 'PruneTooLong') {
    const chain = await startChain({ cores: CORES.length });
    const fine = registerClass(chain, guest({}), 0n, 2_000_000_000n);
    assignCores(chain, ...CORES);
    chain.advanceTo(2);
    const made = authorOn(chain, CORES);
    made.author.intercept = (method, answer, args) => {
      if (method !== 'CoreJamApi_validate_reports') return answer();
      const works = new Reader(args).vec(readAttestation).map(({ report }) => report);
      const errors = decode((r) => r.vec((one) => one.option((o) => o.u8())), answer());
      let used = 0;
      const narrowed = works.map((work, at) => {
        if (errors[at] !== undefined) return errors[at];
        if (used + lengthOf(work) > ROOM) return ERRORS.Reporting.indexOf(error);
        used += lengthOf(work);
        return undefined;
      });
      return new Writer().vec(narrowed, (w, e) => w.option(e, (v, x) => v.u8(x))).finish();
    };
    const add = (submitter: string, coreIndex: number, bytes: number): WorkReport =>
      made.add(submitter, { coreIndex, results: [{ ...resultOf(fine, 'x'), result: ok(new Uint8Array(bytes)) }] });
    return { chain, fine, ...made, add };
  }

  test.each(['ReportsTooLong', 'ReportsTooHeavy', 'PruneTooLong'] as const)(
    'short reports that fit the rest of a block do not use up the turn of their core, on which a long one waits (%s)',
    async (error) => {
      const { author, add, block } = await narrow(error);
      const hasOn = (core: number): boolean =>
        author.candidates.some(({ attestation: { report } }) => report.coreIndex === core);
      let theirs: WorkReport | undefined;
      let came: number | undefined;
      for (let count = 0; count < 8 && came === undefined; count++) {
        for (const core of [1, 2]) if (!hasOn(core)) add('other', core, LONG);
        add('short', 0, 1);
        if (count === 2) theirs = add('long', 0, LONG);
        if (block().includes(theirs === undefined ? '' : hashOf(theirs))) came = count;
      }
      // The blocks from 2 on have a long report of core 1, of core 2, and of core 0, in some order; the first of them may
      // have the short one in turn of core 0.
      expect(came).toBeGreaterThanOrEqual(2);
      expect(came).toBeLessThanOrEqual(5);
    },
  );

  test('a core whose long report had its turn comes behind the others again', async () => {
    const { author, add, block } = await narrow('ReportsTooLong');
    for (let count = 0; count < 9; count++) {
      for (const core of CORES) add('long', core, LONG);
      add('short', 0, 1);
      block();
    }
    // One long report a block: three of each core.
    const left = (core: number): number =>
      author.candidates.filter(({ attestation: { report } }) => report.coreIndex === core && lengthOf(report) > LONG)
        .length;
    expect(CORES.map(left)).toEqual([6, 6, 6]);
  });

  test('of a core whose report is too heavy one of fewer items is tried, though its outputs are longer', async () => {
    const { fine, author, add: addOne, block, chain } = await narrow('ReportsTooLong');
    author.intercept = (method, answer, args) => {
      if (method !== 'CoreJamApi_validate_reports') return answer();
      const works = new Reader(args).vec(readAttestation).map(({ report }) => report);
      let items = 0;
      const errors = works.map(({ results }) => {
        if (items + results.length > 4) return ERRORS.Reporting.indexOf('ReportsTooHeavy');
        items += results.length;
        return undefined;
      });
      return new Writer().vec(errors, (w, e) => w.option(e, (v, x) => v.u8(x))).finish();
    };
    const several = (submitter: string, coreIndex: number, count: number): WorkReport => {
      const results = Array.from({ length: count }, () => resultOf(fine, 'x'));
      const work = reportOf(chain, { coreIndex, results });
      author.addOf(submitter, attest(work, groupOf(chain, coreIndex)));
      return work;
    };
    const first = several('first', 0, 3);
    several('heavy', 2, 4);
    const longer = addOne('longer', 2, 1_000);
    expect(block()).toEqual([first, longer].map(hashOf));
  });
});

describe('a block that is made without the reports that were selected', () => {
  test('concludes nothing of the others, and takes other reports next', async () => {
    const chain = await startChain({ cores: 1 });
    const fine = registerClass(chain, guest({}), 1_000_000_000n, 2_000_000_000n);
    const rejecting = registerClass(chain, guest(REJECTING), 1_000_000_000n, 2_000_000_000n);
    assignCores(chain, 0);
    chain.advanceTo(2);
    const { author, add } = authorOn(chain, [0]);
    add('rejected', { classId: rejecting });
    const [a, b] = [add('one', { classId: fine }), add('one', { classId: fine })];
    const chosen = (isMade: boolean): string[] => author.choose({ isMade }).map(({ report }) => hashOf(report));
    expect(chosen(false)).toEqual([hashOf(a)]);
    expect(author.findings).toEqual([]);
    expect(chosen(true)).toEqual([hashOf(b)]);
    expect(author.findings).toMatchObject([{ kind: 'pruned' }]);
  });
});

test('the reports that a block takes are checked once, however often others are checked and joined in their place', async () => {
  const chain = await startChain({ cores: 3 });
  const fine = registerClass(chain, guest({}), 1_000_000_000n, 2_000_000_000n);
  const rejecting = registerClass(chain, guest(REJECTING), 1_000_000_000n, 2_000_000_000n);
  assignCores(chain, 0, 1, 2);
  chain.advanceTo(2);
  const { author, add, block } = authorOn(chain, [0, 1, 2]);
  for (const coreIndex of [0, 1]) add('fine', { coreIndex, classId: fine });
  for (const submitter of ['a', 'b', 'c']) add(submitter, { coreIndex: 2, classId: rejecting });
  const checked: string[] = [];
  let rounds = 0;
  author.intercept = (method, answer, args) => {
    if (method !== 'CoreJamApi_validate_reports') return answer();
    const reader = new Reader(args);
    const hashes = reader.vec(readAttestation).map(({ report }) => hashOf(report));
    checked.push(...hashes.slice(reader.u32()));
    rounds++;
    return answer();
  };
  expect(block()).toHaveLength(2);
  expect(rounds).toBeGreaterThan(1);
  expect(checked).toHaveLength(new Set(checked).size);
});

test('a package is not concluded while an earlier one of its submitter with outputs of the class waits on another core', async () => {
  const chain = await startChain({ cores: 3 });
  const rejecting = registerClass(chain, guest(REJECTING), 1_000_000_000n, 2_000_000_000n);
  assignCores(chain, 0, 1, 2);
  chain.advanceTo(2);
  const { author, add, block } = authorOn(chain, [0, 1, 2]);
  const context = { headerHash: chain.parentHash, prerequisite: new Uint8Array(32).fill(7) };
  const earlier = add('one', { coreIndex: 0, classId: rejecting, context });
  const later = add('one', { coreIndex: 1, classId: rejecting });
  const other = add('another', { coreIndex: 2, classId: rejecting });
  const found = (work: WorkReport): string | undefined =>
    author.findings.find(({ report }) => hashOf(report) === hashOf(work))?.kind;
  block();
  expect([later, other].map(found)).toEqual(['postponed', 'pruned']);
  author.candidates = author.candidates.filter(({ attestation }) => attestation.report !== earlier);
  block();
  expect(found(later)).toBe('pruned');
});

test('packages of one submitter that a class rejects are concluded in one block, in whichever order their cores come', async () => {
  const chain = await startChain({ cores: 3 });
  const rejecting = registerClass(chain, guest(REJECTING), 1_000_000_000n, 2_000_000_000n);
  assignCores(chain, 0, 1, 2);
  chain.advanceTo(2); // core 2 is first in this block
  const { author, add, block } = authorOn(chain, [0, 1, 2]);
  for (const coreIndex of [0, 1, 2]) add('one', { coreIndex, classId: rejecting });
  block();
  expect(author.findings.map(({ kind }) => kind)).toEqual(['pruned', 'pruned', 'pruned']);
});
