// Both sides of every limit: a module that measures exactly the bound is prepared; one more is refused for that reason.
import { describe, expect, test } from '@jest/globals';
import { InvalidModule, LIMITS, prepare } from '../../../host/vm/index.js';
import type { Limits } from '../../../host/vm/index.js';
import { functionOf } from '../../../bench/vm-raw.js';
import { wat } from './wat.js';

const many = (count: number, piece: string | ((index: number) => string)): string =>
  Array.from({ length: count }, (_, index) => (typeof piece === 'string' ? piece : piece(index))).join(' ');

/** So many blocks, each in the one before. */
const nested = (count: number): number[] => [
  ...Array<number[]>(count).fill([0x02, 0x40]).flat(),
  ...Array<number>(count).fill(0x0b),
];

interface Limit {
  readonly limit: keyof Limits;
  /** A bound that is quick to reach; the chain's own where it is small enough. */
  readonly bound: number;
  /** A module that measures `size`. */
  readonly module: (size: number) => Uint8Array;
  readonly reason: RegExp;
}

/** Zeroes as many as wanted at the end: a custom section. */
function padded(size: number): Uint8Array {
  const body = size - 8 - 3; // what comes before the section's content
  return Uint8Array.from([
    0,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    0,
    (body & 0x7f) | 0x80,
    body >> 7,
    1,
    0x61,
    ...Array<number>(body - 2).fill(0),
  ]);
}

const LIMIT_CASES: readonly Limit[] = [
  { limit: 'moduleBytes', bound: 1_000, module: (n) => padded(n), reason: /bytes of module/ },
  {
    limit: 'bodyBytes',
    bound: 200,
    module: (n) => wat(`(module (func ${many(n - 2, 'nop')}))`),
    reason: /bytes of a function body/,
  },
  // A count, and one function that is as long as wanted
  {
    limit: 'codeBytes',
    bound: 90,
    module: (n) => wat(`(module (func ${many(n - 4, 'nop')}))`),
    reason: /bytes of code/,
  },
  { limit: 'types', bound: 5, module: (n) => wat(`(module ${many(n, '(type (func (param i32)))')})`), reason: /types/ },
  {
    limit: 'functions',
    bound: 6,
    module: (n) => wat(`(module (import "env" "f" (func)) ${many(n - 1, '(func)')})`),
    reason: /functions/,
  },
  {
    limit: 'imports',
    bound: 4,
    module: (n) => wat(`(module ${many(n, '(import "env" "f" (func))')})`),
    reason: /imports/,
  },
  {
    limit: 'exports',
    bound: 4,
    module: (n) => wat(`(module (func) ${many(n, (i) => `(export "e${i}" (func 0))`)})`),
    reason: /exports/,
  },
  {
    limit: 'nameBytes',
    bound: 9,
    module: (n) => wat(`(module (func (export "${'e'.repeat(n)}")))`),
    reason: /bytes of a name/,
  },
  {
    limit: 'globals',
    bound: 4,
    module: (n) => wat(`(module ${many(n, '(global i32 (i32.const 0))')})`),
    reason: /globals/,
  },
  {
    limit: 'dataSegments',
    bound: 4,
    module: (n) => wat(`(module (memory 1) ${many(n, '(data (i32.const 0) "a")')})`),
    reason: /data segments/,
  },
  {
    limit: 'elementSegments',
    bound: 4,
    module: (n) => wat(`(module (table 1 funcref) (func) ${many(n, '(elem (i32.const 0) 0)')})`),
    reason: /element segments/,
  },
  {
    limit: 'params',
    bound: LIMITS.params,
    module: (n) => wat(`(module (func (param ${many(n, 'i32')})))`),
    reason: /parameters/,
  },
  {
    limit: 'results',
    bound: LIMITS.results,
    module: (n) => wat(`(module (func (result ${many(n, 'i32')}) ${many(n, 'i32.const 0')}))`),
    reason: /results/,
  },
  {
    limit: 'locals',
    bound: LIMITS.locals,
    module: (n) => wat(`(module (func (param i64) (local ${many(n - 1, 'i32')})))`),
    reason: /locals/,
  },
  {
    // (16 + 2 locals) × (1 + branches)
    limit: 'mergesOfFunction',
    bound: 18 * 11,
    module: (n) => wat(`(module (func (param i32 i32) ${many(Math.ceil(n / 18) - 1, '(br 0)')}))`),
    reason: /control operators/,
  },
  {
    // The same: 16 + 1 operand, of one loop each (which weighs 16) and a conditional branch (3)
    limit: 'mergesOfModule',
    bound: 17 * 20 * 3,
    module: (n) => wat(`(module ${many(Math.ceil(n / 340), '(func (loop (br_if 0 (i32.const 0))))')})`),
    reason: /merges/,
  },
  {
    limit: 'brTableTargets',
    bound: LIMITS.brTableTargets,
    module: (n) => wat(`(module (func (param i32) (br_table ${many(n + 1, '0')} (local.get 0))))`),
    reason: /targets of a br_table/,
  },
  { limit: 'nesting', bound: LIMITS.nesting, module: (n) => functionOf(nested(n - 1)), reason: /nested/ },
  {
    limit: 'operands',
    bound: LIMITS.operands,
    module: (n) => wat(`(module (func ${many(n, 'i32.const 0')} ${many(n, 'drop')}))`),
    reason: /operands/,
  },
  {
    limit: 'tableEntries',
    bound: LIMITS.tableEntries,
    module: (n) => wat(`(module (table ${n} funcref))`),
    reason: /entries of a table/,
  },
  {
    limit: 'memoryPages',
    bound: LIMITS.memoryPages,
    module: (n) => wat(`(module (memory ${n}))`),
    reason: /pages of memory/,
  },
];

