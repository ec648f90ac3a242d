// Compile bombs: the most that the limits admit of what V8's compilers find expensive, each family filled to its limit.
//
//   node build/js/bench/vm-bombs.js       prints what preparing and compiling each costs, in both compilers
//
// The measure that counts is a child that compiles everything at once (`--no-wasm-lazy-compilation`), since V8 otherwise
// puts off what is never called. `tests/unit/vm/bombs.test.ts` refuses what is over the limits fast.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InvalidModule, prepare } from '../host/vm/index.js';
import { rawModule } from './vm-raw.js';
import type { RawFunction } from './vm-raw.js';

const I32 = 0x7f;
const I64 = 0x7e;
const repeat = (count: number, piece: readonly number[]): number[] => {
  const out: number[] = [];
  for (let left = Math.max(0, Math.floor(count)); left > 0; left -= 1) for (const byte of piece) out.push(byte);
  return out;
};
const functionsOf = (count: number, code: readonly number[], locals: RawFunction['locals'] = [], type = 0): RawFunction[] =>
  Array.from({ length: Math.floor(count) }, () => ({ type, locals, code }));
const local = (index: number): number[] => (index < 128 ? [index] : [(index & 127) | 128, index >> 7]);
/** `if` over local 0 that assigns a local: a merge of everything. */
const assigningIf = (index: number): number[] => [0x20, 0, 0x04, 0x40, 0x42, 1, 0x21, ...local(index), 0x0b];

/** Stores of `count` locals, so that no compiler may forget them. */
const storing = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => [0x20, 0, 0x20, ...local(first + i), 0x37, 3, 0]).flat();

export interface Bomb {
  readonly name: string;
  /** Builds it as large as `scale` asks; 1 fills the limits. */
  readonly build: (scale?: number) => Uint8Array;
}

export const BOMBS: readonly Bomb[] = [
  {
    name: 'locals × ifs, each assigning another local, all of them used',
    build: (scale = 1) => rawModule({
      memoryPages: 1,
      functions: functionsOf(4, [
        ...Array.from({ length: 1000 * scale }, (_, i) => assigningIf(1 + (i % 1000))).flat(), ...storing(1, 1000),
      ], [[1, I32], [1002, I64]]),
    }),
  },
  {
    name: 'few locals, as many ifs as a body holds',
    build: (scale = 1) => rawModule({
      functions: functionsOf(8 * scale, repeat(13_000, [0x20, 0, 0x04, 0x40, 0x0b]), [[1, I32], [20, I64]]),
    }),
  },
  {
    name: 'operands × ifs',
    build: (scale = 1) => rawModule({
      functions: functionsOf(4, [
        ...repeat(1000, [0x20, 1]), ...repeat(980 * scale, [0x20, 0, 0x04, 0x40, 0x42, 1, 0x21, 1, 0x0b]), ...repeat(1000, [0x1a]),
      ], [[1, I32], [1, I64]]),
    }),
  },
  {
    name: 'br_tables over deep nests',
    build: (scale = 1) => rawModule({
      functions: functionsOf(4, [
        ...repeat(500, [0x02, 0x40]),
        ...repeat(6 * scale, [
          0x02, 0x40, 0x20, 0, 0x0e, 0xff, 0x1f, ...Array.from({ length: 4096 }, (_, i) => (i * 7) % 127), 0x0b,
        ]),
        ...repeat(500, [0x0b]),
      ], [[1, I32], [16, I64]]),
    }),
  },
  {
    name: 'loops in loops, all locals assigned in the innermost',
    build: (scale = 1) => rawModule({
      memoryPages: 1,
      functions: functionsOf(4, [
        ...repeat(59 * scale, [0x03, 0x40]), ...Array.from({ length: 1000 }, (_, i) => [0x42, 1, 0x21, ...local(1 + i)]).flat(),
        ...repeat(59 * scale, [0x20, 0, 0x0d, 0, 0x0b]), ...storing(1, 1000),
      ], [[1, I32], [1000, I64]]),
    }),
  },
  {
    name: 'loads in a straight line',
    build: (scale = 1) => rawModule({
      memoryPages: 1, functions: functionsOf(15 * scale, repeat(7_000, [0x20, 0, 0x28, 2, 0x10, 0x21, 0]), [[1, I32]]),
    }),
  },
  {
    name: 'dependent arithmetic over a thousand live values',
    build: (scale = 1) => rawModule({
      memoryPages: 1,
      functions: functionsOf(14 * scale, [...Array.from({ length: 5_500 }, (_, i) => (
        [0x20, ...local(1 + ((i * 7) % 999)), 0x20, ...local(1 + ((i * 13) % 997)), 0x7c, 0x21, ...local(1 + (i % 1000))]
      )).flat(), ...storing(1, 1000)], [[1, I32], [1000, I64]]),
    }),
  },
  {
    name: 'empty functions with a thousand locals',
    build: (scale = 1) => rawModule({ functions: functionsOf(4_000 * scale, [], [[1_020, I64]]) }),
  },
  {
    name: 'empty functions',
    build: (scale = 1) => rawModule({ functions: functionsOf(14_000 * scale, [0x01, 0x01]) }),
  },
  {
    name: 'calls with sixteen results into calls with sixteen parameters',
    build: (scale = 1) => rawModule({
      types: [[[], []], [[], Array<number>(16).fill(I64)], [Array<number>(16).fill(I64), []]],
      functions: [
        { type: 1, locals: [], code: repeat(16, [0x42, 1]) }, { type: 2, locals: [], code: [] },
        ...functionsOf(4 * scale, repeat(4_500, [0x10, 0, 0x10, 1])),
      ],
    }),
  },
  {
    name: 'indirect calls',
    build: (scale = 1) => rawModule({ table: [0], functions: functionsOf(5 * scale, repeat(5_500, [0x41, 0, 0x11, 0, 0])) }),
  },
  {
    name: 'divisions',
    build: (scale = 1) => rawModule({ functions: functionsOf(15 * scale, repeat(8_000, [0x20, 0, 0x20, 1, 0x7f, 0x21, 0]), [[2, I64]]) }),
  },
  {
    name: 'blocks with results, branched out of from everywhere',
    build: (scale = 1) => rawModule({
      types: [[[], []], [[], Array<number>(16).fill(I64)]],
      functions: functionsOf(15 * scale, [
        ...repeat(400, [0x02, 1]),
        ...repeat(16, [0x42, 1]), ...Array.from({ length: 6_000 }, (_, i) => [0x20, 0, 0x0d, ...local(i % 400)]).flat(),
        ...repeat(400, [0x0b]), ...repeat(16, [0x1a]),
      ], [[1, I32], [1, I64]]),
    }),
  },
  {
    name: 'bulk operations and growth',
    build: (scale = 1) => rawModule({
      memoryPages: 1, functions: functionsOf(15 * scale, repeat(3_000, [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 11, 0, 0x41, 0, 0x40, 0, 0x1a])),
    }),
  },
];

