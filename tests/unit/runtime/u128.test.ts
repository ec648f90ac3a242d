// assembly/primitives/u128 against BigInt, on every pair of edge values and on random ones (printed seed).
import { beforeAll, describe, expect, test } from '@jest/globals';
import { compileEntry, type TestModule } from '../../harness/compile.js';

const LIMIT = 1n << 128n;
const HALF = 1n << 64n;
const EDGES = [
  0n,
  1n,
  2n,
  9n,
  10n,
  0xffffffffn,
  1n << 32n,
  HALF - 1n,
  HALF,
  HALF + 1n,
  (1n << 96n) - 1n,
  1n << 127n,
  (1n << 127n) + 1n,
  LIMIT - HALF,
  LIMIT - 2n,
  LIMIT - 1n,
];

let module: TestModule;
beforeAll(async () => {
  module = await compileEntry('tests/unit/runtime/assembly/u128.ts');
});

function operands(a: bigint, b: bigint): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(32));
  [a % HALF, a / HALF, b % HALF, b / HALF].forEach((word, index) => bytes.setBigUint64(index * 8, word, true));
  return new Uint8Array(bytes.buffer);
}

function run(name: string, a: bigint, b: bigint): bigint | null {
  const result = module.call(name, operands(a, b));
  return result.length === 0 ? null : result.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function check(a: bigint, b: bigint): void {
  const fits = (value: bigint): bigint | null => (value < 0n || value >= LIMIT ? null : value);
  const expected: Record<string, bigint | null> = {
    checkedAdd: fits(a + b),
    checkedSub: fits(a - b),
    checkedMul: fits(a * b),
    checkedDiv: b === 0n ? null : a / b,
    saturatingAdd: a + b >= LIMIT ? LIMIT - 1n : a + b,
    saturatingSub: a < b ? 0n : a - b,
    saturatingMul: a * b >= LIMIT ? LIMIT - 1n : a * b,
    product: (a % HALF) * (b % HALF),
    min: a < b ? a : b,
    max: a < b ? b : a,
    lt: a < b ? 1n : 0n,
    le: a <= b ? 1n : 0n,
    eq: a === b ? 1n : 0n,
    parsed: a,
  };
  if (b !== 0n) expected.rem = a % b;
  for (const [name, value] of Object.entries(expected)) {
    const actual = run(name, a, b);
    if (actual !== value) throw new Error(`${name}(${a}, ${b}) = ${actual}, not ${value}`);
  }
  expect(new TextDecoder().decode(module.call('digits', operands(a, b)))).toBe(a.toString());
}

describe('U128', () => {
  test('agrees with BigInt on every pair of edge values', () => {
    for (const a of EDGES) for (const b of EDGES) check(a, b);
  });

  test('agrees with BigInt on random pairs of every width', () => {
    let state = 0x2545f4914f6cdd1dn;
    const random = (): bigint => {
      const next = (): bigint => {
        state ^= (state << 13n) & (HALF - 1n);
        state ^= state >> 7n;
        state ^= (state << 17n) & (HALF - 1n);
        return state;
      };
      const value = next() * HALF + next();
      return value >> (next() % 128n);
    };
    for (let i = 0; i < 250; i++) check(random(), random());
  });

  test('unchecked operations trap if the result does not fit', () => {
    expect(run('add', LIMIT - 2n, 1n)).toBe(LIMIT - 1n);
    expect(() => run('add', LIMIT - 1n, 1n)).toThrow(/unreachable/);
    expect(run('sub', 1n, 1n)).toBe(0n);
    expect(() => run('sub', 1n, 2n)).toThrow(/unreachable/);
    expect(run('mul', HALF - 1n, HALF)).toBe((HALF - 1n) * HALF);
    expect(() => run('mul', HALF, HALF)).toThrow(/unreachable/);
    expect(() => run('rem', 1n, 0n)).toThrow(/unreachable/);
  });

  test('texts that are not 128-bit integers are refused', () => {
    expect(run('refusals', 0n, 0n)).toBe(1n);
  });
});
