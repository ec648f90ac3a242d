// Random modules by Binaryen: `wasm-opt --translate-to-fuzz`, in the package with which AssemblyScript compiles.
//
// Binaryen can't leave floats out, and no guest may have them, so each module is translated: an f32 becomes an i32, an
// f64 an i64, and every instruction on floats one on integers of the same shape. What remains is Binaryen's control
// flow, calls, tables, globals and segments, in a guest that the VM accepts and the reference understands. Floats
// themselves are tested by the specification's suite.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join as joinPath } from 'node:path';
import { promisify } from 'node:util';
import { leb } from '../../bench/vm-raw.js';
import type { Parts } from './vm-binary.js';
import { join, Reader, split } from './vm-binary.js';
import { Dice, I32, I64, signedLeb } from './vm-dice.js';

const FEATURES = [
  '--mvp-features',
  '--enable-multivalue',
  '--enable-bulk-memory',
  '--enable-bulk-memory-opt',
  '--enable-sign-ext',
  '--enable-mutable-globals',
];
/** Further arguments: one of these lists. */
const PASSES = [[], ['-O1'], ['--flatten'], ['--fuzz-passes']];
const run = promisify(execFile);

/** Where `wasm-opt` is; `undefined` where AssemblyScript came without it. */
export function wasmOpt(): string | undefined {
  const require = createRequire(import.meta.resolve('assemblyscript'));
  const path = joinPath(dirname(require.resolve('binaryen')), 'bin/wasm-opt');
  return existsSync(path) ? path : undefined;
}

/** The module of a seed, made by the `wasm-opt` at `tool` with files in `folder`. */
export async function binaryenModule(tool: string, folder: string, seed: number): Promise<Uint8Array> {
  const dice = new Dice(seed);
  const [input, output] = [joinPath(folder, `binaryen-${seed}.seed`), joinPath(folder, `binaryen-${seed}.wasm`)];
  mkdirSync(folder, { recursive: true });
  writeFileSync(input, Uint8Array.from(dice.many(dice.pick([500, 3_000, 12_000]), () => dice.roll(256))));
  try {
    await run(process.execPath, [tool, '--translate-to-fuzz', input, ...FEATURES, ...dice.pick(PASSES), '-o', output]);
    return withoutFloats(readFileSync(output));
  } finally {
    rmSync(input, { force: true });
    rmSync(output, { force: true });
  }
}

const TYPES: Readonly<Record<number, number>> = { 0x7d: I32, 0x7c: I64 };

/** For each instruction on floats, in rows of consecutive opcodes, one on integers that takes and gives the same. */
const ROWS: readonly (readonly [from: number, to: readonly number[]])[] = [
  [0x2a, [0x28, 0x29]], // loads
  [0x38, [0x36, 0x37]], // stores
  [0x5b, [0x46, 0x47, 0x48, 0x4a, 0x4c, 0x4e]], // f32 eq ne lt gt le ge
  [0x61, [0x51, 0x52, 0x53, 0x55, 0x57, 0x59]], // f64 the same
  [0x8b, [0x67, 0x68, 0x69, 0xc0, 0xc1, 0x45, 0x67]], // f32 unary
  [0x92, [0x6a, 0x6b, 0x6c, 0x77, 0x71, 0x72, 0x73]], // f32 binary
  [0x99, [0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4, 0x79]], // f64 unary
  [0xa0, [0x7c, 0x7d, 0x7e, 0x89, 0x83, 0x84, 0x85]], // f64 binary
  [0xa8, [0xc0, 0xc1, 0xa7, 0xa7]], // i32 truncated from f32, f64
  [0xae, [0xac, 0xad, 0xc3, 0xc4]], // i64 truncated from f32, f64
  [0xb2, [0xc0, 0xc1, 0xa7, 0xa7, 0xa7]], // f32 of i32, i64, f64
  [0xb7, [0xac, 0xad, 0xc2, 0xc3, 0xac]], // f64 of i32, i64, f32
  [0xbc, [0x01, 0x01, 0x01, 0x01]], // reinterpretations
];
const INTEGER = new Map(ROWS.flatMap(([from, to]) => to.map((op, index) => [from + index, op] as const)));

function instruction(bytes: readonly number[]): readonly number[] {
  const [op, first] = bytes as [number, number];
  if (op === 0x43) return [0x41, ...signedLeb(BigInt(new DataView(Uint8Array.from(bytes).buffer).getInt32(1, true)))];
  if (op === 0x44) return [0x42, ...signedLeb(new DataView(Uint8Array.from(bytes).buffer).getBigInt64(1, true))];
  if (op >= 0x02 && op <= 0x04) return [op, TYPES[first] ?? first, ...bytes.slice(2)];
  return [INTEGER.get(op) ?? op, ...bytes.slice(1)];
}

/** The same module with integers for floats, and all its imports from `env`. */
function withoutFloats(code: Uint8Array): Uint8Array {
  const parts = split(code);
  const content = (id: number, bytes: Uint8Array): Uint8Array =>
    id === 1 ? types(bytes) : id === 2 ? imports(bytes) : id === 6 ? globals(bytes) : bytes;
  return join({
    sections: parts.sections.map(({ id, content: bytes }) => ({ id, content: content(id, bytes) })),
    bodies: parts.bodies.map(({ locals, instructions }): Parts['bodies'][number] => ({
      locals: locals.map(([count, type]) => [count, TYPES[type] ?? type]),
      instructions: instructions.map(instruction),
    })),
  });
}

function types(bytes: Uint8Array): Uint8Array {
  const reader = new Reader(bytes);
  const some = (): number[] => {
    const given = reader.many(() => reader.byte());
    return [...leb(given.length), ...given.map((type) => TYPES[type] ?? type)];
  };
  const all = reader.many(() => [reader.byte(), ...some(), ...some()]);
  return Uint8Array.from([...leb(all.length), ...all.flat()]);
}

/** Functions only, as the features have it: Binaryen asks for its own, and now and then for one of Emscripten's. */
function imports(bytes: Uint8Array): Uint8Array {
  const reader = new Reader(bytes);
  const name = (): number[] => reader.many(() => reader.byte());
  const all = reader.many(() => {
    name();
    const own = name();
    return [3, 0x65, 0x6e, 0x76, ...leb(own.length), ...own, reader.byte(), ...leb(reader.number())];
  });
  return Uint8Array.from([...leb(all.length), ...all.flat()]);
}

function globals(bytes: Uint8Array): Uint8Array {
  const reader = new Reader(bytes);
  const all = reader.many(() => {
    const [type, mutable] = [reader.byte(), reader.byte()];
    const start = reader.at;
    const size = { 0x43: 5, 0x44: 9 }[bytes[start]!];
    if (size === undefined) {
      reader.at += 1;
      reader.pass();
    } else {
      reader.at += size;
    }
    return [TYPES[type] ?? type, mutable, ...instruction([...bytes.subarray(start, reader.at)]), reader.byte()];
  });
  return Uint8Array.from([...leb(all.length), ...all.flat()]);
}
