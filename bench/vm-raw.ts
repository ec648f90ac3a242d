// Modules built byte by byte, for benches and tests for which a text format is too slow, too large or too strict.

/** Unsigned LEB128. */
export function leb(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...leb(Math.floor(value / 128))];
}

/** The magic number and version of a module. */
export const HEADER: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** A vector: the number of items, then the items. */
export function vector(items: readonly (readonly number[])[]): number[] {
  const out = leb(items.length);
  for (const item of items) for (const byte of item) out.push(byte);
  return out;
}

/** A section: id, size, content. */
export function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length)].concat(content);
}

/** One function of a raw module. */
export interface RawFunction {
  /** Index into the module's types. */
  readonly type: number;
  /** Groups of locals: count and type. */
  readonly locals: readonly (readonly [count: number, type: number])[];
  /** Instructions, the final `end` left out. */
  readonly code: readonly number[];
}

export interface RawModule {
  /** Parameters and results of each type; only () -> () by default. */
  readonly types?: readonly (readonly [params: readonly number[], results: readonly number[]])[];
  readonly memoryPages?: number;
  /** Functions in a table, from its first entry on. */
  readonly table?: readonly number[];
  /** So many mutable i64 globals, and so many passive data segments of one byte. */
  readonly globals?: number;
  readonly data?: number;
  /** So many imports of `ext_misc_print_num_version_1`, whose type is the last; they come before the functions. */
  readonly imports?: number;
  /** So many exports of function 0 besides `f`. */
  readonly aliases?: number;
  /** So many element segments, each of function 0 at entry 0; there must be a table. */
  readonly elements?: number;
  /** So many data segments of one byte at address 0; there must be a memory. */
  readonly activeData?: number;
  /** So many custom sections without a name. */
  readonly customs?: number;
  /** Export every function by its index, and put every function into the table. */
  readonly exportAll?: boolean;
  readonly tableAll?: boolean;
  readonly functions: readonly RawFunction[];
}

const utf8 = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const named = (name: string): number[] => [...leb(name.length), ...utf8(name)];
const PRINT_NUM = (type: number): number[] => [
  ...named('env'),
  ...named('ext_misc_print_num_version_1'),
  0,
  ...leb(type),
];
/** A number below 26 ** 4 as four letters. */
const letters = (index: number): number[] => [17_576, 676, 26, 1].map((place) => 97 + (Math.floor(index / place) % 26));

/** The binary; function 0 is exported as `f`. */
export function rawModule({
  types = [[[], []]],
  memoryPages,
  globals = 0,
  data = 0,
  imports = 0,
  aliases = 0,
  elements = 0,
  activeData = 0,
  customs = 0,
  functions,
  ...more
}: RawModule): Uint8Array {
  const table = more.tableAll === true ? functions.map((_, index) => index) : more.table;
  const exported = more.exportAll === true ? functions.map((_, index) => index) : [];
  const body = ({ locals, code }: RawFunction): number[] => {
    const inner = vector(locals.map(([count, type]) => [...leb(count), type])).concat(code, 0x0b);
    return leb(inner.length).concat(inner);
  };
  // Functions of a bomb share their code: it is written once.
  const written = new Map<readonly number[], number[]>();
  const bodies = functions.map((own) => {
    const known = written.get(own.code) ?? body(own);
    written.set(own.code, known);
    return known;
  });
  return Uint8Array.from(
    HEADER.concat(
      section(
        1,
        vector(
          types.map(([params, results]) => [
            0x60,
            ...leb(params.length),
            ...params,
            ...leb(results.length),
            ...results,
          ]),
        ),
      ),
      imports === 0 ? [] : section(2, vector(Array<number[]>(imports).fill(PRINT_NUM(types.length - 1)))),
      section(3, vector(functions.map(({ type }) => leb(type)))),
      table === undefined ? [] : section(4, [1, 0x70, 0, ...leb(table.length)]),
      memoryPages === undefined ? [] : section(5, [1, 0, ...leb(memoryPages)]),
      globals === 0 ? [] : section(6, vector(Array<number[]>(globals).fill([0x7e, 1, 0x42, 0, 0x0b]))),
      section(
        7,
        vector([
          [1, 0x66, 0, 0],
          ...Array.from({ length: aliases }, (_, index) => [4, ...letters(index), 0, 0]),
          ...exported.map((index) => {
            const digits = [...String(index)].map((digit) => digit.charCodeAt(0));
            return [digits.length, ...digits, 0, ...leb(index)];
          }),
        ]),
      ),
      table === undefined
        ? []
        : section(
            9,
            vector([
              [0, 0x41, 0, 0x0b, ...vector(table.map(leb))],
              ...Array<number[]>(elements).fill([0, 0x41, 0, 0x0b, 1, 0]),
            ]),
          ),
      data === 0 ? [] : section(12, leb(data)),
      section(10, vector(bodies)),
      data === 0 ? [] : section(11, vector(Array<number[]>(data).fill([1, 1, 0]))),
      activeData === 0 ? [] : section(11, vector(Array<number[]>(activeData).fill([0, 0x41, 0, 0x0b, 1, 0]))),
      Array<number[]>(customs)
        .fill(section(0, [0]))
        .flat(),
    ),
  );
}

/** A module whose only function, exported as `f`, is of type () -> (). */
export function functionOf(code: readonly number[], locals: RawFunction['locals'] = []): Uint8Array {
  return rawModule({ functions: [{ type: 0, locals, code }] });
}
