// The author keeps no package, class or core out of its blocks because of other classes and packages: D5a, D34.
import { describe, expect, test } from '@jest/globals';
import type { WorkReport } from '../../host/contract/index.js';
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
  startChain,
} from './support/corejam.js';
import { fat, guest, NOTHING } from './support/guests.js';

const [PRUNE, ACCUMULATE] = [1_000_000_000n, 2_000_000_000n];

/**
 * Bodies of `prune` whose outputs are of one byte: the arguments are a compact count of outputs (four times the count),
 * then a compact length (4) and the byte of each.
 *
 * Accepts 'a', 'b', 'c', … without gaps, and every byte from 'p' on; names the others.
 */
const GAPLESS = `
  (local.set 2 (i32.const 97))
  (block $end (loop $next
    (br_if $end (i32.ge_u (global.get $i) (i32.div_u (i32.sub (local.get 1) (i32.const 1)) (i32.const 2))))
    (global.set $b (i32.load8_u offset=2 (i32.add (local.get 0) (i32.mul (global.get $i) (i32.const 2)))))
    (if (i32.ge_u (global.get $b) (i32.const 112)) (then)
      (else (if (i32.eq (global.get $b) (local.get 2))
        (then (local.set 2 (i32.add (local.get 2) (i32.const 1))))
        (else
          (i32.store (i32.add (i32.const 2049) (i32.mul (global.get $n) (i32.const 4))) (global.get $i))
          (global.set $n (i32.add (global.get $n) (i32.const 1)))))))
    (global.set $i (i32.add (global.get $i) (i32.const 1)))
    (br $next)))
  (i32.store8 (i32.const 2048) (i32.shl (global.get $n) (i32.const 2)))
  (i64.or (i64.shl (i64.extend_i32_u (i32.add (i32.const 1) (i32.mul (global.get $n) (i32.const 4)))) (i64.const 32)) (i64.const 2048))`;
const GAPLESS_DATA =
  '(global $i (mut i32) (i32.const 0)) (global $n (mut i32) (i32.const 0)) (global $b (mut i32) (i32.const 0))';

/** Names the first of three outputs or more, is content with two, and traps with one. */
const FALTERING = `(if (result i64) (i32.ge_u (i32.load8_u (local.get 0)) (i32.const 12)) (then (i64.const ${(5n << 32n) | 72n}))
  (else (if (result i64) (i32.eq (i32.load8_u (local.get 0)) (i32.const 4)) (then unreachable) (else ${NOTHING}))))`;

/** Names, of two outputs, the first if it is 'v', and otherwise both, so that a package with 'v' is never taken beside another. */
const SPOILING_DATA = '(data (i32.const 1024) "\\08\\00\\00\\00\\00\\01\\00\\00\\00")';
const SPOILING = `(if (result i64) (i32.eq (i32.load8_u (local.get 0)) (i32.const 8))
  (then (if (result i64) (i32.eq (i32.load8_u offset=2 (local.get 0)) (i32.const 118)) (then (i64.const ${(5n << 32n) | 72n})) (else ${fat(1024, 9)})))
  (else ${NOTHING}))`;

async function sixCores() {
  const cores = [0, 1, 2, 3, 4, 5];
  const chain = await startChain({ cores: cores.length });
  const honest = registerClass(chain, guest({ prune: GAPLESS, data: GAPLESS_DATA }), PRUNE, ACCUMULATE);
  const evil = registerClass(chain, guest({ prune: FALTERING }), 40n * PRUNE, ACCUMULATE);
  assignCores(chain, ...cores);
  chain.advanceTo(2);
  const author = new Author(chain);
  const add = (coreIndex: number, results: [number, string][], prerequisite?: WorkReport): WorkReport => {
    const work = reportOf(chain, {
      coreIndex,
      results: results.map(([id, output]) => resultOf(id, output)),
      context: { headerHash: chain.parentHash, prerequisite: prerequisite?.packageSpec.hash },
    });
    author.add(attest(work, [coreIndex]));
    return work;
  };
  return {
    honest,
    evil,
    author,
    add,
    /** Evil names the package of core 0, and the honest class that of core 1 for want of it: evil is called again. */
    attack(): void {
      add(0, [
        [honest, 'a'],
        [evil, 'x'],
      ]);
      add(1, [
        [honest, 'b'],
        [evil, 'x'],
      ]);
      add(2, [[evil, 'x']]);
    },
    nextBlock(): void {
      chain.advance();
      allAvailable(chain, cores);
    },
  };
}

