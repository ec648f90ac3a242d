// A WebAssembly module that computes in the field of 2^255 − 19 and on the curve edwards25519, generated here, byte by byte.
//
// Integers of JavaScript take about four times as long. A number is ten limbs, of 26 and 25 bits in turn, as in the
// reference implementation of Ed25519 ("ref10"): limb i counts 2^⌈25.5 · i⌉. Limbs are signed, and kept as i64, so that a sum
// of ten products fits. Where no sum of more than three numbers is multiplied, none overflows (ref10 proves it).
//
// The functions take addresses. All time depends on the numbers: for what is public only.

/** Bytes of a number in memory. */
export const NUMBER_BYTES = 80;
const LIMBS = 10;
const limbBits = (index: number): number => (index % 2 === 0 ? 26 : 25);

/** Addresses of the numbers that the module's functions use themselves. */
export const ACCUMULATOR = [0, 1, 2, 3].map((index) => index * NUMBER_BYTES) as unknown as readonly [
  x: number,
  y: number,
  z: number,
  t: number,
];
const SCRATCH = [4, 5, 6, 7, 8].map((index) => index * NUMBER_BYTES);
/** The first address that they leave to others. */
export const FREE = 9 * NUMBER_BYTES;

/** The functions of the module. */
export interface EdwardsFunctions {
  readonly memory: WebAssembly.Memory;
  /** to = left · right; any of them may be the same. */
  multiply(to: number, left: number, right: number): void;
  add(to: number, left: number, right: number): void;
  subtract(to: number, left: number, right: number): void;
  /** to = from^(2^times); `times` is at least 1. */
  square(to: number, from: number, times: number): void;
  /** Doubles the point (X : Y : Z : T) in the accumulator, X · Y = Z · T. */
  double(): void;
  /** Adds to it the point whose Y + X, Y − X, Z and 2 · d · T are here. */
  addPoint(from: number): void;
  subtractPoint(from: number): void;
}

const I32 = 0x7f;
const I64 = 0x7e;
const EMPTY = 0x40;
const OP = {
  loop: 0x03,
  end: 0x0b,
  brIf: 0x0d,
  call: 0x10,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  i64Load: 0x29,
  i64Store: 0x37,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Sub: 0x6b,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64Shl: 0x86,
  i64ShrS: 0x87,
} as const;

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** Signed LEB128 of a number that is not negative. */
function constant(value: number): number[] {
  return value < 0x40 ? [value] : [(value % 0x80) | 0x80, ...constant(Math.floor(value / 0x80))];
}

const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const section = (id: number, items: readonly (readonly number[])[]): number[] => [
  id,
  ...sized([...unsigned(items.length), ...items.flat()]),
];
const name = (text: string): number[] => sized([...text].map((letter) => letter.charCodeAt(0)));

const range = Array.from({ length: LIMBS }, (_, index) => index);

/** The body of a function: its locals of 64 bits and its code. `parameters`: how many it has, which are its first locals. */
class Body {
  readonly #code: number[] = [];
  #locals: number;

  constructor(readonly parameters: number) {
    this.#locals = parameters;
  }

  local(): number {
    return this.#locals++;
  }

  emit(...code: readonly number[]): this {
    this.#code.push(...code);
    return this;
  }

  get(index: number): this {
    return this.emit(OP.get, ...unsigned(index));
  }

  set(index: number): this {
    return this.emit(OP.set, ...unsigned(index));
  }

  number(value: number): this {
    return this.emit(OP.i64Const, ...constant(value));
  }

  /** A new local that is `local` times `factor`. */
  times(local: number, factor: number): number {
    const product = this.local();
    this.get(local).number(factor).emit(OP.i64Mul).set(product);
    return product;
  }

  /** New locals with the limbs of the number whose address is in the local `address`. */
  load(address: number): number[] {
    return range.map((index) => {
      const limb = this.local();
      this.get(address)
        .emit(OP.i64Load, 3, ...unsigned(8 * index))
        .set(limb);
      return limb;
    });
  }

