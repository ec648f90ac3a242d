// The tables of weights: every call has a benchmark, each benchmark's call succeeds, and touches as many items of storage
// as the table says. Times are not compared: machines differ.
import { describe, expect, test } from '@jest/globals';
import { Reader, Writer } from '../../host/bytes/index.js';
import { BENCHMARKS } from '../../bench/weights/benchmarks.js';
import { countsOf, extreme, type Row } from '../../bench/weights/benchmark.js';
import { storedWeight } from '../../bench/weights/constants.js';
import { storedRows } from '../../bench/weights/files.js';
import { count, fit, pointsOf } from '../../bench/weights/measure.js';
import { readTable, tableText } from '../../bench/weights/table.js';
import { TestChain } from '../harness/chain.js';

describe.each(BENCHMARKS.map((each) => [`${each.pallet}.${each.name}`, each] as const))('%s', (_, benchmark) => {
  const row = storedRows(benchmark.pallet).get(benchmark.name)!;

  test.each(['min', 'max'] as const)(
    'reads and writes what its table says, at the %s of its components',
    async (at) => {
      const chain = await benchmark.scene();
      const values = extreme(benchmark.components, at);
      const subject = benchmark.subject(chain, values);
      const { reads, writes } = count(chain, subject);
      expect({ reads, writes }).toEqual(countsOf(row, values));
    },
  );

  test('was measured', () => {
    expect(Object.keys(row.slopes)).toEqual(Object.keys(benchmark.components));
    const all = Object.values(row.slopes).reduce((sum, { ps }) => sum + ps, row.base.ps);
    expect(all).toBeGreaterThan(0);
    expect(row.base.ps).toBeLessThan(1e12); // a second
  });

  test('declares the weight of its table', async () => {
    const chain = await benchmark.scene();
    const values = extreme(benchmark.components, 'max');
    const { call } = benchmark.subject(chain, values);
    const info = new Reader(
      chain.call('TransactionPaymentCallApi_query_call_info', new Writer().raw(call).u32(0).finish()),
    );
    const { carries } = benchmark;
    const inner = carries === undefined ? 0n : storedWeight(carries.pallet, carries.name, carries.values);
    expect(BigInt(info.compact())).toBe(inner + storedWeight(benchmark.pallet, benchmark.name, values));
  });
});

/** Inherents, whose weights are shares of a block that `reporting` and `availability` still estimate. */
const ESTIMATED = ['Reporting.report', 'Availability.bitfields'];

test('every other call has a benchmark, and the metadata documents what was measured', async () => {
  const chain = await TestChain.start();
  const calls = chain.names.calls().map((each) => ({ ...each, name: `${each.pallet}.${camel(each.call)}` }));
  const measured = calls.filter(({ name }) => BENCHMARKS.some((each) => `${each.pallet}.${each.name}` === name));
  expect(calls.filter((each) => !measured.includes(each)).map(({ name }) => name)).toEqual(ESTIMATED);
  expect(measured.filter(({ docs }) => !/# Weight[^]*Reads: .*Writes: [^]*Picoseconds: /.test(docs))).toEqual([]);
});

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

describe('the tables', () => {
  const row: Row = {
    base: { ps: 1_234_567, reads: 1, writes: 0 },
    slopes: { items: { ps: 10, reads: 0, writes: 2 }, bytes: { ps: 0, reads: 0, writes: 0 } },
  };
  const entry = {
    name: 'act',
    worst: 'All items are new.',
    components: { items: { unit: 'number', min: 0, max: 9 }, bytes: { unit: 'length', min: 0, max: 9 } },
    row,
  };

  test('are read as they were written', () => {
    expect(readTable(tableText('Some', 'Made here.', [entry]))).toEqual(new Map([['act', row]]));
  });

  test('with a term that no benchmark writes are refused', () => {
    const text = tableText('Some', 'Made here.', [entry]).replace('1_234_567', 'GUESS');
    expect(() => readTable(text)).toThrow("the table's act has a term that no benchmark writes: GUESS");
  });

  test('are fitted: a plane through points that lie on one is that plane', () => {
    // 7 + 3 x + 5 y at the points that two components of 0 to 10 and 0 to 1,000,000 have at three steps.
    const points = pointsOf({ x: { unit: '', min: 0, max: 10 }, y: { unit: '', min: 0, max: 1_000_000 } }, 3);
    const solved = fit(points.map(({ x, y }) => ({ at: [x!, y!], value: 7 + 3 * x! + 5 * y! })));
    expect(solved.map((value) => Number(value.toFixed(4)))).toEqual([7, 3, 5]);
  });
});