describe('an honest class', () => {
  test('is not charged for what follows from the answer of another: its packages are Registered in every block', async () => {
    const { honest, author, add, attack, nextBlock } = await sixCores();
    for (let block = 0; block < 6; block++) {
      author.candidates = [];
      attack();
      const theirs = [add(4, [[honest, 'p']]), add(5, [[honest, 'q']])].map(hashOf);
      expect(author.register().map(hashOf)).toEqual(expect.arrayContaining(theirs));
      nextBlock();
    }
  });

  test('is called for a package with its prerequisite, after another class made it repeat its check', async () => {
    const { honest, author, add, attack, nextBlock } = await sixCores();
    attack();
    author.register();
    author.candidates = [];
    nextBlock();
    const first = add(4, [[honest, 'a']]);
    const second = add(5, [[honest, 'b']], first);
    expect(author.register().map(hashOf)).toEqual([first, second].map(hashOf));
  });
});

describe('a class that is taken singly', () => {
  test("has turns for all cores, though one core's package fails in every block and is never Registered", async () => {
    const { evil, author, add, nextBlock } = await sixCores();
    let registered = 0;
    for (let block = 0; block < 40 && registered < 4; block++) {
      author.candidates = [];
      add(0, [[evil, 'x']]); // fails by itself
      add(4, [
        [evil, 'x'],
        [evil, 'x'],
      ]); // does not
      registered += author.register().filter(({ coreIndex }) => coreIndex === 4).length;
      nextBlock();
    }
    expect(registered).toBe(4); // by lot, every second time
  });
});

describe('a package that the join leaves out in every block', () => {
  async function threeCores(frequency: number) {
    const chain = await startChain({ cores: 3, groupRotationFrequency: frequency });
    const fine = registerClass(chain, guest({}), PRUNE, ACCUMULATE);
    const spoiling = registerClass(chain, guest({ prune: SPOILING, data: SPOILING_DATA }), PRUNE, ACCUMULATE);
    assignCores(chain, 0, 1, 2);
    const author = new Author(chain);
    chain.advance();
    const context = () => ({ headerHash: chain.parentHash, groups: [0, 1, 2].map((core) => groupOf(chain, core)) });
    const add = (coreIndex: number, id: number, output: string, { headerHash, groups } = context()): WorkReport => {
      const results = [resultOf(id, output)];
      const work = reportOf(chain, { coreIndex, results, context: { headerHash, prerequisite: undefined } });
      author.add(attest(work, groups[coreIndex]!));
      return work;
    };
    const nextBlock = (): void => {
      chain.advance();
      allAvailable(chain, [0, 1, 2]);
    };
    return { chain, fine, spoiling, author, add, context, nextBlock };
  }

  test('keeps its group from no other core', async () => {
    const { chain, fine, spoiling, author, add, context, nextBlock } = await threeCores(10);
    chain.advanceTo(20);
    const before = context(); // the last block before the groups rotate: it is Recent for 15 blocks more
    chain.advance();
    const victim = context().groups.findIndex((group) => String(group) === String(before.groups[0]));
    const other = [1, 2].find((core) => core !== victim)!;
    expect(victim).toBeGreaterThan(0);
    add(0, spoiling, 'v', before);
    for (let block = 0; block < 4; block++) {
      author.candidates = author.candidates.filter(({ attestation }) => attestation.report.coreIndex !== victim);
      add(other, spoiling, 'w');
      const theirs = add(victim, fine, 'x');
      expect(author.register().map(hashOf)).toContain(hashOf(theirs));
      nextBlock();
    }
  });

  test('keeps none behind it on its core out of the block, if that has no output of its class', async () => {
    const { fine, spoiling, author, add } = await threeCores(1_000);
    for (let count = 0; count < 6; count++) add(0, spoiling, 'v');
    const behind = add(0, fine, 'x');
    add(2, spoiling, 'w');
    expect(author.register().map(hashOf)).toContain(hashOf(behind));
  });
});
