// Prepared modules on disk: another process finds them, and damaged ones count as absent.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LIMITS, ModuleCache, ModuleFolder, prepare, PreparedModule, SCHEDULE } from '../../../host/vm/index.js';
import type { PrepareOptions } from '../../../host/vm/index.js';
import { wat } from './wat.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const base = mkdtempSync(join(tmpdir(), 'corejam-modules-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const text = (value: number): string => `(module (import "env" "double" (func $double (param i32) (result i32)))
  (memory (export "m") 1) (global (export "g") i32 (i32.const ${value}))
  (func $start (i32.store (i32.const 0) (i32.const 5))) (start $start)
  (func (export "f") (param i32) (result i32) (i32.add (i32.load (i32.const 0)) (call $double (local.get 0)))))`;
const code = (value: number): Uint8Array => wat(text(value));
const hash = (value: number): Uint8Array => new Uint8Array(32).fill(value);
const imports = {
  double: {
    params: ['i32'],
    results: ['i32'],
    price: { fixed: 9n, perByte: 0n },
    call: (_: unknown, n: unknown) => Number(n) * 2,
  },
} as const;
const never = (): never => {
  throw new Error('the code was asked for');
};

let path: string;
let folders = 0;
beforeEach(() => {
  path = join(base, String(folders++));
});

const folder = (bytesMax = 2 ** 20, options: PrepareOptions = {}): ModuleFolder =>
  new ModuleFolder(path, bytesMax, options);
const fresh = (options: PrepareOptions = {}): ModuleCache =>
  new ModuleCache(2 ** 20, options, folder(2 ** 20, options));
const got = (cache: ModuleCache, read = (): Uint8Array => code(1)): PreparedModule => {
  const module = cache.get(hash(1), read);
  if (!module.ok) throw module.error;
  return module.value;
};
const filesOf = (): string[] => readdirSync(path).map((name) => join(path, name));

