// Faults that other metered machines had, by their reports. None of them may occur here.
import { describe, expect, test } from '@jest/globals';
import { InvalidModule, LIMITS, prepare, SCHEDULE } from '../../../host/vm/index.js';
import type { CallResult } from '../../../host/vm/index.js';
import { Reference } from './reference.js';
import { wat } from './wat.js';

function run(
  source: string,
  args: (number | bigint)[] = [],
  fuel = 10n ** 9n,
  stack?: number,
): CallResult & { fuel: number } {
  const module = prepare(wat(source));
  const result = module.instantiate().call('f', args, stack === undefined ? { fuel } : { fuel, stack });
  return { ...result, fuel: Number(result.fuelUsed - module.setupFuel) };
}

describe('faults of others', () => {
  test('finite-wasm #45: a loop that jumps back before any charge still runs out', () => {
    // Every shape of a loop whose body costs nothing.
    for (const body of [
      '(loop (br 0))',
      '(loop (loop (br 1)))',
      '(loop (block (br 1)))',
      '(loop (nop) (br 0))',
      '(loop (br_if 0 (i32.const 1)))',
      '(loop (br_table 0 0 (i32.const 0)))',
      '(loop (block (block (br 2))))',
    ]) {
      expect(run(`(module (func (export "f") ${body}))`, [], 1_000_000n)).toMatchObject({
        outcome: 'outOfFuel',
        fuelUsed: 1_000_000n,
      });
    }
    expect(run('(module (func $f (export "f") (call $f)))', [], 10n ** 9n).outcome).toBe('stackExhausted');
  });

  test('nearcore #15482: the price of memory.grow grows with the pages', () => {
    const grow = '(module (memory 0) (func (export "f") (param i32) (result i32) (memory.grow (local.get 0))))';
    const none = run(grow, [0]).fuel;
    expect(run(grow, [1]).fuel - none).toBe(SCHEDULE.growPage);
    expect(run(grow, [1_000]).fuel - none).toBe(1_000 * SCHEDULE.growPage);
    expect(run(grow, [1_000], run(grow, [1_000]).fuelUsed - 1n).outcome).toBe('outOfFuel');
  });

  test('wasmtime #13393: bulk operations cost by size, and can be run out of in the middle of a loop of them', () => {
    const fill =
      '(module (memory 100) (func (export "f") (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0))))';
    expect(run(fill, [4_000_000]).fuel - run(fill, [0]).fuel).toBe(4_000_000 / SCHEDULE.bulkBytesPerFuel);
    const copy = fill.replace('memory.fill (i32.const 0) (i32.const 1)', 'memory.copy (i32.const 0) (i32.const 8)');
    expect(run(copy, [4_000_000]).fuel - run(copy, [0]).fuel).toBe(4_000_000 / SCHEDULE.bulkBytesPerFuel);
    const init =
      '(module (memory 1) (data $d "0123456789abcdef") (func (export "f") (param i32) (memory.init $d (i32.const 0) (i32.const 0) (local.get 0))))';
    expect(run(init, [16]).fuel - run(init, [0]).fuel).toBe(16 / SCHEDULE.bulkBytesPerFuel);
    expect(
      run(
        '(module (memory 100) (func (export "f") (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 6553600)) (br 0))))',
      ).outcome,
    ).toBe('outOfFuel');
  });

  test('wasmtime #13802: what was used before a trap is counted, however deep the trap', () => {
    const source = `(module (memory 1)
      (func $deep (param i32) (result i32)
        (if (i32.eqz (local.get 0)) (then (return (i32.load (i32.const 70000)))))
        (i32.add (call $deep (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
      (func (export "f") (param i32) (result i32) (local i32)
        (loop (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 1) (i32.const 100))))
        (call $deep (local.get 0))))`;
    const module = prepare(wat(source));
    for (const depth of [0, 1, 50]) {
      const reference = new Reference(wat(source), module.setupFuel).call('f', [depth], 10n ** 9n);
      const { outcome, fuelUsed } = run(source, [depth]);
      expect({ outcome, fuelUsed }).toEqual({ outcome: 'trapped', fuelUsed: reference.fuelUsed });
    }
    expect(run(source, [50]).fuel).toBeGreaterThan(run(source, [0]).fuel + 50 * SCHEDULE.call);
  });

  test('wasmtime #14047: bulk operations out of bounds trap for the flat price', () => {
    for (const op of ['memory.fill', 'memory.copy']) {
      const source = `(module (memory 1) (func (export "f") (param i32) (${op} (i32.const 1) (i32.const 0) (local.get 0))))`;
      const result = run(source, [-1]);
      expect(result).toMatchObject({ outcome: 'trapped', trap: 'memory access out of bounds' });
      expect(result.fuel).toBeLessThan(100);
      expect(run(source, [-1], result.fuelUsed)).toEqual(result);
    }
  });

  test('wasmtime #14161: a growth that is refused returns -1 for the flat price', () => {
    const source = '(module (memory 1 2) (func (export "f") (param i32) (result i32) (memory.grow (local.get 0))))';
    for (const pages of [2, 1_024, 65_536, -1]) {
      const result = run(source, [pages]);
      expect(result).toMatchObject({ outcome: 'returned', value: 0xffffffff });
      expect(result.fuel).toBeLessThan(SCHEDULE.grow + 10);
    }
  });

  test('wasmer #999: metering cannot be bypassed through the exports, the start function or a table', () => {
    // The counter is not the guest's: its name is refused, and its index lies beyond the guest's own globals.
    expect(() => prepare(wat('(module (global (export "$vm.fuel") (mut i64) (i64.const 0)))'))).toThrow(InvalidModule);
    expect(() => prepare(wat('(module (func (global.set 0 (i64.const 1000000))))'))).toThrow(InvalidModule);
    expect(() =>
      prepare(wat('(module (global (mut i64) (i64.const 0)) (func (global.set 1 (i64.const 1000000))))')),
    ).toThrow(InvalidModule);
    // Helpers lie beyond its functions, and can't be called with arguments of its choosing.
    expect(() =>
      prepare(
        wat('(module (memory 1) (func (drop (memory.grow (i32.const 1)))) (func (drop (call 2 (i32.const 1)))))'),
      ),
    ).toThrow(InvalidModule);
    expect(() => prepare(wat('(module (func) (table 1 funcref) (elem (i32.const 0) 1))'))).toThrow(InvalidModule);
    expect(run('(module (start $s) (func $s (loop (br 0))) (func (export "f")))', [], 1_000_000n).outcome).toBe(
      'outOfFuel',
    );
    expect(
      run(
        `(module (table 1 funcref) (elem (i32.const 0) $s) (func $s (loop (br 0)))
      (func (export "f") (call_indirect (i32.const 0))))`,
        [],
        1_000_000n,
      ).outcome,
    ).toBe('outOfFuel');
    // Fuel given to one call is not left over for the next.
    const guest = prepare(wat('(module (func (export "f") (loop (br 0))))')).instantiate();
    expect(guest.call('f', [], { fuel: 1_000_000n }).outcome).toBe('outOfFuel');
    expect(() => guest.call('f', [], { fuel: 1_000_000n })).toThrow('instantiate a fresh one');
  });

  test('CWA-2023-004: a function with very many parameters is refused, not overflowed on', () => {
    const params = 'i64 '.repeat(LIMITS.params + 1);
    expect(() => prepare(wat(`(module (type (func (param ${params}))))`))).toThrow('65 parameters');
    expect(() => prepare(wat(`(module (type (func (param ${'i64 '.repeat(50_000)}))))`))).toThrow(InvalidModule);
    expect(() => prepare(wat(`(module (type (func (result ${'i64 '.repeat(LIMITS.results + 1)}))))`))).toThrow(
      '17 results',
    );
  });

  test('CWA-2024-004: costly operators are not priced as cheap ones', () => {
    const price = (body: string): number =>
      run(`(module (memory 1) (global $g (mut i32) (i32.const 0)) (func (export "f") ${body}))`).fuel;
    const plain = price('(drop (i32.add (i32.const 7) (i32.const 2)))');
    expect(price('(drop (i32.div_u (i32.const 7) (i32.const 2)))') - plain).toBe(SCHEDULE.divide32 - SCHEDULE.operator);
    expect(price('(drop (i64.rem_s (i64.const 7) (i64.const 2)))') - plain).toBe(SCHEDULE.divide64 - SCHEDULE.operator);
    expect(price('(drop (i32.load (i32.const 0)))') - price('(drop (i32.eqz (i32.const 0)))')).toBe(
      SCHEDULE.load - SCHEDULE.operator,
    );
    expect(price('(global.set $g (i32.const 0))') - price('(drop (i32.const 0))')).toBe(SCHEDULE.global);
  });

  test('CWA-2024-007: br_table and calls with many locals pay for what they make the machine do', () => {
    const table = (targets: number): number =>
      run(`(module (func (export "f") (br_table ${'0 '.repeat(targets + 1)} (i32.const 0))))`).fuel;
    expect(table(800) - table(0)).toBe(800 / SCHEDULE.brTableTargetsPerFuel);
    const callee = (locals: number): number =>
      run(`(module (func $g (local ${'i64 '.repeat(locals)})) (func (export "f") (call $g)))`).fuel;
    expect(callee(1_000) - callee(0)).toBe(1_000 * SCHEDULE.local);
  });

  test('tari-ootle #2597: a copy of a megabyte does not cost what a copy of a byte does', () => {
    const copy =
      '(module (memory 32) (func (export "f") (param i32) (memory.copy (i32.const 0) (i32.const 1048576) (local.get 0))))';
    expect(run(copy, [1 << 20]).fuel).toBeGreaterThan(run(copy, [1]).fuel + 200_000);
    expect(run(copy, [1 << 20], prepare(wat(copy)).setupFuel + 1_000n).outcome).toBe('outOfFuel');
  });
});
