// Accumulate in slices: how a class's results of a block are cut, and what a slice has of its own.
// Spec: D37; § Weight of prune and accumulate, 4 and 8.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, ok, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { type WorkReport, writeWorkReport } from '../../host/contract/index.js';
import type { TestChain } from '../harness/index.js';
import { fund, progress, registerClass, reportOf, startChain, workStorage } from './support/corejam.js';
import { Crowd, LONGEST_AUTHORIZATION, resultOfBytes } from './support/crowd.js';
import { guest, ONE, TWO, UNIT } from './support/guests.js';

const CORES = 16;
/** 75 % of 2·10¹² over 16 cores. */
const WPP = 93_750_000_000;
const ACCUMULATE = 2_000_000_000;
const SLICE_BYTES = 128 * 1024;

/** A class without prune weight. */
function classOf(chain: TestChain, accumulate: string, promised = ACCUMULATE, data = ''): number {
  const id = registerClass(chain, guest({ accumulate, data }), 0n, BigInt(promised));
  fund(chain, id, 1_000_000_000_000n);
  return id;
}

/**
 * A report on each of so many cores, whose one item of the class has an output that makes the package so long in the
 * arguments of `accumulate`.
 */
function reportsOf(crowd: Crowd, classId: number, lengths: number[]): WorkReport[] {
  // Authorization(4,096), count of items (1), item hash (32), class (4), item hash (32), Ok (1), output with a compact
  // length of 2, weight (8).
  const without = 4_096 + 1 + 32 + 4 + 32 + 1 + 2 + 8;
  return lengths.map((length, core) =>
    crowd.reportOf(core, [resultOfBytes(classId, ok(new Uint8Array(length - without)))], {
      authorization: LONGEST_AUTHORIZATION,
    }),
  );
}

/** Registers the reports and accumulates them in one block, which is closed. */
function accumulated(crowd: Crowd, works: readonly WorkReport[]): void {
  crowd.register(works);
  crowd.chain.advance();
  crowd.makeAvailable(works.map(({ coreIndex }) => coreIndex));
  crowd.chain.close();
}

interface SliceEvent {
  class_id: number;
  packages: string[];
  outcome: string;
  weight_used: number;
  weight_given: number;
  checkpoints: number;
}

const slices = (chain: TestChain): SliceEvent[] =>
  chain
    .events()
    .filter(({ name }) => name === 'Accumulation.Accumulated')
    .map(({ fields }) => fields as unknown as SliceEvent);

const hashes = (works: readonly WorkReport[]): string[] => works.map(({ packageSpec }) => toHex(packageSpec.hash));

/** Adds one to the number of calls (a byte at 128, stored under "one"), and keeps the length of the arguments at 132. */
const COUNT_CALLS = `
  (local.set 3 (call $get_work_storage ${ONE}))
  (if (i64.ne (local.get 3) (i64.const -1))
    (then (i32.store8 (i32.const 128) (i32.load8_u (i32.wrap_i64 (local.get 3))))))
  (i32.store8 (i32.const 128) (i32.add (i32.load8_u (i32.const 128)) (i32.const 1)))
  (i32.store (i32.const 132) (local.get 1))
  (drop (call $set_work_storage ${ONE} (i64.const 0x100000080)))
  (drop (call $set_work_storage (i64.const 0x100000080) (i64.const 0x400000084)))`;

/** The length of the arguments of the nth call. */
function lengthOfCall(chain: TestChain, classId: number, call: number): number {
  const bytes = workStorage(chain, classId, String.fromCharCode(call));
  if (bytes === undefined) throw new Error(`there was no call ${call}`);
  return Buffer.from(bytes.slice(2), 'hex').readUInt32LE();
}

describe('where a class is cut', () => {
  // 15 packages of 8,192 bytes, and one of what is left of 128 KiB after the compact length of the list (1 byte).
  const fifteen = Array.from({ length: 15 }, () => 8_192);

  test.each([
    ['exactly 128 KiB of arguments are one slice', [...fifteen, 8_191], [16], [SLICE_BYTES]],
    ['a byte more, and the last package is a slice of its own', [...fifteen, 8_192], [15, 1], [122_881, 8_193]],
  ])('%s', async (_what, lengths, counts, bytes) => {
    const crowd = await Crowd.start(CORES);
    const classId = classOf(crowd.chain, `${COUNT_CALLS} ${UNIT}`);
    const works = reportsOf(crowd, classId, lengths);
    accumulated(crowd, works);
    const [first, second] = [hashes(works.slice(0, counts[0])), hashes(works.slice(counts[0]))];
    expect(slices(crowd.chain).map(({ packages }) => packages)).toEqual(
      counts.length === 1 ? [first] : [first, second],
    );
    expect(counts.map((_, call) => lengthOfCall(crowd.chain, classId, call + 1))).toEqual(bytes);
    expect(progress(crowd.chain).runs.map(({ packages }) => packages.map(toHex))).toEqual(
      slices(crowd.chain).map(({ packages }) => packages),
    );
  });

  test('all slices of a class run before the next class, each class cut for itself', async () => {
    const crowd = await Crowd.start(CORES);
    const [low, high] = [classOf(crowd.chain, UNIT), classOf(crowd.chain, UNIT)];
    // Class `low` has 8 KiB of every package, 128 KiB and more together; `high` has 4 KiB of authorization and little
    // else, 16 · 4.1 KiB.
    const works = reportsOf(
      crowd,
      low,
      Array.from({ length: CORES }, () => 8_192),
    ).map((work) => ({
      ...work,
      results: [...work.results, resultOfBytes(high, ok(utf8('x')))],
    }));
    accumulated(crowd, works);
    expect(slices(crowd.chain).map((slice) => [slice.class_id, slice.packages])).toEqual([
      [low, hashes(works.slice(0, 15))],
      [low, hashes(works.slice(15))],
      [high, hashes(works)],
    ]);
  });
});

