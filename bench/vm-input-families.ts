// Bad input: byte strings of a chosen size that must not cost much time. Most are well formed for as long as possible
// and broken in their last bytes, so that every pass has read all of them before one refuses. Others are valid and odd.
// Compile bombs are in vm-bomb-families.ts.
import { LIMITS } from '../host/vm/index.js';
import { BOMBS, fill } from './vm-bomb-families.js';
import { HEADER, leb, rawModule, section, vector } from './vm-raw.js';
import type { RawFunction, RawModule } from './vm-raw.js';

export interface Input {
  readonly name: string;
  /** About so many bytes, less where a limit of the VM ends it before. */
  readonly build: (bytes: number) => Uint8Array;
  /** Why it is refused; a valid module, however odd, without. */
  readonly refusal?: RegExp;
  /** It is refused where it is broken: in its last part. */
  readonly late?: boolean;
}

/** The size that the figures are for: near the limit. */
export const INPUT_BYTES = LIMITS.moduleBytes - 4_096;

const I32 = 0x7f;
const I64 = 0x7e;
const F64 = 0x7c;
const BODY_BYTES = LIMITS.bodyBytes - 4_096;
/** What is left for another body is for the last, which is broken. */
const CODE_BYTES = LIMITS.codeBytes - LIMITS.bodyBytes;
const DROP = 0x1a;

/** Numbers of a fixed sequence: the same bytes on every machine. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >>> 16;
  };
}

const randomBytes = (bytes: number, next = sequence(7)): number[] => Array.from({ length: bytes }, () => next() & 0xff);
const ascii = (text: string): number[] => [...leb(text.length), ...[...text].map((char) => char.charCodeAt(0))];

/** `piece` again and again, near `bytes` long. */
function repeated(piece: readonly number[], bytes: number): number[] {
  const out: number[] = [];
  while (out.length + piece.length <= bytes) for (const byte of piece) out.push(byte);
  return out;
}

/** A module of functions that hold `piece` again and again; the last one ends with `last`. */
function bodies(
  bytes: number,
  piece: readonly number[],
  last: readonly number[],
  locals: RawFunction['locals'] = [],
  module: Partial<RawModule> = {},
): Uint8Array {
  const full = { type: 0, locals, code: repeated(piece, Math.min(bytes, BODY_BYTES)) };
  const functions = Array.from({ length: Math.floor(Math.min(bytes, CODE_BYTES) / BODY_BYTES) }, () => full);
  return rawModule({ ...module, functions: [...functions, { type: 0, locals, code: last }] });
}

