// The decoder of the reference meter (`reference.ts`). It shares no code with host/vm, so the two must agree about the
// binary format independently. It trusts its input (wabt's output, or what V8 has validated) and keeps all of it.

/** One instruction; the operands are its immediates in order. */
export interface Instruction {
  readonly op: number;
  readonly a: number;
  readonly b: number;
  readonly wide: bigint;
  /** Targets of `br_table`, the default last. */
  readonly targets: readonly number[];
  /** Of `block`, `loop`, `if`: position of the matching `end` (of `else` too), of the `else` (or -1), and arities. */
  end: number;
  otherwise: number;
  readonly inputs: number;
  readonly outputs: number;
}

interface Signature {
  params: number[];
  results: number[];
}
export interface Code {
  type: number;
  locals: number[];
  body: Instruction[];
}
interface Segment {
  offset: number | undefined;
  bytes: Uint8Array;
}

export interface Decoded {
  bytes: number;
  types: Signature[];
  imports: { name: string; type: number }[];
  functionTypes: number[];
  tableEntries: number;
  memory: { min: number; max: number } | undefined;
  globals: (number | bigint)[];
  exports: Map<string, { kind: number; index: number }>;
  start: number | undefined;
  elements: { offset: number; functions: number[] }[];
  code: Code[];
  data: Segment[];
}

export function decode(bytes: Uint8Array): Decoded {
  let at = 8;
  const byte = (): number => bytes[at++]!;
  const wideSigned = (bits: bigint): bigint => {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const next = BigInt(byte());
      value |= (next & 127n) << shift;
      shift += 7n;
      if (next < 128n) return BigInt.asIntN(Number(bits), (next & 64n) !== 0n ? value - (1n << shift) : value);
    }
  };
  const unsigned = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const next = byte();
      value += (next % 128) * scale;
      scale *= 128;
      if (next < 128) return value;
    }
  };
  const many = <T>(read: () => T): T[] => Array.from({ length: unsigned() }, read);
  const name = (): string => {
    const length = unsigned();
    at += length;
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(at - length, at));
  };
  const constant = (): number | bigint => {
    const op = byte();
    const value = op === 0x41 ? Number(wideSigned(32n)) : wideSigned(64n);
    byte(); // end
    return value;
  };
  const range = (): { min: number; max: number } => {
    const bounded = byte() === 1;
    return { min: unsigned(), max: bounded ? unsigned() : 65_536 };
  };
  const module: Decoded = {
    bytes: bytes.length,
    types: [],
    imports: [],
    functionTypes: [],
    tableEntries: 0,
    memory: undefined,
    globals: [],
    exports: new Map(),
    start: undefined,
    elements: [],
    code: [],
    data: [],
  };

  function instruction(): Instruction {
    const op = byte();
    let [a, b, wide, inputs, outputs] = [0, 0, 0n, 0, 0];
    let targets: number[] = [];
    if (op === 0x02 || op === 0x03 || op === 0x04) {
      const type = Number(wideSigned(33n));
      if (type >= 0) [inputs, outputs] = [module.types[type]!.params.length, module.types[type]!.results.length];
      else if (type !== -64) outputs = 1;
    } else if ([0x0c, 0x0d, 0x10, 0x20, 0x21, 0x22, 0x23, 0x24].includes(op)) {
      a = unsigned();
    } else if (op === 0x0e) {
      targets = [...many(unsigned), unsigned()];
    } else if (op === 0x11) {
      [a, b] = [unsigned(), unsigned()];
    } else if (op >= 0x28 && op <= 0x3e) {
      [a, b] = [unsigned(), unsigned()]; // alignment, offset
    } else if (op === 0x3f || op === 0x40) {
      byte();
    } else if (op === 0x41) {
      a = Number(wideSigned(32n));
    } else if (op === 0x42) {
      wide = wideSigned(64n);
    } else if (op === 0xfc) {
      a = unsigned();
      if (a === 8 || a === 9) b = unsigned();
      at += a === 10 ? 2 : a === 9 ? 0 : 1;
    }
    return { op, a, b, wide, targets, end: -1, otherwise: -1, inputs, outputs };
  }

  /** Instructions up to the end of the body, with the positions of each block's `else` and `end`. */
  function body(until: number): Instruction[] {
    const all: Instruction[] = [];
    const open: Instruction[] = [];
    while (at < until) {
      const next = instruction();
      if (next.op === 0x05) open[open.length - 1]!.otherwise = all.length;
      if (next.op === 0x0b && open.length > 0) {
        const block = open.pop()!;
        block.end = all.length;
        if (block.otherwise >= 0) all[block.otherwise]!.end = all.length;
      }
      if (next.op === 0x02 || next.op === 0x03 || next.op === 0x04) open.push(next);
      all.push(next);
    }
    return all;
  }

  while (at < bytes.length) {
    const id = byte();
    const size = unsigned();
    const end = at + size;
    if (id === 1) {
      module.types = many(() => {
        byte();
        return { params: many(byte), results: many(byte) };
      });
    } else if (id === 2) {
      module.imports = many(() => {
        name();
        const label = name();
        byte();
        return { name: label, type: unsigned() };
      });
      module.functionTypes = module.imports.map(({ type }) => type);
    } else if (id === 3) {
      module.functionTypes.push(...many(unsigned));
    } else if (id === 4) {
      [module.tableEntries] = many(() => (byte(), range().min)) as [number];
    } else if (id === 5) {
      [module.memory] = many(range);
    } else if (id === 6) {
      module.globals = many(() => ((at += 2), constant()));
    } else if (id === 7) {
      many(() => module.exports.set(name(), { kind: byte(), index: unsigned() }));
    } else if (id === 8) {
      module.start = unsigned();
    } else if (id === 9) {
      module.elements = many(() => {
        const flag = unsigned();
        if (flag === 2) unsigned();
        const offset = constant() as number;
        if (flag === 2) byte();
        return { offset, functions: many(unsigned) };
      });
    } else if (id === 10) {
      const defined = module.functionTypes.slice(module.imports.length);
      let index = 0;
      module.code = many(() => {
        const until = unsigned() + at;
        const locals = many(() => ({ count: unsigned(), type: byte() })).flatMap(({ count, type }) =>
          Array<number>(count).fill(type),
        );
        return { type: defined[index++]!, locals, body: body(until) };
      });
    } else if (id === 11) {
      module.data = many(() => {
        const flag = unsigned();
        if (flag === 2) unsigned();
        const offset = flag === 1 ? undefined : (constant() as number);
        const length = unsigned();
        at += length;
        return { offset, bytes: bytes.slice(at - length, at) };
      });
    }
    at = end;
  }
  return module;
}
