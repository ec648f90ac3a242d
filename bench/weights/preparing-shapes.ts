// Modules that repeat one thing which is no instruction: functions, types, globals, segments, names. Compile bombs, which
// repeat instructions, are those of vm-bomb-families.ts.
import type { Limits } from '../../host/vm/index.js';
import { accepted, distinct, largest } from '../vm-bomb-families.js';
import { rawModule, type RawFunction, type RawModule } from '../vm-raw.js';

const I32 = 0x7f;
const I64 = 0x7e;

interface Shape {
  readonly name: string;
  readonly build: (count: number) => Uint8Array;
}

const NOTHING: RawFunction = { type: 0, locals: [], code: [] };
const shape = (name: string, repeated: (count: number) => Partial<RawModule>): Shape => ({
  name,
  build: (count) => rawModule({ functions: [NOTHING], ...repeated(count) }),
});
const times = <T>(count: number, item: T): T[] => Array<T>(count).fill(item);
/** Functions of as many types as there are functions, up to `types`. */
const typed = (count: number, types: number, params: number): Partial<RawModule> => ({
  types: distinct(types, params, 0),
  functions: Array.from({ length: count }, (_, index) => ({ type: index % types, locals: [], code: [] })),
});

export const SHAPES: readonly Shape[] = [
  shape('empty functions', (count) => ({ functions: times(count, NOTHING) })),
  shape('empty functions in a table', (count) => ({ functions: times(count, NOTHING), tableAll: true })),
  shape('functions of one of 32 types each', (count) => typed(count, 32, 5)),
  shape('functions of one of 32 types each, in a table', (count) => ({ ...typed(count, 32, 5), tableAll: true })),
  shape('functions of one of 512 types each, in a table', (count) => ({ ...typed(count, 511, 9), tableAll: true })),
  shape('functions with a constant', (count) => ({ functions: times(count, { ...NOTHING, code: [0x41, 0, 0x1a] }) })),
  shape('types', (count) => ({ types: distinct(count, 9, 0) })),
  shape('types of 64 parameters', (count) => ({ types: distinct(count, 64, 0) })),
  shape('globals', (globals) => ({ globals })),
  shape('elements of a table', (count) => ({ table: times(count, 0) })),
  shape('segments of elements', (elements) => ({ table: [0], elements })),
  shape('groups of no locals', (count) => ({ functions: [{ ...NOTHING, locals: times(count, [0, I32] as const) }] })),
  shape('groups of one local', (count) => ({
    functions: times(Math.ceil(count / 1_000), {
      ...NOTHING,
      locals: times(Math.min(count, 1_000), [1, I64] as const),
    }),
  })),
  shape('exports', (aliases) => ({ aliases })),
  shape('imports', (imports) => ({
    imports,
    types: [
      [[], []],
      [[I64], []],
    ],
    functions: [NOTHING],
  })),
  shape('passive segments of data', (data) => ({ data })),
  shape('active segments of data', (activeData) => ({ activeData, memoryPages: 1 })),
  shape('custom sections', (customs) => ({ customs })),
];

/** The largest module of a shape within these limits. */
export function filled({ build }: Shape, limits: Limits): Uint8Array {
  return build(
    largest(
      limits.moduleBytes,
      7,
      (count) => count > 0 && isShort(build, count, limits) && accepted(build(count), limits),
    ),
  );
}

/** Whether a module of `count` may be within the length, by that of a smaller one: one that is far too long is not built. */
function isShort(build: Shape['build'], count: number, { moduleBytes }: Limits): boolean {
  const bytesOfOne = (build(33).length - build(1).length) / 32;
  return count * bytesOfOne <= 2 * moduleBytes;
}
