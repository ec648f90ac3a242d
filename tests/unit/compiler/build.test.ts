// Checks of built modules, the custom sections, and the cache.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import wabt from 'wabt';
import { buildGuest, buildRuntime } from '../../../compiler/build.js';
import { check } from '../../../compiler/check.js';
import type { Compiled } from '../../../compiler/compile.js';
import { withSections } from '../../../compiler/sections.js';
import { hex, root } from './fixture.js';
import { Blob } from './host.js';

const tools = await wabt();
const wasmOf = (text: string, features = {}): Uint8Array =>
  Uint8Array.from(tools.parseWat('test.wat', text, features).toBinary({}).buffer);
const compiled = (text: string, exports: string[] = [], features = {}): Compiled => ({
  wasm: wasmOf(text, features),
  exports,
  generated: {},
  sources: [],
});
const BASE = '(memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 1024))';
const RUNTIME = { kind: 'runtime', imports: new Set(['ext_known']) } as const;

describe('a module is refused', () => {
  test('with a start function', async () => {
    await expect(check(compiled(`(module ${BASE} (func $f) (start $f))`), RUNTIME)).rejects.toThrow('start function');
  });

  test('without a required export', async () => {
    await expect(check(compiled(`(module ${BASE})`, ['Core_version']), RUNTIME)).rejects.toThrow(
      'does not export Core_version',
    );
    await expect(check(compiled('(module)'), RUNTIME)).rejects.toThrow('does not export memory, __heap_base');
  });

  test('with an import that the host does not have', async () => {
    const importing = (name: string): Compiled => compiled(`(module (import "env" "${name}" (func)) ${BASE})`);
    await expect(check(importing('ext_unknown'), RUNTIME)).rejects.toThrow("imports function 'env.ext_unknown'");
    await expect(check(importing('ext_known'), RUNTIME)).resolves.toBeUndefined();
  });

  test('with an instruction that is not of WebAssembly 1.0', async () => {
    const text = `(module ${BASE} (func (export "f") (param i32) (result i32) local.get 0 i32.extend8_s))`;
    await expect(check(compiled(text, [], { sign_extension: true }), RUNTIME)).rejects.toThrow();
    await expect(check(compiled(text, [], { sign_extension: true }), { kind: 'guest' })).resolves.toBeUndefined();
  });
});

test('the sections have the result of Core_version, the APIs separately', () => {
  // "a", "b", three u32, one API, transaction version 7, state version 1.
  const version =
    '\\04a\\04b' + '\\01\\00\\00\\00'.repeat(3) + '\\0412345678\\09\\00\\00\\00' + '\\07\\00\\00\\00' + '\\01';
  const module = wasmOf(`(module ${BASE} (data (i32.const 16) "${version}")
    (func (export "Core_version") (param i32 i32) (result i64) i64.const ${(34n << 32n) | 16n}))`);
  const built = new WebAssembly.Module(withSections(module) as Uint8Array<ArrayBuffer>);
  const section = (name: string): string =>
    Buffer.from(WebAssembly.Module.customSections(built, name)[0]!).toString('hex');
  expect(section('runtime_apis')).toBe(`${Buffer.from('12345678').toString('hex')}09000000`);
  expect(section('runtime_version')).toBe(`04610462${'01000000'.repeat(3)}000700000001`);
});

describe('the cache', () => {
  // A copy of a small program's files, so that its sources can be changed.
  const copy = join(root, 'build/test/cache');
  const source = join(copy, 'program.ts');
  const outFile = 'program.wasm';
  const program = (answer: number): string => `import { Bytes } from './assembly/scale';
    @api("Program", 1) export class Program { static answer(of_: Bytes): u32 { return ${answer} + of_.length; } }`;
  const build = (variant: 'debug' | 'release' = 'debug'): Promise<string> =>
    buildRuntime(copy, { variant, entry: 'program.ts', outFile, log: null });
  const made = (): number => statSync(join(copy, outFile)).mtimeMs;

  beforeAll(() => {
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy, { recursive: true });
    for (const part of ['rt', 'scale', 'primitives', 'io', 'frame'])
      cpSync(join(root, 'assembly', part), join(copy, 'assembly', part), { recursive: true });
    for (const path of ['node_modules', 'asconfig.json']) symlinkSync(join(root, path), join(copy, path));
    writeFileSync(source, program(1));
  });

  test('builds missing blobs, and nothing twice', async () => {
    await build();
    const first = made();
    await build();
    expect(made()).toBe(first);
  });

  test('builds again when a source has changed, or the variant', async () => {
    await build();
    const before = readFileSync(join(copy, outFile));
    writeFileSync(source, program(2));
    await build();
    const after = readFileSync(join(copy, outFile));
    expect(Buffer.compare(before, after)).not.toBe(0);
    await build('release');
    expect(readFileSync(join(copy, outFile)).length).toBeLessThan(after.length);
  });

  test('keeps the old module if the program does not compile', async () => {
    await build();
    const before = made();
    writeFileSync(source, program(2).replace('u32', 'Mystery'));
    await expect(build()).rejects.toThrow("unknown type 'Mystery'");
    expect(made()).toBe(before);
    writeFileSync(source, program(2));
  });

  test("a guest exports its entry points in Substrate's convention, and plain functions unchanged", async () => {
    mkdirSync(join(copy, 'guests/sdk'), { recursive: true });
    writeFileSync(
      join(copy, 'guests/sdk/abort.ts'),
      'export function abort(a: string | null, b: string | null, c: u32, d: u32): void { unreachable(); }',
    );
    writeFileSync(
      join(copy, 'guest.ts'),
      `import { Bytes } from './assembly/scale';
      // @ts-ignore: decorator on a function
      @entry() export function refine(payload: Bytes): Bytes { return payload; }
      export function plain(number: i32): i32 { return number + 1; }`,
    );
    const path = await buildGuest(copy, 'guest.ts', 'guest.wasm', null);
    const module = new WebAssembly.Module(readFileSync(path));
    expect(
      WebAssembly.Module.exports(module)
        .map((each) => each.name)
        .sort(),
    ).toEqual(['__heap_base', 'memory', 'plain', 'refine']);
    expect(WebAssembly.Module.imports(module).map((each) => each.name)).toEqual(['ext_allocator_malloc_version_1']);
    const guest = new Blob(readFileSync(path));
    expect(hex(guest.call('refine', Uint8Array.of(0x08, 7, 9)))).toBe('0x080709');

    // With names the code is the same, followed by a custom section.
    const bare = readFileSync(path);
    const named = readFileSync(await buildGuest(copy, 'guest.ts', 'guest.named.wasm', null, true));
    expect(WebAssembly.Module.customSections(module, 'name')).toEqual([]);
    const [names] = WebAssembly.Module.customSections(new WebAssembly.Module(named), 'name');
    expect(Buffer.from(names!).toString()).toContain('assembly/scale');
    expect(Buffer.compare(named.subarray(0, bare.length), bare)).toBe(0);
  });
});
