// The bounds of operands hold: whatever a guest computes, no operand exceeds its bound, and no access or division that
// is taken for safe traps. And the idioms of compilers are recognized.
import { describe, expect, test } from '@jest/globals';
import { KnownOperands } from '../../../host/vm/metering/operands.js';
import { prepare } from '../../../host/vm/index.js';
import { Dice, edge, I32, I64 } from '../../fuzz/vm-dice.js';
import type { Type } from '../../fuzz/vm-dice.js';
import { ARITHMETIC, COMPARISON, DIVISION, UNARY as UNARY_OPS } from '../../fuzz/vm-instructions.js';
import { BINARY, UNARY } from './reference-numeric.js';
import { Reference } from './reference.js';
import { wat } from './wat.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const ROUNDS = 3_000;
const LOAD8 = 0x2d;
const MEMORY = 2 ** 31 - 1;
const unsigned = (value: number | bigint): number =>
  typeof value === 'bigint' ? Number(BigInt.asUintN(64, value)) : value >>> 0;

/** A stack machine that computes, beside what is known. */
class Machine {
  readonly known = new KnownOperands(MEMORY);
  readonly stack: { type: Type; value: number | bigint }[] = [];
  readonly done: string[] = [];

  readonly #dice: Dice;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  step(): void {
    const { stack, known } = this;
    const dice = this.#dice;
    const [under, top] = [stack.at(-2), stack.at(-1)];
    const type = top?.type ?? I32;
    const roll = dice.roll(12);
    if (top === undefined || roll < 2) return this.#push(dice.pick([I32, I64]), roll === 0);
    if (under?.type === type && roll < 9)
      return this.#binary(dice.pick([...ARITHMETIC[type], ...COMPARISON[type], ...DIVISION[type]]));
    if (roll === 9)
      return this.#unary(
        type === I32 ? dice.pick([...UNARY_OPS[I32], 0xac, 0xad]) : dice.pick([...UNARY_OPS[I64], 0x50, 0xa7]),
      );
    if (roll === 10) {
      known.after(0x22); // local.tee
      return;
    }
    stack.pop();
    known.after(0x1a); // drop
  }

  /** A constant, or what is in a local. */
  #push(type: Type, constant: boolean): void {
    const any = this.#dice.once(2)
      ? edge(this.#dice, type)
      : type === I32
        ? this.#dice.roll(70)
        : BigInt(this.#dice.roll(70));
    const value = typeof any === 'bigint' ? BigInt.asIntN(64, any) : any | 0;
    this.stack.push({ type, value });
    if (constant) this.known.constant(unsigned(value) < 2 ** 31 ? unsigned(value) : -1);
    this.known.after(constant ? (type === I32 ? 0x41 : 0x42) : 0x20);
    this.done.push(`${constant ? 'const' : 'local'} ${value}`);
  }

  #unary(op: number): void {
    const value = UNARY[op]!(this.stack.pop()!.value as never);
    this.stack.push({ type: typeof value === 'bigint' ? I64 : I32, value });
    this.known.after(op);
    this.done.push(`0x${op.toString(16)}`);
  }

  #binary(op: number): void {
    const [left, right] = this.stack.splice(-2);
    this.done.push(`0x${op.toString(16)}`);
    const divides = [...DIVISION[I32], ...DIVISION[I64]].includes(op);
    const safe = divides && this.known.canDivide();
    let value: number | bigint;
    try {
      value = BINARY[op]!(left!.value as never, right!.value as never);
    } catch {
      expect([this.done, safe]).toEqual([this.done, false]);
      this.stack.length = 0;
      return this.known.forget();
    }
    this.stack.push({ type: typeof value === 'bigint' ? I64 : I32, value });
    this.known.after(op);
  }
}

describe('operands', () => {
  test('are never larger than what is known of them', () => {
    console.log(`operands: SEED=${SEED}`);
    let within = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const machine = new Machine(new Dice(SEED + round));
      for (let steps = 0; steps < 40; steps += 1) {
        machine.step();
        const { stack, known, done } = machine;
        for (const [access, operand] of [
          [LOAD8, stack.at(-1)],
          [0x3a, stack.at(-2)],
        ] as const) {
          // a store's address lies below
          const value = operand === undefined ? MEMORY : unsigned(operand.value);
          if (value >= MEMORY) continue;
          // One byte beyond the end of the memory, at that value.
          if (known.isWithinMemory(access, MEMORY - value))
            throw new Error(`${done.join(' ')} makes ${value}, taken for less`);
          if (known.isWithinMemory(access, 0)) within += 1;
        }
      }
    }
    expect(within).toBeGreaterThan(ROUNDS); // something is known at all
  });

  test('of which nothing is known are within no memory, however large', () => {
    const known = new KnownOperands(2 ** 32);
    known.after(0x20);
    expect(known.isWithinMemory(LOAD8, 0)).toBe(false);
  });
});