describe('a folder of prepared modules', () => {
  test('gives another process the same module without its code: results, fuel, start function, facts', () => {
    fresh().get(hash(1), () => code(1));
    const kept = got(fresh(), never);
    const made = prepare(code(1));
    const run = (module: PreparedModule, fuel: bigint): unknown =>
      module.instantiate({ imports }).call('f', [20], { fuel });
    expect(run(kept, 10n ** 9n)).toMatchObject({ outcome: 'returned', value: 45 });
    for (const fuel of [0n, 100n, made.setupFuel, made.setupFuel + 30n, 10n ** 9n])
      expect(run(kept, fuel)).toEqual(run(made, fuel));
    expect(kept.facts).toEqual(made.facts);
    expect([...kept.instrumented]).toEqual([...made.instrumented]);
  });

  test.each<[string, (file: string) => void]>([
    [
      'a byte changed',
      (file) => {
        const bytes = readFileSync(file);
        bytes[bytes.length >> 1]! ^= 1;
        writeFileSync(file, bytes);
      },
    ],
    ['cut short', (file) => truncateSync(file, 40)],
    ['empty', (file) => truncateSync(file, 0)],
    ['something else', (file) => writeFileSync(file, 'x'.repeat(5_000))],
  ])('passes over a file that is %s, and has it written anew', (_, damage) => {
    fresh().get(hash(1), () => code(1));
    const [file] = filesOf();
    const good = readFileSync(file!);
    damage(file!);
    expect(folder().read(hash(1))).toBeUndefined();
    expect(got(fresh())).toBeInstanceOf(PreparedModule);
    expect(readFileSync(file!).equals(good)).toBe(true);
  });

  test.each<[string, PrepareOptions]>([
    ['schedule', { schedule: { ...SCHEDULE, operator: 2 } }],
    ['limits', { limits: { ...LIMITS, stackUnits: 100 } }],
    ['imports', { imports: { functions: { double: { params: ['i32'], results: ['i32'] } } } }],
  ])('does not use what was prepared with another %s', (_, options) => {
    fresh().get(hash(1), () => code(1));
    expect(folder(2 ** 20, options).read(hash(1))).toBeUndefined();
    expect(got(fresh(options))).toBeInstanceOf(PreparedModule);
    expect(filesOf()).toHaveLength(2);
  });

  test('accepts host functions as a policy, and identifies them by their types only', () => {
    fresh({ imports: { functions: imports } }).get(hash(1), () => code(1));
    const types = { double: { params: ['i32'], results: ['i32'] } } as const;
    expect(folder(2 ** 20, { imports: { functions: types } }).read(hash(1))).toBeInstanceOf(PreparedModule);
    expect(folder(2 ** 20, { imports: { functions: { ...types, more: types.double } } }).read(hash(1))).toBeUndefined();
  });

  test('keeps no refusal', () => {
    fresh().get(hash(1), () => Uint8Array.of(1));
    expect(filesOf()).toEqual([]);
  });

  test('removes the oldest, also what was left half written, and stays within its bound', () => {
    folder().write(hash(1), prepare(code(1)));
    const [first] = filesOf();
    const each = readFileSync(first!).length;
    const left = `${first!}.1234`;
    writeFileSync(left, new Uint8Array(each));
    for (const [index, file] of [left, first!].entries()) utimesSync(file, index + 1, index + 1);
    const bounded = folder(each * 3);
    for (const value of [2, 3, 4]) bounded.write(hash(value), prepare(code(value)));
    expect(filesOf().length).toBeLessThanOrEqual(3);
    expect(filesOf()).not.toContain(left);
    expect(folder().read(hash(1))).toBeUndefined();
    expect(folder().read(hash(4))).toBeInstanceOf(PreparedModule);
  });

  test('evicts no file of others, however large and old', () => {
    mkdirSync(path);
    const foreign = ['notes.txt', 'x.module', `${'0'.repeat(64)}-${'0'.repeat(32)}.module.bak`].map((name) =>
      join(path, name),
    );
    for (const file of foreign) {
      writeFileSync(file, new Uint8Array(100_000));
      utimesSync(file, 1, 1);
    }
    folder(1).write(hash(1), prepare(code(1)));
    expect(filesOf().sort()).toEqual(foreign.sort());
  });

  test('with a pipe in place of a file does not wait for its writer', () => {
    fresh().get(hash(1), () => code(1));
    const [file] = filesOf();
    rmSync(file!);
    execFileSync('mkfifo', [file!]);
    expect(got(fresh())).toBeInstanceOf(PreparedModule);
    expect(folder().read(hash(1))).toBeInstanceOf(PreparedModule); // the file has replaced the pipe
  });

  test('that has been removed does not prevent an answer', () => {
    const cache = fresh();
    rmSync(path, { recursive: true });
    expect(got(cache)).toBeInstanceOf(PreparedModule);
    mkdirSync(path);
    expect(filesOf()).toEqual([]);
  });

  // Permissions do not hold for root, so what can't be made, read or written here is below a file.
  test('that can be neither created, nor read, nor written does not prevent an answer', () => {
    writeFileSync(path, 'no folder');
    path = join(path, 'modules');
    expect(got(fresh())).toBeInstanceOf(PreparedModule);
    expect(existsSync(path)).toBe(false);
  });

  test('on a full disk keeps nothing, leaves nothing half written, and does not prevent an answer', () => {
    fresh().get(hash(1), () => code(1));
    const [file] = filesOf();
    rmSync(file!);
    symlinkSync('/dev/full', `${file!}.${process.pid}`); // where it is written aside: every write there finds no space
    expect(got(fresh())).toBeInstanceOf(PreparedModule);
    expect(filesOf()).toEqual([]);
  });

  test('with a folder in place of a file does not prevent an answer', () => {
    fresh().get(hash(1), () => code(1));
    const [file] = filesOf();
    rmSync(file!);
    mkdirSync(file!);
    expect(got(fresh())).toBeInstanceOf(PreparedModule);
    expect(filesOf()).toEqual([file]);
  });

  test('does not use what another version of a pass has prepared', () => {
    const copy = mkdtempSync(join(root, 'build/test-vm-'));
    try {
      const options = {
        entryPoints: ['host/vm/**/*.ts', 'host/bytes/*.ts', 'host/files/*.ts'],
        outdir: copy,
        outbase: 'host',
        logLevel: 'error',
      };
      const script = `import { buildSync } from 'esbuild'; buildSync(${JSON.stringify(options)});`;
      execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
      const write = (): void => {
        const vm = JSON.stringify(pathToFileURL(join(copy, 'vm/index.js')));
        const program = `import { ModuleFolder, prepare } from ${vm};
          new ModuleFolder(${JSON.stringify(path)}, 1e6).write(new Uint8Array(32), prepare(Uint8Array.from([${[...wat('(module)')]}])));`;
        execFileSync(process.execPath, ['--input-type=module', '--eval', program]);
      };
      write();
      write();
      expect(filesOf()).toHaveLength(1);
      for (const [index, file] of ['format/parse.js', 'metering/emit.js', 'running/facts.js'].entries()) {
        appendFileSync(join(copy, 'vm', file), '// another version\n');
        write();
        expect(filesOf()).toHaveLength(index + 2);
      }
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});