describe('what a slice has of its own', () => {
  /** Eight packages of 16 KiB a slice, less one: the length of the list. */
  const lengths = Array.from({ length: CORES }, () => 8_192);

  test('a trap loses what its slice did since its last checkpoint, and nothing of other slices', async () => {
    const crowd = await Crowd.start(CORES);
    // The first call writes "one", makes a checkpoint, writes "two" and traps; the second writes its count.
    const trapsFirst = `
      (if (i64.eq (call $get_work_storage ${ONE}) (i64.const -1))
        (then
          (drop (call $set_work_storage ${ONE} ${ONE})) (drop (call $checkpoint))
          (drop (call $set_work_storage ${TWO} ${TWO})) unreachable))
      (drop (call $set_work_storage (i64.const 0x400000030) ${ONE})) ${UNIT}`;
    const classId = classOf(crowd.chain, trapsFirst);
    const works = reportsOf(crowd, classId, lengths);
    accumulated(crowd, works);
    expect(slices(crowd.chain).map(({ outcome, checkpoints }) => [outcome, checkpoints])).toEqual([
      ['Trapped', 1],
      ['Returned', 0],
    ]);
    const kept = ['one', 'two', 'args'].map((key) => workStorage(crowd.chain, classId, key));
    expect(kept).toEqual([toHex(utf8('one')), undefined, toHex(utf8('one'))]);
    // Its packages count as accumulated (D37).
    expect(progress(crowd.chain).stages.filter(({ stage }) => stage === 'accumulated')).toHaveLength(CORES);
    crowd.chain.open();
    crowd.chain.close();
    expect(slices(crowd.chain)).toEqual([]);
  });

  test('a fresh instance: no memory of the slice before', async () => {
    const crowd = await Crowd.start(CORES);
    // Traps if the byte at 256 is set, and sets it.
    const code = `(if (i32.load8_u (i32.const 256)) (then unreachable)) (i32.store8 (i32.const 256) (i32.const 1)) ${UNIT}`;
    const works = reportsOf(crowd, classOf(crowd.chain, code), lengths);
    accumulated(crowd, works);
    expect(slices(crowd.chain).map(({ outcome }) => outcome)).toEqual(['Returned', 'Returned']);
  });

  test('its guarantee and its share of surplus, and what was left before it', async () => {
    const crowd = await Crowd.start(CORES);
    // 2·10⁹ and 1 picosecond a result, so that shares do not divide.
    const guaranteed = ACCUMULATE + 1;
    const works = reportsOf(crowd, classOf(crowd.chain, UNIT, guaranteed), lengths);
    accumulated(crowd, works);
    // 15 packages and 1. Guarantees: 15 · 2,000,000,001 = 30,000,000,015, and 2,000,000,001.
    // Surplus: 16 · (93,750,000,000 − 2,000,000,001 − 100,000,000 for the end of the block) = 1,466,399,999,984. By guarantee:
    // 15/16 is 1,374,749,999,985 and 1/16 is 91,649,999,999, without remainder.
    const [first, second] = slices(crowd.chain);
    expect(first!.weight_given).toBe(30_000_000_015 + 1_374_749_999_985);
    const left = first!.weight_given - first!.weight_used;
    expect(second!.weight_given).toBe(2_000_000_001 + 91_649_999_999 + left);
    expect(first!.weight_given + second!.weight_given - left).toBe(CORES * (WPP - 100_000_000));
  });
});

test("a report is read once, whatever the number of its items' classes: 512 cores with 4 classes each", async () => {
  const [cores, classes] = [512, 4];
  const chain = await startChain({ cores });
  const hashOf = (order: number): Uint8Array => blake2_256(utf8(`package ${order}`));
  const orders = Array.from({ length: cores }, (_, order) => order);
  // As Reporting keeps them: hash, core, block, order, prune; length of the Authorization; of each item its class,
  // accumulate, the weight of refine, and the length of its result.
  const ready = new Writer().vec(orders, (writer, order) => {
    writer.raw(hashOf(order)).u16(order).u32(0).u64(BigInt(order)).u64(0n).u32(2).compact(classes);
    for (let id = 1; id <= classes; id++) writer.u32(id).u64(1n).u64(1_000n).u32(34);
  });
  chain.poke('Reporting.Ready', [], ready.finish());
  const results = [1, 2, 3, 4].map((id) => resultOfBytes(id, ok(new Uint8Array())));
  const reads = new Map<string, number>();
  for (const order of orders) {
    const report = reportOf(chain, { coreIndex: order, results });
    const encoded = writeWorkReport(new Writer(), {
      ...report,
      packageSpec: { ...report.packageSpec, hash: hashOf(order) },
    });
    chain.poke('Reporting.Reports', [order], encoded.finish());
    reads.set(toHex(chain.names.key('Reporting.Reports', order)), 0);
  }
  const get = chain.overlay.get.bind(chain.overlay);
  chain.overlay.get = (key) => {
    const count = reads.get(toHex(key));
    if (count !== undefined) reads.set(toHex(key), count + 1);
    return get(key);
  };
  chain.repeatHook('Accumulation.accumulate', 1);
  expect([...reads.values()]).toEqual(orders.map(() => 1));
});
