// Random WebAssembly modules for differential fuzzing: types, imports, memory, table, globals and segments.
// `vm-body.ts` writes their functions. They are always valid, and need not terminate.
import { HEADER, leb, section, vector } from '../../bench/vm-raw.js';
import { writeBody } from './vm-body.js';
import type { Type } from './vm-dice.js';
import { constant, Dice, edge, I32, I64 } from './vm-dice.js';
import type { Shape, Signature } from './vm-shape.js';

/** Host functions that a module may import; `vm-host.ts` has what they do. */
const IMPORTS: readonly (readonly [name: string, signature: Signature])[] = [
  ['read', { params: [I32, I32], results: [I64] }],
  ['write', { params: [I32, I32], results: [] }],
  ['grow', { params: [I32], results: [I32] }],
  ['refuse', { params: [I32], results: [] }],
  ['charge', { params: [I64], results: [] }],
  ['mix', { params: [I64, I32, I64], results: [I32] }],
  ['wide', { params: [I32], results: [I64] }],
  ['nothing', { params: [], results: [] }],
];

export interface RandomModule {
  readonly code: Uint8Array;
  /** Exported functions and arguments to try. */
  readonly calls: readonly (readonly [entry: string, ...args: (number | bigint)[]])[];
}

/** The module of a seed. `hosted`: it may import the host functions of `vm-host.ts`. */
export function randomModule(seed: number, hosted = false): RandomModule {
  const generator = new Generator(new Dice(seed), hosted);
  return { code: generator.module(), calls: generator.calls() };
}

const text = (value: string): number[] => [...leb(value.length), ...Buffer.from(value)];

class Generator implements Shape {
  readonly signatures: Signature[] = [];
  readonly functions: number[] = [];
  readonly globals: { type: Type; mutable: boolean }[];
  readonly tableEntries: number;
  readonly dataSegments: number;
  readonly #imports: string[] = [];
  readonly #pages: number;

  readonly #dice: Dice;

  constructor(dice: Dice, hosted: boolean) {
    this.#dice = dice;
    for (const [name, signature] of IMPORTS) {
      if (!hosted || !dice.once(3)) continue;
      this.#imports.push(name);
      this.functions.push(this.typeOf(signature));
    }
    const shape = (): number => this.typeOf({ params: this.#types(3), results: this.#types(dice.once(4) ? 3 : 1) });
    const shapes = dice.many(1 + dice.roll(4), shape);
    for (let left = 1 + dice.roll(6); left > 0; left -= 1) this.functions.push(dice.pick(shapes));
    // A type twice: an indirect call compares structure, not index.
    if (dice.once(3)) this.signatures.push(dice.pick(this.signatures));
    this.globals = dice.many(dice.roll(5), () => ({ type: this.#type(), mutable: !dice.once(5) }));
    this.tableEntries = dice.roll(8);
    this.dataSegments = dice.roll(4);
    this.#pages = dice.pick([0, 1, 1, 1, 2]);
  }

  typeOf({ params, results }: Signature): number {
    const same = (left: readonly Type[], right: readonly Type[]): boolean => left.join() === right.join();
    const known = this.signatures.findIndex((type) => same(type.params, params) && same(type.results, results));
    return known >= 0 ? known : this.signatures.push({ params, results }) - 1;
  }

  #type(): Type {
    return this.#dice.pick([I32, I32, I64]);
  }

  #types(most: number): Type[] {
    return this.#dice.many(this.#dice.roll(most + 1), () => this.#type());
  }

  module(): Uint8Array {
    const dice = this.#dice;
    const start = dice.once(5) ? this.functions.push(this.typeOf({ params: [], results: [] })) - 1 : undefined;
    const imported = this.#imports.length;
    const defined = this.functions.slice(imported);
    const bodies = defined.map((type, index) =>
      writeBody(this, dice, this.signatures[type]!, index + imported === start),
    );
    const list = (items: readonly Type[]): number[] => vector(items.map((type) => [type]));
    const types = this.signatures.map(({ params, results }) => [0x60, ...list(params), ...list(results)]);
    const imports = this.#imports.map((name, index) => [
      ...text('env'),
      ...text(name),
      0,
      ...leb(this.functions[index]!),
    ]);
    const globals = this.globals.map(({ type, mutable }) => [
      type,
      mutable ? 1 : 0,
      ...constant(type, edge(dice, type)),
      0x0b,
    ]);
    const entries = leb(this.tableEntries);
    const exports = [
      [...text('memory'), 2, 0],
      ...this.functions.map((_, index) => [...text(`f${index}`), 0, ...leb(index)]).slice(dice.once(4) ? 0 : imported),
      ...this.globals.map((_, index) => [...text(`g${index}`), 3, ...leb(index)]),
    ];
    const most = dice.once(4) ? [0, this.#pages] : [1, this.#pages, ...leb(this.#pages + dice.roll(4))];
    return Uint8Array.from([
      ...HEADER,
      ...section(1, vector(types)),
      ...section(2, vector(imports)),
      ...section(3, vector(defined.map(leb))),
      ...section(4, [1, 0x70, ...(dice.once(2) ? [0, ...entries] : [1, ...entries, ...entries])]),
      ...section(5, [1, ...most]),
      ...section(6, vector(globals)),
      ...section(7, vector(exports)),
      ...(start === undefined ? [] : section(8, leb(start))),
      ...section(9, vector(this.#elements())),
      ...section(12, leb(this.dataSegments)),
      ...section(10, vector(bodies.map((body) => [...leb(body.length), ...body]))),
      ...section(11, vector(dice.many(this.dataSegments, (index) => this.#data(index)))),
    ]);
  }

  calls(): RandomModule['calls'] {
    const defined = this.functions.slice(this.#imports.length);
    return defined.flatMap((type, index) =>
      this.#dice.many(
        2,
        () =>
          [
            `f${index + this.#imports.length}`,
            ...this.signatures[type]!.params.map((param) => edge(this.#dice, param)),
          ] as const,
      ),
    );
  }

  /** Lists that fit the table, over one another and with holes between them: what no list fills stays null. */
  #elements(): number[][] {
    const { tableEntries } = this;
    const dice = this.#dice;
    return dice.many(dice.roll(3), () => {
      const offset = dice.roll(tableEntries + 1);
      const entries = dice.many(dice.roll(tableEntries - offset + 1), () => leb(dice.roll(this.functions.length)));
      return [0, ...constant(I32, offset), 0x0b, ...vector(entries)];
    });
  }

  #data(index: number): number[] {
    const dice = this.#dice;
    const bytes = vector(dice.many(dice.roll(20), () => [dice.roll(256)]));
    if (index % 2 === 1 || this.#pages === 0) return [1, ...bytes];
    return [0, ...constant(I32, dice.pick([0, 8, 1_000, 65_500])), 0x0b, ...bytes];
  }
}
