// Families of compile bombs: each repeats one thing that V8's compilers find expensive, in as many pieces and functions
// as the limits allow. The numbers are found by trying, so that the bombs fill any limits.
import { parse } from '../host/vm/format/parse.js';
import { plan, scan } from '../host/vm/metering/module-plan.js';
import { rewrite } from '../host/vm/metering/rewrite.js';
import { InvalidModule, LIMITS, SCHEDULE } from '../host/vm/index.js';
import type { Limits } from '../host/vm/index.js';
import { rawModule } from './vm-raw.js';
import type { RawFunction, RawModule } from './vm-raw.js';

const I32 = 0x7f;
const I64 = 0x7e;
const SIXTEEN = Array<number>(16).fill(I64);

/** What repeats, and what stands around it. */
interface Family {
  readonly name: string;
  /** What the module has beside the functions of the bomb; its functions come first. */
  readonly module?: Partial<RawModule>;
  readonly locals?: RawFunction['locals'];
  /** Code before and after the pieces, given their number. */
  readonly before?: (pieces: number) => number[];
  readonly piece: (index: number) => readonly number[];
  readonly after?: (pieces: number) => number[];
  /** Type of each function of the bomb, given its index. */
  readonly type?: (index: number) => number;
  /** The most pieces that make sense in one function. */
  readonly most?: number;
  /**
   * The optimizing compiler takes more than proportionally long over it; no limit that ordinary code passes prevents
   * that.
   */
  readonly superlinear?: boolean;
}

const repeat = (count: number, piece: readonly number[]): number[] =>
  Array<readonly number[]>(count).fill(piece).flat();
const local = (index: number): number[] => (index < 128 ? [index] : [(index & 127) | 128, index >> 7]);
/** Loads locals with values that no compiler can foresee, and stores them so that it must keep them. */
const loading = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => [0x20, 0, 0x29, 3, ...local(i), 0x21, ...local(first + i)]).flat();
const storing = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => [0x20, 0, 0x20, ...local(first + i), 0x37, 3, 0]).flat();
const many = {
  module: { memoryPages: 1 },
  locals: [
    [1, I32],
    [400, I64],
  ] as const,
  after: () => storing(1, 400),
};
/** A type for each index: no two have the same parameters. */
export const distinct = (count: number, params: number, results: number): NonNullable<RawModule['types']> =>
  Array.from(
    { length: count },
    (_, i) =>
      [
        Array.from({ length: params }, (_bit, bit) => (((i >> bit) & 1) === 1 ? I64 : I32)),
        Array<number>(results).fill(I32),
      ] as const,
  );