describe('limits', () => {
  for (const { limit, bound, module, reason } of LIMIT_CASES) {
    test(`${limit}: ${bound} is accepted, one more is refused`, () => {
      const limits = { ...LIMITS, [limit]: bound };
      const over = module(bound + 1);
      expect(prepare(module(bound), { limits }).measures[limit]).toBe(bound);
      const refusal = refusalOf(over, limits);
      expect(refusal.reason).toMatch(reason);
      expect(refusal.offset).toBeGreaterThanOrEqual(0);
      expect(refusal.offset).toBeLessThan(over.length);
      // The bound is what refuses it, and nothing else.
      expect(() => prepare(over, { limits: { ...limits, [limit]: bound * 4 } })).not.toThrow();
    });
  }

  test('every limit has its case', () => {
    const elsewhere = ['instrumentedRatio', 'instrumentedSlackBytes', 'stackUnits'];
    expect([...LIMIT_CASES.map(({ limit }) => limit), ...elsewhere].sort()).toEqual(Object.keys(LIMITS).sort());
  });

  test('instrumentedRatio and instrumentedSlackBytes bound the rewritten module together', () => {
    const code = wat(`(module (func (param i32) ${many(500, '(br_if 0 (local.get 0))')}))`);
    const size = prepare(code, { limits: { ...LIMITS, instrumentedRatio: 100 } }).instrumented.length;
    expect(size).toBeGreaterThan(code.length * 2);
    const slack = size - code.length;
    const { measures } = prepare(code, { limits: { ...LIMITS, instrumentedRatio: 1, instrumentedSlackBytes: slack } });
    expect(measures).toMatchObject({ instrumentedRatio: 1, instrumentedSlackBytes: slack });
    const refusal = refusalOf(code, { ...LIMITS, instrumentedRatio: 1, instrumentedSlackBytes: slack - 1 });
    expect(refusal).toMatchObject({
      offset: 0,
      reason: `${size} bytes once instrumented, at most ${size - 1} allowed`,
    });
  });

  test('instrumentation of a module that is refused for its size stops at the bound', () => {
    const functions = 50;
    const body = `(func (param i32) ${many(500, '(br_if 0 (local.get 0))')})`;
    const code = wat(`(module ${many(functions, body)})`);
    const whole = prepare(code, { limits: { ...LIMITS, instrumentedRatio: 100 } }).instrumented.length;
    const each = whole / functions;
    const bound = 10_000;
    const { reason } = refusalOf(code, { ...LIMITS, instrumentedRatio: 0, instrumentedSlackBytes: bound });
    const [, reached] = /^(\d+) bytes once instrumented, at most 10000 allowed$/.exec(reason) ?? [];
    // Where it stopped: after the function that exceeds the bound, far before the whole.
    expect(Number(reached)).toBeGreaterThan(bound);
    expect(Number(reached)).toBeLessThan(bound + 1.1 * each);
    expect(whole).toBeGreaterThan(10 * bound);
  });

  test('the memory can grow to the limit and not beyond, whatever it declares', () => {
    for (const memory of ['1', '1 65536', '1 1025']) {
      const module = prepare(
        wat(`(module (memory ${memory}) (func (export "f") (param i32) (result i32) (memory.grow (local.get 0))))`),
      );
      const grow = (pages: number): unknown => module.instantiate().call('f', [pages], { fuel: 10n ** 9n });
      expect(grow(1_023)).toMatchObject({ value: 1 });
      expect(grow(1_024)).toMatchObject({ value: 0xffffffff });
    }
    expect(prepare(wat('(module (memory 1 3))')).memoryPagesMax).toBe(3);
  });

  test("the chain's own limits are these, and a change of one is no oversight", () => {
    expect(LIMITS).toEqual({
      moduleBytes: 1_048_576,
      codeBytes: 614_400,
      bodyBytes: 49_152,
      types: 512,
      functions: 5_120,
      imports: 1_024,
      exports: 1_024,
      nameBytes: 512,
      globals: 1_024,
      dataSegments: 4_096,
      elementSegments: 1_024,
      params: 64,
      results: 16,
      locals: 1_024,
      mergesOfFunction: 393_216,
      mergesOfModule: 2_097_152,
      brTableTargets: 4_096,
      nesting: 512,
      operands: 1_024,
      tableEntries: 65_536,
      memoryPages: 1_024,
      instrumentedRatio: 4,
      instrumentedSlackBytes: 1_024,
      stackUnits: 32_768,
    });
  });

  test('stackUnits: a frame that just fits runs, one unit less does not', () => {
    const module = prepare(
      wat(`(module (func $f (export "f") (param i32)
      (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))))))`),
    );
    const run = (stack: number): string => module.instantiate().call('f', [9], { fuel: 10n ** 9n, stack }).outcome;
    const units = 12 + 1 + 1 + 2; // the frame itself, one parameter, which is a local too, two operands
    expect(run(10 * units)).toBe('returned');
    expect(run(10 * units - 1)).toBe('stackExhausted');
    expect(module.measures.stackUnits).toBe(units);
    const leaf = prepare(wat('(module (func (export "f") (local i64 i64)))'));
    expect(leaf.instantiate().call('f', [], { fuel: 10n ** 9n, stack: 14 }).outcome).toBe('returned');
    expect(leaf.instantiate().call('f', [], { fuel: 10n ** 9n, stack: 13 }).outcome).toBe('stackExhausted');
  });

  test('stackUnits: a callee has what its caller left it, whatever was called before', () => {
    // $down takes 16 units a frame: the frame's 12, one parameter, which is a local too, and two operands.
    const down = `(type $t (func (param i32))) (table 1 funcref) (elem (i32.const 0) $down)
      (func $down (type $t) (if (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1))))))`;
    const ways: [what: string, body: string, own: number][] = [
      ['once', '(call $down (i32.const 9))', 12 + 1],
      ['twice', '(call $down (i32.const 9)) (call $down (i32.const 9))', 12 + 1],
      [
        'in a loop',
        '(local i32) (loop (call $down (i32.const 9)) (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 5))))',
        12 + 1 + 2,
      ],
      [
        'indirectly',
        '(call_indirect (type $t) (i32.const 9) (i32.const 0)) (call_indirect (type $t) (i32.const 9) (i32.const 0))',
        12 + 2,
      ],
      ['by one that is called itself', '(call $twice) (call $twice)', 12 + 12 + 1],
    ];
    for (const [what, body, own] of ways) {
      const module = prepare(
        wat(`(module ${down} (func $twice (call $down (i32.const 9)) (call $down (i32.const 9)))
        (func (export "f") ${body}))`),
      );
      const run = (stack: number): string => module.instantiate().call('f', [], { fuel: 10n ** 9n, stack }).outcome;
      expect([what, run(10 * 16 + own), run(10 * 16 + own - 1)]).toEqual([what, 'returned', 'stackExhausted']);
    }
  });
});

function refusalOf(code: Uint8Array, limits: Limits = LIMITS): InvalidModule {
  try {
    prepare(code, { limits });
  } catch (error) {
    if (error instanceof InvalidModule) return error;
    throw error;
  }
  throw new Error('the module was accepted');
}
