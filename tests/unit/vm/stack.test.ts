// The deterministic stack limit is reached before V8's own stack overflows, in every tier, for the largest frames
// known.
import { describe, expect, test } from '@jest/globals';
import v8 from 'node:v8';
import { LIMITS, prepare } from '../../../host/vm/index.js';
import { wat } from './wat.js';

const list = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join(' ');

/** Endless recursions, each hungry in its own way. `f` counts its depth. */
const COUNT = '(global.set $depth (i32.add (global.get $depth) (i32.const 1)))';
const SHAPES: Record<string, string> = {
  'a small frame': `(func $f (export "f") (param i32) (result i32) ${COUNT} (i32.add (call $f (local.get 0)) (i32.const 1)))`,
  'nothing at all': `(func $f (export "f") ${COUNT} (call $f) (global.set $x (i32.const 1)))`,
  'many live locals': `(func $f (export "f") (param i32) (local ${list(200, () => 'i64')}) ${COUNT}
    ${list(200, (i) => `(local.set ${i + 1} (i64.load offset=${8 * i} (i32.and (local.get 0) (i32.const 1023))))`)}
    (call $f (i32.add (local.get 0) (i32.const 1))) ${list(200, (i) => `(i64.store (i32.const ${8 * i}) (local.get ${i + 1}))`)})`,
  'many i32 operands': `(func $f (export "f") (param i32) (result i32) ${COUNT} ${list(400, (i) => `(i32.load offset=${4 * i} (local.get 0))`)}
    (call $f (i32.add (local.get 0) (i32.const 1))) ${list(400, () => 'i32.add')})`,
  'many i64 operands': `(func $f (export "f") (param i32) (result i64) ${COUNT} ${list(400, (i) => `(i64.load offset=${8 * i} (local.get 0))`)}
    (call $f (i32.add (local.get 0) (i32.const 1))) ${list(400, () => 'i64.add')})`,
  'many parameters': `(func $f (export "f") (param ${list(64, () => 'i64')}) ${COUNT}
    (call $f ${list(64, (i) => `(i64.add (local.get ${i}) (i64.const ${i}))`)}) (global.set $x (i32.const 1)))`,
  'many results': `(func $f (export "f") (result ${list(16, () => 'i64')}) ${COUNT} (call $f))`,
  'many parameters and results': `(func $f (export "f") (param ${list(64, () => 'i64')}) (result ${list(16, () => 'i64')}) ${COUNT}
    (call $f ${list(64, (i) => `(i64.add (local.get ${i}) (i64.const ${i}))`)}))`,
  'indirect calls': `(table 1 funcref) (elem (i32.const 0) $f) (func $f (export "f") (param i32) (result i32) ${COUNT}
    (i32.add (call_indirect (param i32) (result i32) (local.get 0) (i32.const 0)) (i32.const 1)))`,
  'a loop in the frame': `(func $f (export "f") (param i32) (result i32) (local i32 i64) ${COUNT}
    (loop (local.set 1 (i32.add (local.get 1) (i32.const 1))) (local.set 2 (i64.mul (local.get 2) (i64.load (local.get 1))))
      (br_if 0 (i32.lt_u (local.get 1) (i32.const 3)))) (i32.add (call $f (local.get 0)) (i32.const 1)))`,
  'uncounted callees': `(func $big (param i32) (result i32) (local ${list(100, () => 'i64')})
      ${list(100, (i) => `(i32.load offset=${i} (local.get 0))`)} (call $leaf) ${list(100, () => 'i32.add')})
    (func $leaf (result i32) (i32.const 1))
    (func $f (export "f") (param i32) (result i32) ${COUNT} (i32.add (call $big (i32.const 0)) (call $f (i32.const 0))))`,
  'bulk memory in the frame': `(func $f (export "f") (param i32) (result i32) ${COUNT}
    (memory.copy (i32.const 0) (local.get 0) (i32.const 1)) (i32.add (call $f (i32.const 1)) (i32.const 1)))`,
};

/** The most bytes of machine stack that a unit may take: the default limit then takes a quarter of V8's 984 KiB. */
const UNIT_BYTES = 8;
/** What V8 has, less what the test and jest stand on. */
const V8_STACK_BYTES = 840 * 1024;

const TIERS: Record<string, readonly string[]> = {
  'the baseline compiler': ['--liftoff', '--liftoff-only'],
  'the optimizing compiler': ['--no-liftoff-only', '--no-liftoff', '--no-wasm-tier-up'],
};

describe("a guest exhausts its own stack before V8's", () => {
  for (const [tier, flags] of Object.entries(TIERS)) {
    describe(`under ${tier}`, () => {
      for (const [shape, body] of Object.entries(SHAPES)) {
        test(shape, () => {
          for (const flag of flags) v8.setFlagsFromString(flag);
          // The name of the tier makes the bytes differ, so that V8 does not reuse what the other tier compiled.
          const module = prepare(
            wat(`(module (memory 1) (global $depth (export "depth") (mut i32) (i32.const 0)) (global $x (mut i32) (i32.const 0))
            (func (export "${tier}")) ${body})`),
          );
          const args = module.entry('f')!.params.map((type) => (type === 'i32' ? 0 : 0n));
          const depth = (stack: number): number => {
            const guest = module.instantiate();
            expect(guest.call('f', args, { fuel: 1n << 60n, stack }).outcome).toBe('stackExhausted');
            return guest.global('depth') as number;
          };
          // Nearly all of V8's stack, were every unit as large as we say.
          const deep = depth(Math.floor(V8_STACK_BYTES / UNIT_BYTES));
          expect(deep).toBeGreaterThan(depth(LIMITS.stackUnits));
        });
      }
    });
  }
});