/** Loads and stores of one page, at an address made of local 0: the most that the address can be. */
const ADDRESSES: readonly (readonly [name: string, address: string, most: number])[] = [
  ['a byte', '(i32.load8_u offset=4 (i32.const 0))', 255],
  ['a mask', '(i32.and (local.get 0) (i32.const 1023))', 1_023],
  ['a mask, before', '(i32.and (i32.const 1023) (local.get 0))', 1_023],
  [
    'an entry of a table',
    '(i32.add (i32.shl (i32.and (local.get 0) (i32.const 255)) (i32.const 2)) (i32.const 1024))',
    2_044,
  ],
  ['an entry of twelve bytes', '(i32.mul (i32.and (local.get 0) (i32.const 15)) (i32.const 12))', 180],
  ['the topmost bits', '(i32.shr_u (local.get 0) (i32.const 24))', 255],
  ['the topmost bits of 64', '(i32.wrap_i64 (i64.shr_u (i64.extend_i32_s (local.get 0)) (i64.const 56)))', 255],
  ['a remainder', '(i32.rem_u (local.get 0) (i32.const 100))', 99],
  ['a bit set', '(i32.or (i32.and (local.get 0) (i32.const 254)) (i32.const 1))', 255],
  ['a comparison', '(i32.eqz (local.get 0))', 1],
  ['leading zeros', '(i32.clz (local.get 0))', 32],
];

describe('accesses', () => {
  const access = {
    load: (address: string, offset: number): string => `(i32.load16_u offset=${offset} ${address})`,
    store: (address: string, offset: number): string =>
      `(i32.store16 offset=${offset} ${address} (local.get 0)) (i32.const 0)`,
  };
  const module = (body: string): Uint8Array =>
    wat(`(module (memory 1) (data (i32.const 0) "\\00\\00\\02\\00")
    (type $t (func (param i32) (result i32))) (table 1 funcref) (elem (i32.const 0) $far) (func $far (type $t) (i32.const 70000))
    (func (export "f") (param i32) (result i32)
    (if (result i32) (local.get 0) (then ${body}) (else (i32.const 7)))))`);
  /** How often the counter's global is written: an arm in which it can't be observed is paid for at the end. */
  const writes = (code: Uint8Array): number => {
    const { instrumented } = prepare(code);
    return [...instrumented.keys()].filter((at) => instrumented[at] === 0x24 && instrumented[at + 1] === 0).length;
  };
  const ends = (code: Uint8Array, argument: number): unknown => {
    const prepared = prepare(code);
    const result = prepared.instantiate().call('f', [argument], { fuel: 10_000_000n });
    expect(new Reference(code, prepared.setupFuel).call('f', [argument], 10_000_000n)).toMatchObject(
      result.outcome === 'returned'
        ? { outcome: 'returned', values: result.values, fuelUsed: result.fuelUsed }
        : result,
    );
    return result.outcome;
  };
  const cases = (Object.keys(access) as (keyof typeof access)[]).flatMap((kind) =>
    ADDRESSES.map((row) => [kind, ...row] as const),
  );

  test.each(cases)(
    'a %s at %s pays apart where it may be beyond the memory, and only there',
    (kind, _name, address, most) => {
      const last = 65_536 - 2 - most;
      const [within, beyond] = [last, last + 1].map((offset) => module(access[kind](address, offset)));
      expect(writes(within!)).toBeLessThan(writes(beyond!));
      for (const argument of [0, 1, 255, 1_023, 65_535, 0x7fffffff, 0x80000000, 0xffffffff]) {
        if (argument !== 0) expect(ends(within!, argument)).toBe('returned');
        ends(beyond!, argument);
      }
    },
  );

  test.each([
    ['i32.div_u', 10, true],
    ['i32.rem_u', 10, true],
    ['i32.div_s', 10, true],
    ['i32.rem_s', 10, true],
    ['i32.div_u', 0, false],
    ['i32.div_s', -1, false],
    ['i32.rem_s', -1, false],
  ])('%s by %i: safe %s', (operator, divisor, safe) => {
    const code = module(`(${operator} (local.get 0) (i32.const ${divisor}))`);
    const other = module(`(${operator} (local.get 0) (local.get 0))`);
    expect(writes(code) < writes(other)).toBe(safe);
    for (const argument of [1, 0x7fffffff, 0x80000000, 0xffffffff]) ends(code, argument);
  });

  test.each([
    ['a call', '(call $far (i32.const 1))'],
    ['an indirect call', '(call_indirect (type $t) (i32.const 1) (i32.const 0))'],
    [
      'a block that is branched out of',
      '(block (result i32) (drop (br_if 0 (i32.const 70000) (local.get 0))) (i32.const 1))',
    ],
    ['an arm', '(if (result i32) (i32.const 1) (then (i32.const 70000)) (else (i32.const 1)))'],
    ['a choice', '(select (i32.const 70000) (i32.const 1) (i32.const 1))'],
    ['growth', '(i32.sub (memory.grow (i32.const 1)) (i32.const 2))'],
    ['a difference', '(i32.sub (i32.const 1) (i32.const 2))'],
    ['a load', '(i32.load (i32.const 0))'],
  ])('nothing is known after %s', (_name, address) => {
    expect(ends(module(`(i32.load8_u ${address})`), 1)).toBe('trapped');
  });

  test('a memory without pages has nothing', () => {
    const empty = wat(
      '(module (memory 0 1) (func (export "f") (param i32) (result i32) (i32.load8_u (i32.and (local.get 0) (i32.const 1)))))',
    );
    expect(ends(empty, 1)).toBe('trapped');
  });
});
