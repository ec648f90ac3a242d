// The order in which the author takes cores and their candidates: D34.
import { describe, expect, test } from '@jest/globals';
import { text, Writer } from '../../host/bytes/index.js';
import {
  coreJamApi,
  decode,
  readPruneRun,
  readWorkReport,
  type WorkReport,
  writePruneRun,
} from '../../host/contract/index.js';
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
  type Setting,
  startChain,
} from './support/corejam.js';
import { fat, FIRST, guest, NOTHING } from './support/guests.js';

const [PRUNE, ACCUMULATE] = [1_000_000_000n, 2_000_000_000n];
const CORES = [0, 1, 2];

/** Of two outputs it names both: they exclude each other. */
const EXCLUSIVE = `(if (result i64) (i32.eq (i32.load8_u (local.get 0)) (i32.const 8)) (then ${fat(1024, 9)}) (else ${NOTHING}))`;
const EXCLUSIVE_DATA = '(data (i32.const 1024) "\\08\\00\\00\\00\\00\\01\\00\\00\\00")';

/** A context block, and the groups of the cores at it. */
interface Context {
  readonly headerHash: Uint8Array;
  readonly groups: readonly number[][];
}

async function threeCores(setting: Setting = {}) {
  const chain = await startChain({ cores: CORES.length, ...setting });
  const fine = registerClass(chain, guest({}), PRUNE, ACCUMULATE);
  const named = registerClass(chain, guest({ prune: FIRST }), PRUNE, ACCUMULATE);
  const exclusive = registerClass(chain, guest({ prune: EXCLUSIVE, data: EXCLUSIVE_DATA }), PRUNE, ACCUMULATE);
  const authId = assignCores(chain, ...CORES);
  chain.advanceTo(2);
  const author = new Author(chain);
  const context = (): Context => ({ headerHash: chain.parentHash, groups: CORES.map((core) => groupOf(chain, core)) });
  return {
    chain,
    fine,
    named,
    exclusive,
    authId,
    author,
    context,
    add(
      coreIndex: number,
      id: number,
      { at = context(), ...parts }: Partial<WorkReport> & { at?: Context } = {},
    ): WorkReport {
      const work = reportOf(chain, {
        coreIndex,
        results: [resultOf(id, 'x')],
        ...parts,
        context: { headerHash: at.headerHash, prerequisite: parts.context?.prerequisite },
      });
      author.add(attest(work, at.groups[coreIndex]!));
      return work;
    },
    /** Registers what the author takes, and makes it available in the next block. Returns the cores. */
    block(): number[] {
      const registered = author.register().map(({ coreIndex }) => coreIndex);
      chain.advance();
      allAvailable(chain, CORES);
      return registered;
    },
  };
}

describe('of two cores whose packages exclude each other', () => {
  test('neither waits longer than for one package of the other', async () => {
    const { exclusive, add, block } = await threeCores();
    const victim = 2;
    add(victim, exclusive);
    const blocks: number[][] = [];
    for (let count = 0; count < 2; count++) {
      add(0, exclusive); // the adversary has a new one for each block
      blocks.push(block());
    }
    expect(blocks.flat()).toContain(victim);
  });

  test('one does not wait for two others that take turns, whatever their numbers', async () => {
    const { fine, exclusive, add, block } = await threeCores();
    add(0, fine);
    add(1, fine);
    expect(block().sort()).toEqual([0, 1]);
    add(0, exclusive); // the victim; its core has had a report, and core 2 has not
    const blocks: number[][] = [];
    for (let count = 0; count < 3; count++) {
      add(count % 2 === 0 ? 2 : 1, exclusive);
      blocks.push(block());
    }
    expect(blocks.flat()).toContain(0);
  });
});

describe('a core', () => {
  test.each([false, true])(
    'has every other block of a group that it shares with another after a rotation (a package waits for a later one of the other: %s)',
    async (hasAnchor) => {
      const { chain, fine, author, add, context, block } = await threeCores({ groupRotationFrequency: 10 });
      chain.advanceTo(20);
      const before = context(); // the last block before the groups rotate: it is Recent for 15 blocks more
      chain.advance();
      const after = context();
      const victim = 2;
      const evil = before.groups.findIndex((group) => String(group) === String(after.groups[victim]));
      const anchor = CORES.find((core) => core !== victim && core !== evil)!;
      const theirs = Array.from({ length: 14 }, () => add(evil, fine, { at: before }));
      if (hasAnchor) {
        const prerequisite = theirs.at(-1)!.packageSpec.hash;
        add(anchor, fine, { at: before, context: { headerHash: before.headerHash, prerequisite } });
      }
      let blocks = 0;
      for (let count = 0; count < 8; count++) {
        author.candidates = author.candidates.filter(({ attestation }) => attestation.report.coreIndex !== victim);
        add(victim, fine);
        if (block().includes(victim)) blocks++;
      }
      expect(blocks).toBe(4);
    },
  );

  test('that changes hands takes packages of the next assignee before what the last one left', async () => {
    const { chain, fine, authId, author, add, block } = await threeCores();
    for (let count = 0; count < 10; count++) add(0, fine, { authId });
    block();
    const next = assignCores(chain, 0);
    chain.advance();
    const theirs = add(0, fine, { authId: next });
    expect(author.register().map(hashOf)).toEqual([hashOf(theirs)]);
  });
});

