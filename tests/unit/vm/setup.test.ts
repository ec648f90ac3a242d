// What the first call of an instance is charged for the size of its module, calculated by hand.
import { describe, expect, test } from '@jest/globals';
import { LIMITS, prepare, SCHEDULE } from '../../../host/vm/index.js';
import { wat } from './wat.js';

const { fixed, byte, merge, page, tableEntry, element, export: exported } = SCHEDULE.setup;

/** Beside the bytes. */
function setup(source: string): number {
  const code = wat(source);
  return Number(prepare(code).setupFuel) - code.length * byte;
}

/** A body of so many locals and operands, without control operators. */
const body = (values: number): number => (16 + values) * merge;

describe('setup', () => {
  test.each<[string, string, number]>([
    ['nothing', '(module)', 0],
    ['a function', '(module (func (local i64)))', body(1)],
    ['pages', '(module (memory 3 9))', 3 * page],
    ['entries of a table', '(module (table 70 900 funcref))', 70 * tableEntry],
    [
      'entries that are filled, twice where they are filled twice',
      '(module (table 4 funcref) (func $f) (elem (i32.const 0) $f $f $f) (elem (i32.const 2) $f))',
      4 * tableEntry + 4 * element + body(0),
    ],
    [
      'exports of any kind',
      '(module (memory (export "m") 1) (global (export "g") i32 (i32.const 0)) (func (export "a") (export "b")))',
      page + 4 * exported + body(0),
    ],
    ['control operators', '(module (func (loop (br_if 0 (i32.const 0)))))', 17 * 20 * merge], // a loop weighs 16, a conditional branch 3
    ['blocks', '(module (func (block (block))))', 16 * 7 * merge], // each weighs 3
    ['a table of branches', '(module (func (block (br_table 0 0 0 (i32.const 0)))))', 17 * 10 * merge], // 3, and 1 for each of its labels
  ])('%s', (_, source, price) => {
    expect(setup(source)).toBe(fixed + price);
  });

  test('64 bytes of a body weigh as much as a branch', () => {
    const straight = (nops: number): string => `(module (func ${'nop '.repeat(nops)}))`; // and two bytes: no locals, the end
    expect(setup(straight(61))).toBe(fixed + body(0));
    expect(setup(straight(62))).toBe(fixed + 2 * body(0));
  });

  const many = (count: number, item: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => item(index)).join(' ');

  test('functions beyond 32 and one for each 96 bytes of the module: many empty ones cost more than their bytes', () => {
    const empty = (count: number, data = 0): string =>
      `(module (memory 0) (data "${'x'.repeat(data)}") ${many(count, () => '(func)')})`;
    // A module of `count` empty functions has 4 bytes for each: type, length, no locals, end.
    const extra = (count: number, data = 0): number => setup(empty(count, data)) - fixed - count * body(0);
    const bytes = (count: number, data = 0): number => wat(empty(count, data)).length;
    expect(bytes(33)).toBeLessThan(2 * 96); // one more is free
    expect(bytes(33)).toBeGreaterThanOrEqual(96);
    expect(extra(33)).toBe(0);
    expect(extra(34)).toBe(6_000);
    const most = 1_000 - 32 - Math.floor(bytes(1_000) / 96);
    expect(extra(1_000)).toBe(most * 6_000);
    expect(bytes(1_000)).toBeGreaterThan(4_000);
    expect(extra(1_000, 960)).toBe((most - 10) * 6_000);
  });

  test('types beyond 32, however long the module is', () => {
    const typed = (count: number): string =>
      `(module (memory 0) (data "${'x'.repeat(5_000)}") ${many(count, (index) => `(type (func (param${' i32'.repeat(index)})))`)})`;
    expect(setup(typed(32))).toBe(fixed);
    expect(setup(typed(33))).toBe(fixed + 12_000);
    expect(setup(typed(60))).toBe(fixed + 28 * 12_000);
  });

  test('imported functions count too', () => {
    const imports = (count: number): string =>
      `(module (type (func)) ${many(count, () => '(import "env" "f" (func (type 0)))')})`; // 8 bytes each
    const price = (count: number): number => {
      const code = wat(imports(count));
      const module = prepare(code, { imports: { functions: { f: { params: [], results: [] } } } });
      return Number(module.setupFuel) - code.length * byte - fixed;
    };
    expect(wat(imports(200)).length).toBeGreaterThanOrEqual(16 * 96);
    expect(wat(imports(200)).length).toBeLessThan(17 * 96);
    expect(price(200)).toBe((200 - 32 - 16) * 6_000);
  });

  test('it is charged once an instance, with the first call', () => {
    const module = prepare(wat('(module (table 70 funcref) (func (export "f")))'));
    const guest = module.instantiate();
    const first = guest.call('f', [], { fuel: 10n ** 9n }).fuelUsed;
    const second = guest.call('f', [], { fuel: 10n ** 9n }).fuelUsed;
    expect(first - second).toBe(module.setupFuel);
  });
});

describe('a schedule or limits that would not hold', () => {
  const empty = wat('(module)');

  test.each([
    ['bulkBytesPerFuel', 3],
    ['bulkBytesPerFuel', 0],
    ['brTableTargetsPerFuel', 0],
    ['loopHead', 0],
    ['operator', -1],
    ['operator', 0.5],
    ['load', Number.NaN],
    ['call', 2 ** 30 + 1],
    ['growPage', Infinity],
  ])('%s %d', (name, price) => {
    expect(() => prepare(empty, { schedule: { ...SCHEDULE, [name]: price } })).toThrow(`${name} of a schedule must be`);
  });

  test('are refused, those just inside are not', () => {
    const inside = {
      ...SCHEDULE,
      bulkBytesPerFuel: 1,
      brTableTargetsPerFuel: 1,
      loopHead: 1,
      operator: 0,
      call: 2 ** 30,
    };
    expect(() => prepare(empty, { schedule: inside })).not.toThrow();
    expect(() => prepare(empty, { schedule: { ...SCHEDULE, setup: { ...SCHEDULE.setup, page: -1 } } })).toThrow(
      'setup.page of a schedule',
    );
    expect(() => prepare(empty, { limits: { ...LIMITS, operands: Number.NaN } })).toThrow('the limit operands');
    expect(() => prepare(empty, { limits: { ...LIMITS, memoryPages: 65_537 } })).toThrow('memoryPages');
    expect(() => prepare(empty, { limits: { ...LIMITS, memoryPages: 65_536 } })).not.toThrow();
  });
});
