// The tables of weights: every call has a benchmark, each benchmark's call succeeds, and touches as many items of storage
// as the table says. Times are not compared: machines differ.
import { describe, expect, test } from '@jest/globals';
import { Reader, Writer } from '../../host/bytes/index.js';
import { BENCHMARKS } from '../../bench/weights/benchmarks.js';
import { countsOf, extreme, type Row } from '../../bench/weights/benchmark.js';
import { storedConstants, storedWeight } from '../../bench/weights/constants.js';
import { storedRows } from '../../bench/weights/files.js';
import { countsAt, fit, pointsOf } from '../../bench/weights/measure.js';
import { readTable, tableText } from '../../bench/weights/table.js';
import { guestRow } from '../../host/executor/index.js';
import { FUEL_PS } from '../../host/vm/index.js';
import { TestChain } from '../harness/chain.js';

describe.each(BENCHMARKS.map((each) => [`${each.pallet}.${each.name}`, each] as const))('%s', (_, benchmark) => {
  const row = storedRows(benchmark.pallet).get(benchmark.name)!;

  test.each(['min', 'max'] as const)(
    'reads and writes what its table says, at the %s of its components',
    async (at) => {
      const chain = await benchmark.scene();
      const values = extreme(benchmark.components, at);
      const { reads, writes } = countsAt(chain, benchmark, values);
      expect({ reads, writes }).toEqual(countsOf(row, values));
    },
  );

  test('was measured', () => {
    expect(Object.keys(row.slopes)).toEqual(Object.keys(benchmark.components));
    const all = Object.values(row.slopes).reduce((sum, { ps }) => sum + ps, row.base.ps);
    expect(all).toBeGreaterThan(0);
    expect(row.base.ps).toBeLessThan(1e12); // a second
  });

  (benchmark.isPart === true ? test.skip : test)('declares the weight of its table', async () => {
    const chain = await benchmark.scene();
    const values = extreme(benchmark.components, 'max');
    const subject = benchmark.subject(chain, values);
    const { carries } = benchmark;
    const carried = carries?.times === undefined ? 1 : values[carries.times]!;
    const inner =
      carries === undefined ? 0n : BigInt(carried) * storedWeight(carries.pallet, carries.name, carries.values);
    const declared = benchmark.declaredAt?.(values) ?? values;
    const expected = inner + storedWeight(benchmark.pallet, benchmark.name, declared);
    if ('hook' in subject) {
      expect(chain.repeatHook(subject.hook, 1)).toBe(expected + (benchmark.reserves?.(values) ?? 0n));
      return;
    }
    const { call } = subject;
    const info = new Reader(
      chain.call('TransactionPaymentCallApi_query_call_info', new Writer().raw(call).u32(0).finish()),
    );
    expect(BigInt(info.compact())).toBe(expected + (benchmark.beyondTable ?? 0n));
  });
});

test('every call has a benchmark, and the metadata documents what was measured', async () => {
  const chain = await TestChain.start();
  const calls = chain.names.calls().map((each) => ({ ...each, name: `${each.pallet}.${camel(each.call)}` }));
  const measured = calls.filter(({ name }) => BENCHMARKS.some((each) => `${each.pallet}.${each.name}` === name));
  expect(calls.filter((each) => !measured.includes(each)).map(({ name }) => name)).toEqual([]);
  // The weights of inherents are sums of rows and of a block's bounds.
  const plain = measured.filter(({ name }) => !['Reporting.report', 'Availability.bitfields'].includes(name));
  expect(plain.filter(({ docs }) => !/# Weight[^]*Reads: .*Writes: [^]*Picoseconds: /.test(docs))).toEqual([]);
});

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

describe('what weights of different tables have in common', () => {
  /** What one more of a component weighs. */
  const slope = (pallet: string, name: string, component: string): bigint => {
    const { components } = BENCHMARKS.find((each) => each.pallet === pallet && each.name === name)!;
    const at = (value: number): bigint =>
      storedWeight(pallet, name, { ...extreme(components, 'min'), [component]: value });
    return at(1) - at(0);
  };

  test('an extrinsic weighs at least what verifying a signature does', () => {
    const base = BigInt(storedConstants().BASE_EXTRINSIC_PS);
    expect(base).toBeGreaterThanOrEqual(slope('Reporting', 'report', 'signatures'));
    expect(base).toBeGreaterThanOrEqual(slope('Availability', 'bitfields', 'bitfields'));
  });

  test('a guest pays at least as much for verifying a signature as a report or a bitfield weighs for it', () => {
    const price = guestRow('ext_crypto_sr25519_verify_version_2').price.fixed * FUEL_PS;
    expect(price).toBeGreaterThanOrEqual(slope('Reporting', 'report', 'signatures'));
    expect(price).toBeGreaterThanOrEqual(slope('Availability', 'bitfields', 'bitfields'));
  });

  test('a package that times out weighs more than one that becomes available, so it bounds what is released', () => {
    const settle = (component: string): bigint => slope('Availability', 'settle', component);
    expect(settle('timedOut')).toBeGreaterThan(settle('available'));
  });
});

// The items that the call of the extrinsic does not count, and a host function touches: the class's account, since that of a
// signer is counted in the base weight; and, where the deposit for the class's trie is settled first, footprint and holds.
test.each([
  ['transfer', 'Balances', 'transferKeepAlive', { reads: 3, writes: 2 }], // account, footprint, holds
  ['storage_request', 'Storage', 'requestUntrusted', { reads: 2, writes: 1 }], // account, footprint
  ['storage_unrequest', 'Storage', 'unrequestUntrusted', { reads: 0, writes: 0 }],
  ['storage_provide', 'Storage', 'provide', { reads: 0, writes: 0 }],
  ['storage_expunge', 'Storage', 'expungeUntrusted', { reads: 0, writes: 0 }], // the depositor is not the signer there
] as const)('ext_corejam_%s costs a guest at least what %s.%s weighs', (name, pallet, call, more) => {
  const BYTES = 1_000_000n;
  const { READ_PS, WRITE_PS } = storedConstants();
  const { fixed, perByte } = guestRow(`ext_corejam_${name}_version_1`).price;
  const perItem = BigInt(more.reads * READ_PS + more.writes * WRITE_PS);
  const row = storedRows(pallet).get(call)!;
  const values = Object.fromEntries(Object.keys(row.slopes).map((component) => [component, 0]));
  expect(fixed * FUEL_PS).toBeGreaterThanOrEqual(storedWeight(pallet, call, values) + perItem);
  const long = Object.fromEntries(Object.keys(row.slopes).map((component) => [component, Number(BYTES)]));
  const atLength = storedWeight(pallet, call, long) + perItem;
  expect((fixed + perByte * BYTES) * FUEL_PS).toBeGreaterThanOrEqual(atLength);
});

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
