// Which of V8's compilers a module reaches, observed in another process whose V8 reports what it compiles.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { bundle } from '../bundle.js';

const FLAG = '--trace-wasm-compilation-times';
let told: string[];

beforeAll(() => {
  const program = fileURLToPath(bundle('tests/unit/vm/compile-watched.ts', 'compile-watched'));
  told = execFileSync(process.execPath, [FLAG, program], { encoding: 'utf8' }).split(/^== /m).slice(1);
});

const optimized = (part: string): boolean => /#1 using TurboFan/.test(part);
const baseline = (part: string): boolean => /#0 using Liftoff/.test(part) && /#1 using Liftoff/.test(part);

describe('compilers', () => {
  test('a module of both tiers is optimized where it runs often', () => {
    expect(told[0]).toMatch(/^1 nop, tiers/);
    expect(optimized(told[0]!)).toBe(true);
  });

  test('a baseline module is compiled all at once and never optimized', () => {
    expect(told[1]).toMatch(/^2 nop, baseline/);
    expect(baseline(told[1]!)).toBe(true);
    expect(optimized(told[1]!)).toBe(false);
  });

  test('a module that is compiled after it has both tiers again', () => {
    expect(optimized(told[2]!)).toBe(true);
  });

  test('bytes that V8 knows with both tiers are compiled apart', () => {
    expect(told[3]).toMatch(/^3 nop, baseline/);
    expect(baseline(told[3]!)).toBe(true);
    expect(optimized(told[3]!)).toBe(false);
  });

  test('the fuel used depends on neither', () => {
    const used = told.map((part) => /^returned, used (\d+)$/m.exec(part)?.[1]);
    expect(used[2]).toMatch(/^\d{7,}$/);
    expect(used[3]).toBe(used[2]);
  });
});