const FAMILIES: readonly Family[] = [
  {
    name: 'ifs over four hundred locals, each assigning another',
    ...many,
    piece: (i) => [0x20, 0, 0x04, 0x40, 0x42, 1, 0x21, ...local(1 + (i % 400)), 0x0b],
  },
  { name: 'blocks', piece: () => [0x02, 0x40, 0x0b] },
  { name: 'blocks that are branched out of', piece: () => [0x02, 0x40, 0x0c, 0, 0x0b] },
  {
    name: 'ifs over few locals',
    locals: [
      [1, I32],
      [20, I64],
    ],
    piece: () => [0x20, 0, 0x04, 0x40, 0x0b],
  },
  { name: 'ifs over no locals', piece: () => [0x41, 0, 0x04, 0x40, 0x0b] },
  {
    name: 'ifs and elses that assign',
    locals: [
      [1, I32],
      [4, I64],
    ],
    piece: (i) => [0x20, 0, 0x04, 0x40, 0x42, 1, 0x21, 1 + (i % 4), 0x05, 0x42, 2, 0x21, 1 + ((i + 1) % 4), 0x0b],
  },
  {
    name: 'ifs that assign what counts in the next',
    module: { memoryPages: 1 },
    locals: [
      [1, I32],
      [2, I64],
    ],
    before: () => loading(1, 2),
    piece: () => [0x20, 1, 0x50, 0x04, 0x40, 0x20, 2, 0x21, 1, 0x0b],
    after: () => storing(1, 2),
  },
  {
    name: 'ifs under a thousand operands',
    module: { memoryPages: 1 },
    locals: [
      [1, I32],
      [1, I64],
    ],
    before: () => repeat(1000, [0x20, 1]),
    piece: () => [0x20, 0, 0x04, 0x40, 0x42, 1, 0x21, 1, 0x0b],
    after: () => repeat(1000, [0x1a]),
  },
  { name: 'conditional branches', locals: [[1, I32]], piece: () => [0x20, 0, 0x0d, 0] },
  {
    name: 'branch tables over deep nests',
    locals: [
      [1, I32],
      [16, I64],
    ],
    most: 15,
    before: () => repeat(500, [0x02, 0x40]),
    piece: () => [
      0x02,
      0x40,
      0x20,
      0,
      0x0e,
      0xff,
      0x1f,
      ...Array.from({ length: 4096 }, (_, i) => (i * 7) % 127),
      0x0b,
    ],
    after: () => repeat(500, [0x0b]),
  },
  { name: 'small branch tables', locals: [[1, I32]], piece: () => [0x02, 0x40, 0x20, 0, 0x0e, 2, 0, 1, 0, 0x0b] },
  {
    name: 'loops in loops over four hundred locals',
    module: { memoryPages: 1 },
    locals: [
      [1, I32],
      [400, I64],
    ],
    most: 500,
    before: () => loading(1, 400),
    piece: () => [0x03, 0x40],
    after: (pieces) => [
      ...Array.from({ length: 400 }, (_, i) => [0x42, 1, 0x21, ...local(1 + i)]).flat(),
      ...repeat(pieces, [0x20, 0, 0x0d, 0, 0x0b]),
      ...storing(1, 400),
    ],
  },
  {
    name: 'loops in loops over few locals',
    locals: [
      [1, I32],
      [4, I64],
    ],
    most: 500,
    piece: () => [0x03, 0x40],
    after: (pieces) => [0x42, 1, 0x21, 1, ...repeat(pieces, [0x20, 0, 0x0d, 0, 0x0b])],
  },
  {
    name: 'loops behind loops',
    locals: [
      [1, I32],
      [4, I64],
    ],
    piece: () => [0x03, 0x40, 0x20, 0, 0x0d, 0, 0x0b],
  },
  { name: 'loops without ends', piece: () => [0x03, 0x40, 0x0b] },
  { name: 'loads', module: { memoryPages: 1 }, locals: [[1, I32]], piece: () => [0x20, 0, 0x28, 2, 0x10, 0x21, 0] },
  {
    name: 'loads, each of the last',
    module: { memoryPages: 1 },
    before: () => [0x41, 0],
    piece: () => [0x28, 2, 0],
    after: () => [0x1a],
  },
  {
    name: 'stores',
    module: { memoryPages: 1 },
    locals: [
      [1, I32],
      [1, I64],
    ],
    piece: () => [0x20, 0, 0x20, 1, 0x37, 3, 0],
  },
  {
    name: 'arithmetic over four hundred live values',
    ...many,
    before: () => loading(1, 400),
    piece: (i) => [
      0x20,
      ...local(1 + ((i * 7) % 399)),
      0x20,
      ...local(1 + ((i * 13) % 397)),
      0x7c,
      0x21,
      ...local(1 + (i % 400)),
    ],
  },
  {
    name: 'arithmetic over thirty live values',
    module: { memoryPages: 1 },
    locals: [
      [1, I32],
      [30, I64],
    ],
    before: () => loading(1, 30),
    piece: (i) => [0x20, 1 + ((i * 7) % 29), 0x20, 1 + ((i * 13) % 30), 0x7e, 0x21, 1 + (i % 30)],
    after: () => storing(1, 30),
  },
  {
    name: 'one-byte operators',
    module: { memoryPages: 1 },
    locals: [[1, I32]],
    before: () => [0x20, 0],
    piece: () => [0x68],
    after: () => [0x1a],
  },
  {
    name: 'conversions',
    module: { memoryPages: 1 },
    locals: [[1, I32]],
    before: () => [0x20, 0, 0x28, 2, 0],
    piece: () => [0xac, 0x7b, 0xa7, 0x69],
    after: () => [0x1a],
  },
  {
    name: 'selects',
    locals: [
      [1, I32],
      [2, I64],
    ],
    piece: () => [0x20, 1, 0x20, 2, 0x20, 0, 0x1b, 0x21, 1],
  },
  {
    name: 'signed remainders by one divisor',
    module: { memoryPages: 1 },
    locals: [
      [1, I32],
      [2, I64],
    ],
    before: () => loading(1, 2),
    piece: () => [0x20, 1, 0x20, 2, 0x81, 0x21, 1],
    after: () => storing(1, 2),
  },
  {
    name: 'signed remainders, each by the last',
    module: { memoryPages: 1 },
    locals: [
      [1, I32],
      [2, I64],
    ],
    before: () => loading(1, 2),
    piece: () => [0x20, 2, 0x20, 1, 0x81, 0x21, 1],
    after: () => storing(1, 2),
  },
  {
    name: 'divisions on the stack',
    module: { memoryPages: 1 },
    locals: [[1, I32]],
    before: () => [0x20, 0, 0x28, 2, 0, 0x22, 0],
    piece: () => [0x20, 0, 0x6f],
    after: () => [0x1a],
  },
  {
    name: 'counting up, and out where the count is zero',
    superlinear: true,
    module: { memoryPages: 1 },
    locals: [
      [1, I32],
      [1, I64],
    ],
    before: () => [...loading(1, 1), 0x02, 0x40],
    piece: () => [0x20, 1, 0x42, 1, 0x7c, 0x22, 1, 0x50, 0x0d, 0],
    after: () => [0x0b, ...storing(1, 1)],
  },
  {
    name: 'loads carried out of nests',
    superlinear: true,
    module: { memoryPages: 1 },
    locals: [
      [1, I32],
      [1, I64],
    ],
    before: () => repeat(127, [0x02, 0x40]),
    piece: (i) => [0x20, 0, 0x29, 3, 0, 0x22, 1, 0x50, 0x0d, (i * 7) % 127],
    after: () => [...repeat(127, [0x0b]), ...storing(1, 1)],
  },
  {
    name: 'a local made anew before each branch out',
    superlinear: true,
    most: 3_586,
    module: { memoryPages: 1 },
    locals: [[1, I32]],
    before: () => [0x02, 0x40],
    piece: () => [0x20, 0, 0x68, 0x22, 0, 0x0d, 0],
    after: () => [0x0b, 0x20, 0, 0x20, 0, 0x36, 2, 0],
  },
  {
    name: 'ifs of one condition, each calling',
    superlinear: true,
    module: { functions: [{ type: 0, locals: [], code: [] }], memoryPages: 1 },
    locals: [
      [1, I32],
      [1, I64],
    ],
    before: () => loading(1, 1),
    piece: () => [0x20, 1, 0x50, 0x04, 0x40, 0x10, 0, 0x0b],
  },
  { name: 'reads and writes of a global', module: { globals: 1 }, piece: () => [0x23, 0, 0x24, 0] },
  { name: 'empty functions', type: () => 0, most: 1, piece: () => [0x01] },
  { name: 'empty functions with a thousand locals', locals: [[1_020, I64]], most: 1, piece: () => [0x01] },
  { name: 'functions of a loop each', locals: [[1, I32]], most: 1, piece: () => [0x03, 0x40, 0x20, 0, 0x0d, 0, 0x0b] },
  {
    name: 'functions of a fill and a growth each',
    module: { memoryPages: 1 },
    most: 1,
    piece: () => [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 11, 0, 0x41, 0, 0x40, 0, 0x1a],
  },
  { name: 'calls of nothing', module: { functions: [{ type: 0, locals: [], code: [] }] }, piece: () => [0x10, 0] },
  {
    name: 'calls with one result into the next',
    module: {
      types: [
        [[], []],
        [[I32], [I32]],
      ],
      functions: [{ type: 1, locals: [], code: [0x20, 0] }],
    },
    before: () => [0x41, 0],
    piece: () => [0x10, 0],
    after: () => [0x1a],
  },
  {
    name: 'calls with sixteen results into sixteen parameters',
    module: {
      types: [
        [[], []],
        [[], SIXTEEN],
        [SIXTEEN, []],
      ],
      functions: [
        { type: 1, locals: [], code: repeat(16, [0x42, 1]) },
        { type: 2, locals: [], code: [] },
      ],
    },
    piece: () => [0x10, 0, 0x10, 1],
  },
  {
    name: 'calls with sixteen results, dropped',
    module: {
      types: [
        [[], []],
        [[], SIXTEEN],
      ],
      functions: [{ type: 1, locals: [], code: repeat(16, [0x42, 1]) }],
    },
    piece: () => [0x10, 0, ...Array<number>(16).fill(0x1a)],
  },
  {
    name: 'calls under four hundred values',
    ...many,
    before: () => loading(1, 400),
    piece: () => [0x10, 0],
    module: { memoryPages: 1, functions: [{ type: 0, locals: [], code: [] }] },
  },
  { name: 'indirect calls', module: { table: [0] }, piece: () => [0x41, 0, 0x11, 0, 0] },
  {
    name: 'indirect calls with sixteen results',
    module: {
      table: [0],
      types: [
        [[], []],
        [[], SIXTEEN],
        [SIXTEEN, []],
      ],
    },
    piece: () => [0x41, 0, 0x11, 1, 0, 0x41, 0, 0x11, 2, 0],
  },
  {
    name: 'blocks with sixteen results, branched out of',
    module: {
      types: [
        [[], []],
        [[], SIXTEEN],
      ],
    },
    locals: [[1, I32]],
    before: () => [...repeat(400, [0x02, 1]), ...repeat(16, [0x42, 1])],
    piece: (i) => [0x20, 0, 0x0d, ...local(i % 400)],
    after: () => [...repeat(400, [0x0b]), ...repeat(16, [0x1a])],
  },
  {
    name: 'ifs with sixteen results',
    module: {
      types: [
        [[], []],
        [[], SIXTEEN],
      ],
    },
    locals: [[1, I32]],
    piece: () => [
      0x20,
      0,
      0x04,
      1,
      ...repeat(16, [0x42, 1]),
      0x05,
      ...repeat(16, [0x42, 2]),
      0x0b,
      ...Array<number>(16).fill(0x1a),
    ],
  },
  { name: 'fills', module: { memoryPages: 1 }, piece: () => [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 11, 0] },
  { name: 'growth', module: { memoryPages: 1 }, piece: () => [0x41, 0, 0x40, 0, 0x1a] },
  { name: 'data.drop', module: { data: 1 }, piece: () => [0xfc, 9, 0] },
  { name: 'returns behind ifs', locals: [[1, I32]], piece: () => [0x20, 0, 0x04, 0x40, 0x0f, 0x0b] },
  {
    name: 'exports of as many types as there are',
    module: { types: distinct(LIMITS.types - 1, 64, 1), exportAll: true },
    most: 1,
    type: (index) => index % (LIMITS.types - 1),
    piece: () => [0x00],
  },
  {
    name: 'a table of as many types as there are',
    module: { types: distinct(LIMITS.types - 1, 16, 1), tableAll: true },
    most: 1,
    type: (index) => index % (LIMITS.types - 1),
    piece: () => [0x00],
  },
];