  store(address: number, limbs: readonly number[]): void {
    limbs.forEach((limb, index) => {
      this.get(address)
        .get(limb)
        .emit(OP.i64Store, 3, ...unsigned(8 * index));
    });
  }

  finish(): number[] {
    const locals = this.#locals - this.parameters;
    return sized([...(locals === 0 ? [0] : [1, ...unsigned(locals), I64]), ...this.#code, OP.end]);
  }
}

/** Brings sums of products back to limbs of their size, rounded to the nearest. */
function carry(body: Body, limbs: readonly number[]): void {
  const carried = body.local();
  for (const index of [0, 4, 1, 5, 2, 6, 3, 7, 4, 8, 9, 0]) {
    const bits = limbBits(index);
    const [limb, next] = [limbs[index]!, limbs[(index + 1) % LIMBS]!];
    body
      .get(limb)
      .number(2 ** (bits - 1))
      .emit(OP.i64Add);
    body.number(bits).emit(OP.i64ShrS, OP.tee, ...unsigned(carried));
    if (index === LIMBS - 1) body.number(19).emit(OP.i64Mul);
    body.get(next).emit(OP.i64Add).set(next);
    body.get(limb).get(carried).number(bits).emit(OP.i64Shl, OP.i64Sub).set(limb);
  }
}

/**
 * Sums of products for each limb of the result, and their carries. `factor` returns the locals whose product is that of two
 * limbs: 2 · left · right where both have 25 bits, and 19 times that where the sum of their places is beyond the last.
 */
function products(body: Body, pairs: (place: number) => readonly (readonly [left: number, right: number])[]): number[] {
  const sums = range.map((place) => {
    pairs(place).forEach(([left, right], index) => {
      body.get(left).get(right).emit(OP.i64Mul);
      if (index > 0) body.emit(OP.i64Add);
    });
    const sum = body.local();
    body.set(sum);
    return sum;
  });
  carry(body, sums);
  return sums;
}

/** Locals with multiples of limbs, each computed once. */
class Multiples {
  readonly #known = new Map<string, number>();

  constructor(
    readonly body: Body,
    readonly limbs: readonly number[],
  ) {}

  /** All that `products` needs are made before its first sum. */
  of(index: number, factor: number): number {
    if (factor === 1) return this.limbs[index]!;
    const key = `${index} ${factor}`;
    let local = this.#known.get(key);
    if (local === undefined) this.#known.set(key, (local = this.body.times(this.limbs[index]!, factor)));
    return local;
  }
}

/** What the product of the limbs `i` and `j` counts in the limb of the result. */
const weight = (i: number, j: number): number => (i % 2 === 1 && j % 2 === 1 ? 2 : 1) * (i + j >= LIMBS ? 19 : 1);

function multiplication(): number[] {
  const body = new Body(3);
  const left = body.load(1);
  const right = new Multiples(body, body.load(2));
  const pairs = range.map((place) =>
    range.map((i) => {
      const j = (place - i + LIMBS) % LIMBS;
      return [left[i]!, right.of(j, weight(i, j))] as const;
    }),
  );
  body.store(
    0,
    products(body, (place) => pairs[place]!),
  );
  return body.finish();
}

/** Squares `times` times: the limbs stay in locals. */
function squaring(): number[] {
  const body = new Body(3);
  const limbs = body.load(1);
  body.emit(OP.loop, EMPTY);
  const multiples = new Multiples(body, limbs);
  const pairs = range.map((place) =>
    range.flatMap((i) => {
      const j = (place - i + LIMBS) % LIMBS;
      if (i > j) return [];
      // Each pair of two different limbs is there twice.
      return i === j
        ? [[limbs[i]!, multiples.of(i, weight(i, i))] as const]
        : [[multiples.of(i, 2), multiples.of(j, weight(i, j))] as const];
    }),
  );
  const squared = products(body, (place) => pairs[place]!);
  squared.forEach((limb, index) => body.get(limb).set(limbs[index]!));
  body.get(2).emit(OP.i32Const, 1, OP.i32Sub, OP.tee, 2, OP.brIf, 0, OP.end);
  body.store(0, limbs);
  return body.finish();
}

function sum(op: number): number[] {
  const body = new Body(3);
  const [left, right] = [body.load(1), body.load(2)];
  range.forEach((index) => {
    body.get(left[index]!).get(right[index]!).emit(op).set(left[index]!);
  });
  body.store(0, left);
  return body.finish();
}

/** Indices of the functions, in the order of the module. */
const FUNCTION = { multiply: 0, add: 1, subtract: 2, square: 3, double: 4, addPoint: 5, subtractPoint: 6 } as const;

type Step = readonly ['multiply' | 'add' | 'subtract' | 'square', to: number, left: number, right: Operand];
/** An address (of `square`: how often), or a place in the point whose address is the function's argument. */
type Operand = number | { readonly place: number };

function steps(parameters: number, list: readonly Step[]): number[] {
  const body = new Body(parameters);
  for (const [operation, to, left, right] of list) {
    for (const address of [to, left]) body.emit(OP.i32Const, ...constant(address));
    if (typeof right === 'number') body.emit(OP.i32Const, ...constant(right));
    else body.get(0).emit(OP.i32Const, ...constant(right.place * NUMBER_BYTES), 0x6a); // i32.add
    body.emit(OP.call, FUNCTION[operation]);
  }
  return body.finish();
}

const [X, Y, Z, T] = ACCUMULATOR;
const [A, B, C, D, E] = SCRATCH as [number, number, number, number, number];

/** From the completed point ((A : C), (B : D)), as ref10 calls it: x = A / C, y = B / D. */
const completed = (a: number, b: number, c: number, d: number): Step[] => [
  ['multiply', X, a, d],
  ['multiply', Y, b, c],
  ['multiply', Z, c, d],
  ['multiply', T, a, b],
];

/** "dbl-2008-hwcd" for a = −1. */
const DOUBLE: Step[] = [
  ['square', A, X, 1],
  ['square', B, Y, 1],
  ['add', C, Z, Z],
  ['multiply', C, Z, C],
  ['add', D, X, Y],
  ['square', D, D, 1],
  ['add', E, B, A],
  ['subtract', B, B, A],
  ['subtract', A, D, E],
  ['subtract', C, C, B],
  ...completed(A, E, B, C),
];

/** "add-2008-hwcd-3"; the opposite of a point has Y + X and Y − X the other way round, and the opposite of T. */
const addition = (negative: boolean): Step[] => [
  ['add', A, Y, X],
  ['subtract', B, Y, X],
  ['multiply', A, A, { place: negative ? 1 : 0 }],
  ['multiply', B, B, { place: negative ? 0 : 1 }],
  ['multiply', C, T, { place: 3 }],
  ['multiply', D, Z, { place: 2 }],
  ['add', D, D, D],
  ['add', E, A, B],
  ['subtract', A, A, B],
  [negative ? 'subtract' : 'add', B, D, C],
  [negative ? 'add' : 'subtract', C, D, C],
  ...completed(A, E, B, C),
];

/** The functions, with a memory of one page. */
export function edwardsFunctions(): EdwardsFunctions {
  const type = (parameters: number): number[] => [0x60, ...sized(new Array<number>(parameters).fill(I32)), 0];
  const bodies = [
    multiplication(),
    sum(OP.i64Add),
    sum(OP.i64Sub),
    squaring(),
    steps(0, DOUBLE),
    steps(1, addition(false)),
    steps(1, addition(true)),
  ];
  const exports = Object.entries(FUNCTION).map(([key, index]) => [...name(key), 0, index]);
  const bytes = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [type(3), type(0), type(1)]),
    ...section(3, [[0], [0], [0], [0], [1], [2], [2]]),
    ...section(5, [[1, 1, 1]]),
    ...section(7, [...exports, [...name('memory'), 2, 0]]),
    ...section(10, bodies),
  ]);
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as EdwardsFunctions;
}
