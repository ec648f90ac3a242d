// Prepared modules and refusals are kept by code hash and schedule, within a bound.
import { describe, expect, test } from '@jest/globals';
import { InvalidModule, ModuleCache, PreparedModule, SCHEDULE } from '../../../host/vm/index.js';
import { wat } from './wat.js';

const code = (value: number): Uint8Array => wat(`(module (func (export "f") (result i32) (i32.const ${value})))`);
const hash = (value: number): Uint8Array => new Uint8Array(32).fill(value);

describe('the cache of prepared modules', () => {
  test('a module is prepared once', () => {
    const cache = new ModuleCache(1 << 20);
    let reads = 0;
    const read = (): Uint8Array => ((reads += 1), code(1));
    const first = cache.get(hash(1), read);
    expect(first).toMatchObject({ ok: true, value: expect.any(PreparedModule) });
    expect(cache.get(hash(1), read)).toBe(first);
    expect(reads).toBe(1);
  });

  test('a refusal is kept as well', () => {
    const cache = new ModuleCache(1 << 20);
    let reads = 0;
    const read = (): Uint8Array => ((reads += 1), Uint8Array.of(1, 2, 3));
    for (let round = 0; round < 2; round += 1)
      expect(cache.get(hash(1), read)).toMatchObject({ ok: false, error: expect.any(InvalidModule) });
    expect(reads).toBe(1);
  });

  test('another schedule is another cache', () => {
    const cache = new ModuleCache(1 << 20, { schedule: { ...SCHEDULE, version: 99, operator: 7 } });
    const used = (from: ModuleCache): bigint => {
      const module = from.get(hash(1), () => code(1));
      if (!module.ok) throw module.error;
      return module.value.instantiate().call('f', [], { fuel: 10n ** 9n }).fuelUsed - module.value.setupFuel;
    };
    expect(used(cache)).toBe(7n);
    expect(used(new ModuleCache(1 << 20))).toBe(1n);
  });

  test('the least used goes first, and the bound holds', () => {
    const one = new ModuleCache(1 << 30);
    one.get(hash(1), () => code(1));
    const cache = new ModuleCache(one.bytes * 3);
    const reads: number[] = [];
    const get = (value: number): unknown => cache.get(hash(value), () => (reads.push(value), code(value)));
    for (const value of [1, 2, 3, 1, 4, 1, 3, 2]) {
      get(value);
      expect(cache.bytes).toBeLessThanOrEqual(one.bytes * 3);
    }
    // 4 pushed out 2, the least used; then 2 pushed out 4.
    expect(reads).toEqual([1, 2, 3, 4, 2]);
  });
});