test('sixty packages that their class prunes keep none behind them on their core out of the block', async () => {
  const { fine, named, author, add, context } = await threeCores();
  const at = context();
  for (let count = 0; count < 60; count++) add(0, named, { at });
  const behind = add(0, fine, { at });
  expect(author.register().map(hashOf)).toEqual([hashOf(behind)]);
});

test.each([false, true])(
  'a package that once could not be Registered keeps its turn behind one that is first and never passes (such a one: %s)',
  async (isStuck) => {
    const { chain, fine, authId, author, context, block } = await threeCores();
    const wpp = 1_500_000_000_000n / BigInt(CORES.length);
    const heavy = registerClass(chain, guest({}), 0n, (wpp * 9n) / 10n);
    const trap = registerClass(chain, guest({ prune: 'unreachable' }), PRUNE, ACCUMULATE);
    const large = registerClass(chain, guest({}), wpp / 4n, ACCUMULATE); // waits while `heavy` accumulates
    const addOf = (who: string, coreIndex: number, id: number, prerequisite?: Uint8Array): WorkReport => {
      const at = context();
      const parts = { coreIndex, authId, context: { headerHash: at.headerHash, prerequisite } };
      const work = reportOf(chain, { ...parts, results: [resultOf(id, 'x')] });
      author.addOf(who, attest(work, at.groups[coreIndex]!));
      return work;
    };
    // Its prerequisite is in no block, because its class traps.
    if (isStuck) addOf('E1', 0, fine, addOf('E1', 1, trap).packageSpec.hash);
    addOf('E2', 0, heavy);
    block();
    const theirs = addOf('H', 0, large);
    const waits = (): boolean => author.candidates.some(({ attestation }) => attestation.report === theirs);
    const waitedFor: unknown[] = [];
    let blocks = 0;
    for (; waits() && blocks < 8; blocks++) {
      addOf('E2', 0, blocks === 0 ? heavy : fine); // the adversary has a new one for each block
      block();
      waitedFor.push(author.candidates.find(({ attestation }) => attestation.report === theirs)?.waitsFor);
    }
    expect(blocks).toBeLessThanOrEqual(4);
    expect(waitedFor).toContain('block'); // so it was screened in vain
  },
);

describe('a sequence of packages of one party, of a class that accepts only the next one', () => {
  const letterOf = ({ results }: WorkReport): string =>
    results.map(({ result }) => (result.ok ? text(result.value) : '')).join();

  /**
   * `abcd` on core 0. The class has accepted `registered` of them, and names any other output; of `x`, which it accepts on
   * core 1, and `a` together it names both. Its answers are made up here, as those of a class with a counter in its storage.
   */
  async function sequence({ hasX, isUsedUp }: { hasX: boolean; isUsedUp: (block: number) => boolean }) {
    const { chain, fine, authId, author, context } = await threeCores();
    if (hasX) chain.advance(); // of two cores without a report, the second one comes first in odd blocks
    const at = context();
    const add = (coreIndex: number, letter: string): void => {
      const parts = { coreIndex, authId, context: { headerHash: at.headerHash, prerequisite: undefined } };
      const work = reportOf(chain, { ...parts, results: [resultOf(fine, letter)] });
      author.addOf(`of core ${coreIndex}`, attest(work, at.groups[coreIndex]!));
    };
    for (const letter of 'abcd') add(0, letter);
    let registered = '';
    let block = 0;
    author.intercept = (method, answer, args) => {
      if (method === 'CoreJamApi_join_terms' && isUsedUp(block)) {
        const perOutput = coreJamApi.joinTerms(() => answer(), [fine]).perOutput;
        return new Writer()
          .u64(0n)
          .vec(perOutput, (w, one) => void w.u64(one))
          .finish();
      }
      if (method !== 'CoreJamApi_join') return answer();
      const letters = decode((r) => [r.vec(readWorkReport), r.vec((one) => one.u32())] as const, args)[0].map(letterOf);
      const collide = letters.includes('a') && letters.includes('x');
      let due = 'abcd'[registered.replace('x', '').length];
      const indices = letters.flatMap((letter, index) => {
        if (letter === 'x' || letter === due) {
          if (letter === due) due = undefined; // one block has one package of the core
          return collide ? [index] : [];
        }
        return [index];
      });
      const runs = decode((r) => r.vec(readPruneRun), answer());
      return new Writer()
        .vec(runs, (w, run) => void writePruneRun(w, { ...run, answer: { kind: 'indices', indices } }))
        .finish();
    };
    if (hasX) add(1, 'x');
    const log: string[] = [];
    for (; block < 6; block++) {
      const letters = author.register().map(letterOf).join('');
      registered += letters;
      log.push([letters, ...author.findings.map(({ report, kind }) => `${letterOf(report)} ${kind}`)].join(', '));
      chain.advance();
      allAvailable(chain, CORES);
    }
    return log;
  }

  test.each([false, true])('survives a block without room for its checks (such a block: %s)', async (usedUp) => {
    const log = await sequence({ hasX: false, isUsedUp: (block) => usedUp && block === 0 });
    const before = usedUp ? [', a postponed, b postponed'] : [];
    expect(log.slice(0, 4 + before.length)).toEqual([...before, 'a', 'b', 'c', 'd']);
  });

  test('loses none that overtook its first one, which collided with a package of another core', async () => {
    // In the second block `c` and `d` are tried, which brings `a` to the head of the queue again.
    expect(await sequence({ hasX: true, isUsedUp: () => false })).toEqual([
      'x, a postponed, b postponed',
      ', c postponed, d postponed',
      'a',
      'b',
      'c',
      'd',
    ]);
  });
});
