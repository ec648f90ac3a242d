// Faults: an error of a guest is recorded and the block continues; an error of the runtime or the host during a guest's
// call fails the block. Spec: RFC-0031 § Accumulate; the memory of guests on-chain: docs/decisions/0002.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { toHex, Writer } from '../../host/bytes/index.js';
import type { RunOutcome } from '../../host/contract/index.js';
import type { TestChain } from '../harness/index.js';
import {
  allAvailable,
  assignCores,
  attest,
  fund,
  indices,
  join,
  progress,
  registerClass,
  registerUnchecked,
  report,
  reportOf,
  startChain,
  trapOf,
  trieOf,
  workStorage,
} from './support/corejam.js';
import { fat, FIRST, guest, ONE, TWO, UNIT } from './support/guests.js';

const WEIGHT = 2_000_000_000n;
const GROUP = [0, 1];

let chain: TestChain;

beforeEach(async () => {
  chain = await startChain({ cores: 1, validators: 2 });
  assignCores(chain, 0);
});

function classOf(code: Uint8Array, registered = registerClass): number {
  const classId = registered(chain, code, 0n, WEIGHT);
  fund(chain, classId, 1_000_000_000_000n);
  return classId;
}

/** Brings one result of the class to the block at whose end it accumulates; that block is open. */
function brought(classId: number): void {
  chain.advance();
  report(chain, [attest(reportOf(chain, { classId }), GROUP)]);
  chain.advance();
  allAvailable(chain, [0], 2);
}

/** How the class's `accumulate` ended. */
function run(classId: number): RunOutcome {
  brought(classId);
  chain.close();
  const { outcome } = progress(chain).runs[0]!;
  chain.open();
  return outcome;
}

const put = (key: string): string => `(drop (call $set_work_storage ${key} ${key}))`;

describe('memory of a class on-chain', () => {
  test.each<[number, RunOutcome]>([
    [64, 'returned'],
    [65, 'invalid'],
  ])('%i pages from the start: %s', (pages, outcome) => {
    expect(run(classOf(guest({ accumulate: `${put(ONE)} ${UNIT}`, pages }), registerUnchecked))).toBe(outcome);
    expect(workStorage(chain, 1, 'one') !== undefined).toBe(outcome === 'returned');
  });

  test('a class may grow to 64 pages; growing further fails, and the class continues', () => {
    // Stores the results of `memory.grow` by one page too many (−1), and then up to the limit (2, the pages before).
    const grown = [
      [120, 63],
      [124, 62],
    ]
      .map(([at, pages]) => `(i32.store (i32.const ${at}) (memory.grow (i32.const ${pages})))`)
      .join(' ');
    const classId = classOf(
      guest({ accumulate: `${grown} (drop (call $set_work_storage ${ONE} ${fat(120, 8)})) ${UNIT}` }),
    );
    expect(run(classId)).toBe('returned');
    expect(workStorage(chain, classId, 'one')).toBe(
      toHex(
        new Writer()
          .u32(2 ** 32 - 1)
          .u32(2)
          .finish(),
      ),
    );
  });

  test('prune has the same limit: a class that starts with more fails', () => {
    const [fits, exceeds] = [64, 65].map((pages) =>
      registerUnchecked(chain, guest({ prune: FIRST, pages }), WEIGHT, WEIGHT),
    );
    expect(join(chain, [reportOf(chain, { classId: fits })])).toEqual([[fits, indices(0)]]);
    expect(join(chain, [reportOf(chain, { classId: exceeds })])).toEqual([[exceeds, { kind: 'trapped' }]]);
  });
});

describe("a fault during a class's host call", () => {
  test('of the runtime, such as corrupt state, fails the block', () => {
    const classId = classOf(guest({ accumulate: `${put(ONE)} ${UNIT}` }));
    brought(classId);
    chain.poke('Accumulation.Footprints', [classId], Uint8Array.of(1, 2, 3));
    expect(trapOf(chain, () => chain.close())).toContain('a value does not decode');
  });

  test('of the host fails the block with its own error, and leaves no transaction open', () => {
    const classId = classOf(guest({ accumulate: `${put(ONE)} ${put(TWO)} ${UNIT}` }));
    brought(classId);
    const { overlay } = chain;
    const child = overlay.child.bind(overlay);
    let calls = 0;
    overlay.child = (key) => {
      calls++;
      if (calls > 1) throw new TypeError('the database is gone'); // at the class's second write
      return child(key);
    };
    expect(() => chain.close()).toThrow(new TypeError('the database is gone'));
    expect(calls).toBe(2);
    expect(overlay.depth).toBe(0);
  });

  test('of the guest does not: this block and the next are completed', () => {
    const classId = classOf(guest({ accumulate: `${put(ONE)} unreachable` }));
    expect(run(classId)).toBe('trapped');
    chain.advance();
    expect(workStorage(chain, classId, 'one')).toBeUndefined();
  });
});

/** Number of branches on the path to the deepest of these keys (in nibbles): where another key diverges. */
function deepest(keys: readonly string[]): number {
  const common = (left: string, right: string): number => {
    let length = 0;
    while (length < left.length && left[length] === right[length]) length += 1;
    return length;
  };
  const branches = keys.map(
    (key) => new Set(keys.filter((other) => other !== key).map((other) => common(key, other))).size,
  );
  return Math.max(...branches);
}

describe("keys of a class's own trie", () => {
  // Writes "one" at a key of that many zeros, and the result at "two".
  const longKey = (bytes: number): string =>
    `(i32.store8 (i32.const 120) (call $set_work_storage ${fat(4096, bytes)} ${ONE}))
    (drop (call $set_work_storage ${TWO} ${fat(120, 1)})) ${UNIT}`;

  test.each([
    [256, 0],
    [257, 1],
    [32_767, 1],
    [32_768, 1],
    [60_000, 1],
  ])('of %i bytes: set_work_storage returns %i, and the block is completed', (bytes, answer) => {
    const classId = classOf(guest({ accumulate: longKey(bytes) }));
    expect(run(classId)).toBe('returned');
    expect(workStorage(chain, classId, 'two')).toBe(toHex(Uint8Array.of(answer)));
  });

  test('that would make one trie level per nibble make a shallow trie, since hashes precede them', () => {
    // Keys 0…0 10 and 0…0 01 of 1 to 256 bytes.
    const at = '(i32.add (i32.const 8192) (local.get 2))';
    const key =
      '(i64.or (i64.shl (i64.extend_i32_u (i32.add (local.get 2) (i32.const 1))) (i64.const 32)) (i64.const 8192))';
    const puts = [16, 1]
      .map(
        (last) =>
          `(i32.store8 ${at} (i32.const ${last})) (if (call $set_work_storage ${key} ${ONE}) (then unreachable))`,
      )
      .join(' ');
    const accumulate = `(loop $next ${puts} (i32.store8 ${at} (i32.const 0)) (local.set 2 (i32.add (local.get 2) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get 2) (i32.const 256)))) ${UNIT}`;
    const classId = registerClass(chain, guest({ accumulate }), 0n, 300_000_000_000n);
    fund(chain, classId, 400_000_000_000_000n);
    expect(run(classId)).toBe('returned');
    const keys = chain.overlay.child(trieOf(classId)).keys(new Uint8Array(), 1_000).map(toHex);
    expect(keys).toHaveLength(512);
    expect(deepest(keys.map((key) => key.slice(2)))).toBeLessThan(8);
    expect(deepest(keys.map((key) => key.slice(2 + 32)))).toBe(511); // had they not
  });
});
