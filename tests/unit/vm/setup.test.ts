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