export interface Bomb {
  readonly name: string;
  /** The module with so many functions of so many pieces each, and perhaps another at the end. */
  readonly build: (functions: number, pieces: number, last?: RawFunction) => Uint8Array;
  /** The most pieces that may make sense in one function. */
  readonly most: number;
  /** See `Family.superlinear`. */
  readonly superlinear: boolean;
}

const BODY_BYTES = LIMITS.bodyBytes - 500;

function bombOf({
  name,
  module = {},
  locals = [],
  before,
  piece,
  after,
  type,
  most,
  superlinear = false,
}: Family): Bomb {
  const build = (functions: number, pieces: number, last?: RawFunction): Uint8Array => {
    const code = [...(before?.(pieces) ?? [])];
    for (let index = 0; index < pieces; index += 1) for (const byte of piece(index)) code.push(byte);
    for (const byte of after?.(pieces) ?? []) code.push(byte);
    const own = Array.from({ length: functions }, (_, index) => ({ type: type?.(index) ?? 0, locals, code }));
    return rawModule({
      ...module,
      functions: [...(module.functions ?? []), ...own, ...(last === undefined ? [] : [last])],
    });
  };
  return { name, build, most: most ?? Math.floor(BODY_BYTES / piece(0).length), superlinear };
}

/** Whether our own part of `prepare` accepts it. */
export function accepted(code: Uint8Array, limits: Limits): boolean {
  try {
    rewrite(plan(scan(parse(code, limits), limits, SCHEDULE)), limits, SCHEDULE);
    return true;
  } catch (error) {
    if (error instanceof InvalidModule) return false;
    throw error;
  }
}

/**
 * The largest number up to `most` that passes, within one part in 2 ** `precision`; 0 where none does. What passes is
 * taken to be without gaps.
 */
export function largest(most: number, precision: number, passes: (size: number) => boolean): number {
  let [low, high] = [0, most + 1];
  while (high - low > Math.max(1, low >> precision)) {
    const middle = (low + high) >> 1;
    if (passes(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** How much of a bomb fills the limits: pieces of one function first, then functions. */
export function fill(
  { build, most }: Bomb,
  limits: Limits = LIMITS,
  precision = 7,
): { functions: number; pieces: number } {
  const pieces = largest(most, precision, (count) => accepted(build(1, count), limits));
  // A module that is far too large is not built: its size follows from that of one function.
  const bytesOfOne = build(2, pieces).length - build(1, pieces).length;
  const functions = largest(
    limits.functions - 2,
    precision,
    (count) => count * bytesOfOne < 2 * limits.moduleBytes && accepted(build(count, pieces), limits),
  );
  return { functions, pieces };
}

export const BOMBS: readonly Bomb[] = FAMILIES.map(bombOf);
