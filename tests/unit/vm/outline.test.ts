// Outlines of modules that are valid or not, and the places of their bytes.
import { describe, expect, test } from '@jest/globals';
import { InvalidModule, locate, outline, prepare } from '../../../host/vm/index.js';
import { processorMs } from '../../processor-time.js';
import { Random, seedOf } from '../../random.js';
import type { Place } from '../../../host/vm/index.js';
import { wat } from './wat.js';

/** A custom section `name` with names for these functions. */
function nameSection(names: Record<number, string>): number[] {
  const entries = Object.entries(names).flatMap(([index, name]) => [Number(index), name.length, ...Buffer.from(name)]);
  const functions = [Object.keys(names).length, ...entries];
  const content = [4, ...Buffer.from('name'), 1, functions.length, ...functions];
  return [0, content.length, ...content];
}

/** Where the rule that refuses a module was broken. */
function placeOf(code: Uint8Array): Place {
  try {
    prepare(code);
  } catch (error) {
    if (error instanceof InvalidModule) return locate(code, error.offset);
    throw error;
  }
  throw new Error('the module was accepted');
}

describe('outline', () => {
  test('reads imports, exports and their types, floats and all', () => {
    expect(
      outline(
        wat(`(module
      (import "env" "f" (func (param f32 i64) (result i32)))
      (import "env" "m" (memory 1))
      (import "other" "g" (global i64))
      (global (export "__heap_base") i32 (i32.const 4096))
      (global (mut f64) (f64.const 1))
      (func (export "refine") (param i32 i32) (result i64) (i64.const 0))
      (export "mem" (memory 0)) (export "sum" (global 2)) (export "again" (func 0))
      (func $start) (start $start))`),
      ),
    ).toEqual({
      imports: [
        { module: 'env', name: 'f', kind: 'function', type: '(f32, i64) -> (i32)' },
        { module: 'env', name: 'm', kind: 'memory' },
        { module: 'other', name: 'g', kind: 'global', type: 'i64' },
      ],
      exports: [
        { name: '__heap_base', kind: 'global', type: 'i32' },
        { name: 'refine', kind: 'function', type: '(i32, i32) -> (i64)' },
        { name: 'mem', kind: 'memory' },
        { name: 'sum', kind: 'global', type: 'mut f64' },
        { name: 'again', kind: 'function', type: '(f32, i64) -> (i32)' },
      ],
      importedMemory: { min: 1 },
      hasMemory: true,
      hasOddMemory: false,
      hasStart: true,
    });
  });

  test('keeps what it could read of a module that is cut off', () => {
    const code = wat('(module (import "env" "f" (func)) (func (export "g")) (func (export "h")))');
    const whole = outline(code);
    expect(whole.exports.map(({ name }) => name)).toEqual(['g', 'h']);
    const before = code.length - 12; // in the midst of the exports
    expect(outline(code.subarray(0, before))).toMatchObject({ imports: whole.imports, exports: [{ name: 'g' }] });
    expect(outline(new Uint8Array())).toEqual({
      imports: [],
      exports: [],
      hasMemory: false,
      hasOddMemory: false,
      hasStart: false,
    });
  });

  test('survives any bytes, and quickly', () => {
    const random = new Random(seedOf('outline'));
    const roll = (sides: number): number => random.below(sides);
    const good = wat(
      '(module (import "env" "f" (func)) (memory 1) (global i32 (i32.const 1)) (func (export "g") (call 0)))',
    );
    const ms = processorMs(() => {
      for (let round = 0; round < 2_000; round += 1) {
        const bytes = Uint8Array.from([...good, ...nameSection({ 1: 'one' })]);
        for (let left = roll(8); left >= 0; left -= 1) bytes[8 + roll(bytes.length - 8)] = roll(256);
        outline(bytes);
        locate(bytes, roll(bytes.length));
      }
      // Counts of 2^32 − 1 for items that are missing end the section at once.
      for (const id of [1, 2, 3, 5, 6, 7, 10])
        outline(Uint8Array.from([...good.subarray(0, 8), id, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]));
    });
    expect(ms).toBeLessThan(5_000);
  });
});

describe('locate', () => {
  const float =
    '(module (import "env" "i" (func)) (func) (func $f (export "exported") (drop (i32.const 1)) (drop (f32.const 0))))';

  test('names the function in which a rule is broken by its export, or by the name section, or by index', () => {
    const code = wat(float);
    const at = 1 + 3 + 1 - 1; // no locals, i32.const 1, drop: bytes 0 to 3
    expect(placeOf(code)).toEqual({ section: 'code', function: { index: 2, name: 'exported', at } });
    const named = Uint8Array.from([...code, ...nameSection({ 2: 'inner' })]);
    expect(placeOf(named)).toEqual({ section: 'code', function: { index: 2, name: 'inner', at } });
    expect(placeOf(wat(float.replace('(export "exported")', '')))).toEqual({
      section: 'code',
      function: { index: 2, at },
    });
  });

  test('names the section in which a rule is broken outside of bodies', () => {
    expect(placeOf(wat('(module (func (param f64)))'))).toEqual({ section: 'type' });
    expect(placeOf(wat('(module (import "a" "f" (func)))'))).toEqual({ section: 'import' });
    expect(placeOf(wat('(module (memory 2000))'))).toEqual({ section: 'memory' });
    expect(locate(wat('(module)'), 3)).toEqual({});
    expect(locate(Uint8Array.from([...wat('(module)'), ...nameSection({})]), 10)).toEqual({
      section: 'custom section "name"',
    });
  });
});