/** Sections as given, no more. */
const sections = (...parts: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(HEADER.concat(...parts));

/** So many functions of the first type with this code. */
const functionsOf = (count: number, code: readonly number[]): RawFunction[] =>
  Array<RawFunction>(count).fill({ type: 0, locals: [], code });

/** Ordinary straight code: (x * 42) ^ y. */
const STRAIGHT = [0x20, 0, 0x41, 42, 0x6c, 0x20, 1, 0x73, 0x21, 0];
const TWO: RawFunction['locals'] = [[2, I32]];
const ADD_OF_NOTHING = [0x6a];
const FLOAT = [0x44, 0, 0, 0, 0, 0, 0, 0, 0, DROP];

/** Names of 508 bytes that differ in their last. */
const longName = (index: number): number[] => ascii(`${'n'.repeat(500)}${String(index).padStart(8, '0')}`);

/** So many copies of an item. */
const copies = (count: number, item: readonly number[]): (readonly number[])[] =>
  Array<readonly number[]>(count).fill(item);

/** One type () -> (), one function of it, and its body: around sections that refer to them. */
const TYPE = section(1, [1, 0x60, 0, 0]);
const FUNCTION = section(3, [1, 0]);
const CODE = section(10, [1, 2, 0, 0x0b]);
const I64_GLOBAL = [I64, 0, 0x42, 0, 0x0b];

function exportsOf(bytes: number, last: readonly number[]): Uint8Array {
  const count = Math.min(LIMITS.exports - 1, Math.floor(bytes / 514));
  const items = Array.from({ length: count }, (_, index) => [...longName(index), 0, 0]);
  return sections(TYPE, FUNCTION, section(7, vector([...items, last])), CODE);
}

/** As many types as there may be, with sixteen results that differ late. */
const lateTypes = (): NonNullable<RawModule['types']> =>
  Array.from(
    { length: LIMITS.types },
    (_, index) =>
      [
        [],
        Array.from({ length: 16 }, (_bit, bit) => (bit >= 4 && ((index >> (bit - 4)) & 1) === 1 ? I32 : I64)),
      ] as const,
  );

/** `memory.init` of a data segment, with its operands. */
const init = (segment: number): number[] => [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 8, ...leb(segment), 0];

/**
 * Every function of this type calls itself, and the stack is counted in it: its body becomes a block of its results.
 */
const recursive =
  (type: number) =>
  (_: unknown, index: number): RawFunction => ({
    type,
    locals: [],
    code: [0x10, ...leb(index), ...Array<number>(9).fill(0x01)],
  });

export const INPUTS: readonly Input[] = [
  { name: 'random bytes', build: (bytes) => Uint8Array.from(randomBytes(bytes)), refusal: /not a WebAssembly module/ },
  { name: 'zeros', build: (bytes) => new Uint8Array(bytes), refusal: /not a WebAssembly module/ },
  {
    name: 'a header, then random bytes',
    build: (bytes) => sections(randomBytes(bytes)),
    refusal: /section|unexpected end/,
  },
  { name: 'a header, then zeros', build: (bytes) => sections(repeated([0], bytes)), refusal: /without a name/ },
  {
    name: 'too large, by a byte',
    refusal: /bytes of module/,
    build: () => sections(repeated([0, 1, 0], LIMITS.moduleBytes - 7)),
  },

  {
    name: 'custom sections, the last longer than it is',
    refusal: /unexpected end/,
    late: true,
    build: (bytes) => sections(repeated([0, 1, 0], bytes), [0, 0x7f]),
  },
  { name: 'custom sections, nothing else', build: (bytes) => sections(repeated([0, 1, 0], bytes)) },
  { name: 'one custom section', build: (bytes) => sections(section(0, [1, 0x61, ...repeated([0x55], bytes - 2)])) },
  {
    name: 'four billion types',
    refusal: /4294967295 types, at most/,
    build: (bytes) => sections(section(1, [...leb(2 ** 32 - 1), ...repeated([0x60, 0, 0], bytes - 9)])),
  },
  {
    name: 'types of as many parameters as there may be, the last of floats',
    refusal: /floats/,
    late: true,
    build: () => {
      const type = [0x60, ...leb(LIMITS.params), ...Array<number>(LIMITS.params).fill(I64), 0];
      return sections(section(1, vector([...copies(LIMITS.types - 1, type), [0x60, 1, F64, 0]])));
    },
  },
  {
    name: 'imports with long names, the last of a memory',
    refusal: /is not a function/,
    late: true,
    build: (bytes) => {
      const count = Math.min(LIMITS.imports - 1, Math.floor(bytes / 1_024));
      const items = Array.from({ length: count }, (_, index) => [...longName(index), ...longName(index), 0, 0]);
      return sections(TYPE, section(2, vector([...items, [...longName(0), ...longName(0), 2, 0, 1]])));
    },
  },
  { name: 'exports with long names that are alike', build: (bytes) => exportsOf(bytes, [1, 0x61, 0, 0]) },
  {
    name: 'exports with long names, the last as the first',
    build: (bytes) => exportsOf(bytes, [...longName(0), 0, 0]),
    refusal: /[Dd]uplicate export/,
  },
  {
    name: 'functions without bodies',
    refusal: /without bodies/,
    build: () => sections(TYPE, section(3, vector(copies(LIMITS.functions, [0])))),
  },
  {
    name: 'globals, the last a float',
    refusal: /floats/,
    late: true,
    build: () => sections(section(6, vector([...copies(LIMITS.globals - 1, I64_GLOBAL), [F64, 0, 0x42, 0, 0x0b]]))),
  },
  {
    name: 'elements, the last segment beyond the table',
    refusal: /does not fit the table/,
    late: true,
    build: (bytes) => {
      const entries = LIMITS.tableEntries;
      const segment = [0, 0x41, 0, 0x0b, ...leb(entries), ...Array<number>(entries).fill(0)];
      const lists = copies(Math.max(1, Math.floor(bytes / segment.length)), segment);
      const table = section(4, [1, 0x70, 0, ...leb(entries)]);
      return sections(TYPE, FUNCTION, table, section(9, vector([...lists, [0, 0x41, 1, 0x0b, ...leb(entries)]])), CODE);
    },
  },
  {
    name: 'data segments, the last beyond the memory',
    refusal: /does not fit the memory/,
    late: true,
    build: (bytes) => {
      const segment = [0, 0x41, 0, 0x0b, ...leb(250), ...Array<number>(250).fill(1)];
      const segments = copies(Math.min(LIMITS.dataSegments - 1, Math.floor(bytes / segment.length)), segment);
      return sections(section(5, [1, 0, 1]), section(11, vector([...segments, [0, 0x41, ...leb(65_536), 0x0b, 1, 0]])));
    },
  },
  {
    name: 'one data segment',
    build: (bytes) => {
      const memory = section(5, [1, 0, ...leb(Math.ceil(bytes / 65_536))]);
      return sections(memory, section(11, [1, 0, 0x41, 0, 0x0b, ...leb(bytes), ...repeated([1], bytes)]));
    },
  },

  { name: 'code', build: (bytes) => bodies(bytes, STRAIGHT, [], TWO) },
  {
    name: 'code whose last body is cut',
    refusal: /unexpected end/,
    build: (bytes) => bodies(bytes, STRAIGHT, [], TWO).slice(0, -1),
  },
  {
    name: 'code, its last operator unknown',
    refusal: /opcode 0xff/,
    late: true,
    build: (bytes) => bodies(bytes, STRAIGHT, [0xff], TWO),
  },
  {
    name: 'code, its last operator on floats',
    refusal: /floats/,
    late: true,
    build: (bytes) => bodies(bytes, STRAIGHT, FLOAT, TWO),
  },
  {
    name: 'code, its last operator without operands',
    refusal: /not enough arguments/,
    late: true,
    build: (bytes) => bodies(bytes, STRAIGHT, ADD_OF_NOTHING, TWO),
  },
  {
    name: 'numbers padded to five bytes, the last to six',
    refusal: /too long/,
    late: true,
    build: (bytes) =>
      bodies(bytes, [0x41, 0x80, 0x80, 0x80, 0x80, 0, DROP], [0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0, DROP]),
  },
  {
    name: 'code that is never reached, an operator of another type at its end',
    refusal: /expected type/,
    late: true,
    build: (bytes) => bodies(bytes, [0x00, ...STRAIGHT], [0x00, 0x41, 0, 0x7c, DROP], TWO),
  },
  {
    name: 'locals in groups of none, the last of floats',
    refusal: /floats/,
    late: true,
    build: (bytes) => {
      const none = Array.from({ length: 20_000 }, () => [0, I64] as const);
      const count = Math.floor(Math.min(bytes, CODE_BYTES) / 40_010);
      const functions = Array.from({ length: count }, () => ({ type: 0, locals: none, code: [] }));
      return rawModule({ functions: [...functions, { type: 0, locals: [[1, F64]], code: [] }] });
    },
  },
  {
    name: 'four billion locals',
    refusal: /more than \d+ locals/,
    build: () => rawModule({ functions: [{ type: 0, locals: [[2 ** 32 - 1, I64]], code: [] }] }),
  },
  {
    name: 'three hundred thousand nested blocks',
    refusal: /bytes of a function body/,
    build: (bytes) =>
      rawModule({ functions: [{ type: 0, locals: [], code: repeated([0x02, 0x40], Math.min(bytes, CODE_BYTES)) }] }),
  },
  {
    name: 'blocks nested as deep as may be, at last deeper',
    refusal: /nested blocks/,
    late: true,
    build: (bytes) => {
      const deep = 2 * (LIMITS.nesting - 1);
      const nest = [...repeated([0x02, 0x40], deep), ...repeated([0x0b], deep / 2), ...repeated([0x01], 2 * deep)];
      return bodies(bytes / 6, nest, repeated([0x02, 0x40], deep + 2));
    },
  },
  {
    name: 'code, then a branch table of four billion targets',
    refusal: /targets of a br_table/,
    late: true,
    build: (bytes) => bodies(bytes, STRAIGHT, [0x41, 0, 0x0e, ...leb(2 ** 32 - 1), 0], TWO),
  },
  {
    name: 'branch tables, more than may be',
    refusal: /too many|merges/,
    build: (bytes) => bodies(bytes, [0x41, 0, 0x0e, 0xff, 0x1f, ...Array<number>(4_096).fill(0)], [0xff]),
  },

  {
    name: 'as many functions as there may be',
    build: () => rawModule({ functions: functionsOf(LIMITS.functions, [0x10, 0]) }),
  },
  {
    name: 'as many functions as there may be, the last without operands',
    refusal: /not enough arguments/,
    late: true,
    build: () => {
      const functions = functionsOf(LIMITS.functions - 1, [0x10, 0]);
      return rawModule({ functions: [...functions, ...functionsOf(1, ADD_OF_NOTHING)] });
    },
  },
  {
    name: 'functions that call themselves, of the last of all types', // took half a second when each searched all types
    build: () => {
      const functions = Array.from({ length: LIMITS.functions / 2 }, recursive(LIMITS.types - 1));
      return rawModule({ types: lateTypes(), functions });
    },
  },
  {
    name: 'functions that call every other, the last without operands',
    refusal: /not enough arguments/,
    late: true,
    build: () => {
      const code = Array.from({ length: 250 }, (_, index) => [0x10, ...leb(index)]).flat();
      return rawModule({ functions: [...functionsOf(250, code), ...functionsOf(1, ADD_OF_NOTHING)] });
    },
  },
  {
    name: 'indirect calls of every type, the last function without operands',
    refusal: /not enough arguments/,
    late: true,
    build: () => {
      const types = lateTypes();
      const next = sequence(3);
      const call = (): number[] => [0x41, 0, 0x11, ...leb(next() % types.length), 0, ...Array<number>(16).fill(DROP)];
      const caller = (_: unknown, type: number): RawFunction => ({ type, locals: [], code: [...call(), 0x00] });
      const functions = Array.from({ length: LIMITS.types }, caller);
      return rawModule({
        types,
        tableAll: true,
        functions: [...functions, { type: 0, locals: [], code: ADD_OF_NOTHING }],
      });
    },
  },
  {
    name: 'memory.init of every data segment, the last of none',
    refusal: /no such data segment/,
    late: true,
    build: (bytes) => {
      const all = Array.from({ length: LIMITS.dataSegments }, (_, segment) => init(segment)).flat();
      return bodies(bytes / 3, all, init(LIMITS.dataSegments), [], { memoryPages: 1, data: LIMITS.dataSegments });
    },
  },
  {
    name: 'memory.init of every data segment',
    build: (bytes) => {
      const all = Array.from({ length: LIMITS.dataSegments }, (_, segment) => init(segment)).flat();
      return bodies(bytes / 3, all, [], [], { memoryPages: 1, data: LIMITS.dataSegments });
    },
  },
  ...[
    'blocks',
    'blocks that are branched out of',
    'ifs over no locals',
    'conditional branches',
    'small branch tables',
  ].map((name): Input => ({
    name: `${name}, as many as there may be, the last function without operands`,
    refusal: /not enough arguments/,
    late: true,
    build: () => {
      const bomb = BOMBS.find((family) => family.name === name)!;
      const { functions, pieces } = fill(bomb, LIMITS, 4);
      return bomb.build(functions - 1, pieces, { type: 0, locals: [], code: ADD_OF_NOTHING });
    },
  })),
];

/** What an author may put into a `name` section, which only tracing reads: subsections that overlap. */
export function overlappingNames(bytes: number): Uint8Array {
  const overlapping = [1, 0, 0xff, 0xff, 0, ...Array<number>(127).fill(0)]; // no bytes, then sixteen thousand names
  return Uint8Array.from([
    ...rawModule({ functions: [{ type: 0, locals: [], code: [] }] }),
    ...section(0, [...ascii('name'), ...repeated(overlapping, bytes)]),
  ]);
}
