// What is not on the allow-list is refused with a reason and an offset, and no bytes have any other effect.
import { describe, expect, test } from '@jest/globals';
import { InvalidModule, prepare } from '../../../host/vm/index.js';
import { Random, seedOf } from '../../random.js';
import { CASES } from './cases.js';
import type { WatFeatures } from './wat.js';
import { wat } from './wat.js';

function refusal(code: Uint8Array): InvalidModule {
  try {
    prepare(code);
  } catch (error) {
    if (error instanceof InvalidModule) return error;
    throw error;
  }
  throw new Error('the module was accepted');
}

const FEATURES: WatFeatures = {
  simd: true,
  threads: true,
  exceptions: true,
  tail_call: true,
  reference_types: true,
  memory64: true,
  extended_const: true,
};

/** Bytes that begin or end something, are types, or continue a number. */
const MEANINGFUL = [0x00, 0x01, 0x0b, 0x40, 0x7f, 0x80, 0xfc, 0xff];

/** Each feature left out: a module that uses it, and the refusal. */
const REFUSED: readonly (readonly [feature: string, source: string, reason: RegExp])[] = [
  ['float parameters', '(module (func (param f64)))', /floats/],
  ['float locals', '(module (func (local f32)))', /floats/],
  ['float results of a block', '(module (func (block (result f32) (f32.const 1)) (drop)))', /floats/],
  ['float globals', '(module (global f32 (f32.const 1)))', /floats/],
  ['float constants', '(module (func (drop (f64.const 1))))', /floats/],
  ['float loads', '(module (memory 1) (func (drop (f32.load (i32.const 0)))))', /floats/],
  ['float stores', '(module (memory 1) (func (f64.store (i32.const 0) (f64.const 0))))', /floats/],
  ['float arithmetic', '(module (func (drop (f64.sqrt (f64.convert_i32_s (i32.const 4))))))', /floats/],
  ['reinterpretation', '(module (func (drop (i32.reinterpret_f32 (f32.const 1)))))', /floats/],
  ['saturating conversion', '(module (func (unreachable) (i32.trunc_sat_f32_s) (drop)))', /floats/],
  ['vectors', '(module (func (drop (v128.const i32x4 0 0 0 0))))', /0xfd is not allowed/],
  ['vector locals', '(module (func (local v128)))', /0x7b is not allowed/],
  ['shared memory', '(module (memory 1 1 shared))', /shared/],
  ['64-bit memory', '(module (memory i64 1))', /64-bit/],
  ['atomics', '(module (memory 1) (func (atomic.fence)))', /0xfe is not allowed/],
  ['tags', '(module (tag))', /section 13 is not allowed/],
  ['try', '(module (func (try (do) (catch_all))))', /0x06 is not allowed/],
  ['tail calls', '(module (func $f (return_call $f)))', /0x12 is not allowed/],
  [
    'indirect tail calls',
    '(module (table 1 funcref) (func (return_call_indirect (i32.const 0))))',
    /0x13 is not allowed/,
  ],
  ['two memories', '(module (memory 1) (memory 1))', /more than one memory/],
  ['two tables', '(module (table 1 funcref) (table 1 funcref))', /more than one table/],
  ['a table of externref', '(module (table 1 externref))', /functions only/],
  ['ref.null', '(module (func (drop (ref.null func))))', /reference types/],
  ['ref.func', '(module (func $f (drop (ref.func $f))) (elem declare func $f))', /element segments/],
  ['table.get', '(module (table 1 funcref) (func (drop (table.get 0 (i32.const 0)))))', /reference types/],
  [
    'table.grow',
    '(module (table 1 funcref) (func (drop (table.grow 0 (ref.null func) (i32.const 0)))))',
    /reference types/,
  ],
  ['table.size', '(module (table 1 funcref) (func (drop (table.size 0))))', /0xfc 16 is not allowed/],
  [
    'table.copy',
    '(module (table 1 funcref) (func (table.copy (i32.const 0) (i32.const 0) (i32.const 0))))',
    /0xfc 14 is not allowed/,
  ],
  ['passive elements', '(module (func $f) (table 1 funcref) (elem func $f))', /element segments/],
  [
    'element expressions',
    '(module (func $f) (table 1 funcref) (elem (i32.const 0) funcref (ref.func $f) (ref.null func)))',
    /element segments/,
  ],
  ['imported memory', '(module (import "env" "memory" (memory 1)))', /not a function/],
  ['imported globals', '(module (import "env" "g" (global i32)))', /not a function/],
  ['imported tables', '(module (import "env" "t" (table 1 funcref)))', /not a function/],
  ['another module name', '(module (import "wasi" "f" (func)))', /not from env/],
  ['computed constants', '(module (global i32 (i32.add (i32.const 1) (i32.const 2))))', /one integer constant/],
  ['a global from a global', '(module (global i32 (i32.const 1)) (global i32 (global.get 0)))', /one integer constant/],
  ['data beyond the memory', '(module (memory 1) (data (i32.const 65535) "ab"))', /does not fit the memory/],
  ['data at a negative offset', '(module (memory 1) (data (i32.const -1) "a"))', /does not fit the memory/],
  ['elements beyond the table', '(module (func) (table 1 funcref) (elem (i32.const 1) 0))', /does not fit the table/],
  ['an ill-typed body', '(module (func (result i32) (i64.const 1)))', /invalid: /],
  ['an empty operand stack', '(module (func (drop)))', /invalid: /],
  ['our own export names', '(module (func (export "$vm.fuel")))', /reserved/],
];