const FLAGS = {
  lazy: [],
  baseline: ['--no-wasm-lazy-compilation', '--liftoff', '--liftoff-only'],
  optimizing: ['--no-wasm-lazy-compilation', '--no-liftoff', '--no-wasm-tier-up'],
};

/** In a child: prepares one bomb and prints the processor time that took, over all threads, and the memory it added. */
function child(index: number): void {
  const code = BOMBS[index]!.build();
  prepare(rawModule({ functions: functionsOf(1, [0x01]) })); // the VM itself is warm
  const before = process.resourceUsage().maxRSS;
  const started = process.cpuUsage();
  let size = 0;
  let refusal = '';
  try {
    size = prepare(code).instrumented.length;
  } catch (error) {
    if (!(error instanceof InvalidModule)) throw error;
    refusal = error.message;
  }
  const { user, system } = process.cpuUsage(started);
  const result = { code: code.length, size, refusal, ms: (user + system) / 1000, rss: (process.resourceUsage().maxRSS - before) / 1024 };
  process.stdout.write(JSON.stringify(result));
}

function main(): void {
  const own = fileURLToPath(import.meta.url);
  console.log('bomb'.padEnd(64), 'kB'.padStart(6), 'x'.padStart(5), ...Object.keys(FLAGS).map((mode) => `${mode} ms / MB`.padStart(22)));
  BOMBS.forEach(({ name }, index) => {
    const row = Object.values(FLAGS).map((flags) => {
      const out = execFileSync(process.execPath, [...flags, own, String(index)], { encoding: 'utf8' });
      return JSON.parse(out) as { code: number; size: number; refusal: string; ms: number; rss: number };
    });
    const [{ code, size, refusal }] = row as [(typeof row)[number]];
    console.log(name.padEnd(64), (code / 1000).toFixed(0).padStart(6), (size / code).toFixed(1).padStart(5),
      ...row.map(({ ms, rss }) => `${ms.toFixed(0)} / ${rss.toFixed(0)}`.padStart(22)), refusal);
  });
}

const [, , index] = process.argv;
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (index === undefined) main();
  else child(Number(index));
}