describe('refusals', () => {
  for (const [feature, source, reason] of REFUSED) {
    test(feature, () => {
      const { reason: given, offset } = refusal(wat(source, FEATURES));
      expect(given).toMatch(reason);
      expect(offset).toBeGreaterThan(0);
    });
  }

  test('what compilers emit besides is accepted', () => {
    const accepted = `(module (memory 1) (table 2 2 funcref) (global (mut i64) (i64.const -5)) (elem (i32.const 0) $f $f)
      (func $f (export "f") (param i32 i64) (result i64 i32)
        (i64.extend8_s (local.get 1)) (i32.extend16_s (local.get 0))
        (block (param i64 i32) (result i64 i32) (nop))
        (memory.copy (i32.const 0) (i32.const 1) (i32.const 2)) (memory.fill (i32.const 0) (i32.const 1) (i32.const 2))))`;
    expect(prepare(wat(accepted)).entry('f')).toBeDefined();
  });

  test('an offset points at the offending byte', () => {
    const code = wat('(module (func (nop) (nop) (drop (f32.const 0))))');
    const { offset } = refusal(code);
    expect(code[offset]).toBe(0x43);
  });

  test('bytes that are no module', () => {
    expect(refusal(new Uint8Array(0)).offset).toBe(0);
    expect(refusal(Uint8Array.of(0, 0x61, 0x73)).reason).toMatch(/not a WebAssembly module/);
    expect(refusal(Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0))).toMatchObject({ offset: 4 });
    expect(prepare(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)).imports).toEqual([]);
  });

  test('a module cut off anywhere is refused', () => {
    for (const { wat: source } of CASES) {
      const code = wat(source);
      // Between sections a cut can leave a whole module, which is then merely another one; nowhere else.
      const accepted = Array.from({ length: code.length }, (_, length) => length).filter((length) => {
        try {
          return prepare(code.slice(0, length)) !== undefined;
        } catch (error) {
          if (error instanceof InvalidModule) return false;
          throw error;
        }
      });
      const between = sectionEnds(code);
      expect(accepted.filter((length) => !between.includes(length))).toEqual([]);
      expect(accepted[0]).toBe(8); // the header by itself is a module
    }
  });

  test('any byte changed to others: refused, or prepared, but nothing else', () => {
    const random = new Random(seedOf('refusals'));
    /** Two of those that mean most in a module, and one of all. */
    const others = (): number[] => [
      ...random.sample(MEANINGFUL.length, 2).map((index) => MEANINGFUL[index]!),
      random.below(256),
    ];
    let refused = 0;
    let prepared = 0;
    for (const { wat: source } of CASES) {
      const code = wat(source);
      for (let at = 8; at < code.length; at += 1) {
        for (const value of others()) {
          const changed = code.slice();
          changed[at] = value;
          try {
            const module = prepare(changed);
            prepared += 1;
            // What V8 makes of it is what we say it has: the names that metering adds stand after the module's own.
            const own = WebAssembly.Module.exports(new WebAssembly.Module(changed)).filter(
              ({ kind }) => kind === 'function',
            );
            expect(module.facts.entries.map(({ name }) => name)).toEqual(own.map(({ name }) => name));
          } catch (error) {
            if (!(error instanceof InvalidModule)) throw error;
            expect(error.offset).toBeLessThanOrEqual(code.length);
            refused += 1;
          }
        }
      }
    }
    expect(refused).toBeGreaterThan(10_000);
    expect(prepared).toBeGreaterThan(1_000);
  });
});

test('anything but bytes is a mistake of the caller, not of a module', () => {
  for (const code of [
    new ArrayBuffer(8),
    [0, 0x61],
    'asm',
    undefined,
    new Uint16Array(4),
    Int8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 0xfe, 0, 0, 0, 0),
  ]) {
    expect(() => prepare(code as never)).toThrow(new TypeError('a module is bytes: a Uint8Array'));
  }
});

/** Where the header and each section end. */
function sectionEnds(code: Uint8Array): number[] {
  const ends = [8];
  while (ends.at(-1)! < code.length) {
    let [at, size, scale] = [ends.at(-1)! + 1, 0, 1];
    for (; ; scale *= 128) {
      const byte = code[at]!;
      at += 1;
      size += (byte % 128) * scale;
      if (byte < 128) break;
    }
    ends.push(at + size);
  }
  return ends;
}
