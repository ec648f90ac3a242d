// The package as a dependant gets it: which files are packed, that they suffice, and what its `exports` give to a program.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from '../../host/vm/index.js';
import { wat } from './vm/wat.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A dependant's program: strict, without the DOM's types; the declarations of its dependencies are checked too. */
const CONSUMER = `import { FUEL_PS, InvalidModule, ModuleCache, prepare } from 'corejam/vm';
import { Pool } from 'corejam/processes';
import type { CallResult, HostFunction, Trace } from 'corejam/vm';
import { buildPackage, classKey, signPackage } from 'corejam/packages';
import type { Signer, SignedPackage } from 'corejam/packages';
const nothing: HostFunction = { params: ['i32'], results: [], price: { fixed: 180n, perByte: 0n }, call: (context) => void context.fuelLeft() };
export function run(code: Uint8Array): CallResult | Trace | undefined {
  try {
    const guest = prepare(code, { imports: { functions: { nothing } }, trace: true }).instantiate({ imports: { nothing } });
    return guest.trace() ?? guest.call('f', [1, 2n], { fuel: 10n ** 9n / BigInt(FUEL_PS) });
  } catch (error) {
    if (error instanceof InvalidModule) console.error(error.reason, error.offset);
    return undefined;
  }
}
export const pool: Pool = new Pool({ job: new URL('file:///job.mjs'), size: 1, wallClockMs: 1, memoryMiB: 64 });
export const cache: ModuleCache = new ModuleCache(1 << 20);
export const packageOf = (owner: Signer): SignedPackage => signPackage(buildPackage([{ class: 1, payload: classKey(Uint8Array.of()) }], Uint8Array.of()), owner);
// @ts-expect-error fuel is a bigint
export const wrong = run(Uint8Array.of())?.fuelUsed === prepare(Uint8Array.of()).instantiate().call('f', [], { fuel: 1 });
`;

test('the declarations that are packed are what a strict program can compile against', () => {
  const folder = mkdtempSync(join(tmpdir(), 'corejam-types-'));
  try {
    const own = join(folder, 'node_modules/corejam');
    const tsc = (...args: string[]): string => {
      const { status, stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...args], {
        encoding: 'utf8',
      });
      return status === 0 ? '' : stdout;
    };
    expect(tsc('-p', join(root, 'tsconfig.package.json'), '--outDir', join(own, 'build/js'))).toBe('');
    cpSync(join(root, 'package.json'), join(own, 'package.json'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    expect(
      tsc(
        '--noEmit',
        '--strict',
        '--target',
        'ES2022',
        '--lib',
        'ES2023',
        '--module',
        'NodeNext',
        '--types',
        'node',
        '--typeRoots',
        join(root, 'node_modules/@types'),
        join(folder, 'consumer.ts'),
      ),
    ).toBe('');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('corejam/vm prepares, runs and traces by either compiler, and uses the same fuel as here', () => {
  const code = wat('(module (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))');
  const script = `import { prepare } from 'corejam/vm';
    for (const compiler of ['tiers', 'baseline']) {
      const guest = prepare(Uint8Array.of(${code.join()}), { compiler, trace: true }).instantiate();
      const { outcome, value, fuelUsed } = guest.call('f', [41], { fuel: 10n ** 9n });
      console.log([outcome, value, fuelUsed, guest.trace().functions[0].name].join(" "));
    }`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    encoding: 'utf8',
  });
  const { fuelUsed } = prepare(code)
    .instantiate()
    .call('f', [41], { fuel: 10n ** 9n });
  expect(printed).toBe(`returned 42 ${fuelUsed} f\n`.repeat(2));
});

describe('the package that npm packs', () => {
  interface Manifest {
    bin: Record<string, string>;
    exports: Record<string, { default: string }>;
    dependencies: Record<string, string>;
  }
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  let packed: string[];
  let folder: string;
  let installed: string;

  beforeAll(() => {
    const npm = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' });
    const parsed = JSON.parse(npm.stdout) as Record<string, unknown>;
    // A list, or (npm 11.19 and later) one object.
    const [{ files }] = [parsed].flat() as [{ files: { path: string }[] }];
    packed = files.map(({ path }) => path);
    folder = mkdtempSync(join(tmpdir(), 'corejam-installed-'));
    installed = join(folder, 'node_modules/corejam');
    for (const path of packed) cpSync(join(root, path), join(installed, path));
    symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('has what it runs on, its sources and its documents', () => {
    const entries = Object.values(manifest.exports).map((entry) => entry.default);
    const needed = [
      ...[...Object.values(manifest.bin), ...entries].map((path) => path.replace('./', '')),
      'build/runtime.wasm',
      'build/guests/signature.wasm',
      'build/guests/ordering.wasm',
      'assembly/runtime.ts',
      'guests/sdk/index.ts',
      'chain-spec/schema.json',
      ...['dev', 'local'].flatMap((name) => ['', '.plain', '.raw'].map((form) => `chain-spec/${name}${form}.json`)),
      'docs/spec.md',
      'README.md',
      'CHANGELOG.md',
    ];
    expect(packed).toEqual(expect.arrayContaining(needed));
  });

  test('has nothing that only this repository needs', () => {
    const wrong =
      /^(tests|bench|scripts|node_modules|\.)|^build\/js\/bench|^build\/runtime\.debug|\.cache\.json$|\.named\.wasm$/;
    expect(packed.filter((path) => wrong.test(path))).toEqual([]);
  });

  test('imports every dependency, and nothing else', () => {
    const imported = packed
      .filter((path) => path.startsWith('build/js/') && path.endsWith('.js'))
      .flatMap((path) => [
        ...readFileSync(join(root, path), 'utf8').matchAll(
          /^(?:import|export)\b[^"';]*?["']([^."'][^"']*)["']|\bimport\(["']([^."'][^"']*)["']\)/gm,
        ),
      ])
      .map(([, fixed, dynamic]) => (fixed ?? dynamic)!)
      .filter((name) => !isBuiltin(name))
      .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
    imported.push('assemblyscript'); // which compiler/asc.ts imports by a name in a variable
    expect([...new Set(imported)].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });

  test('works when it is installed: the command line and every entry', () => {
    const run = (...args: string[]): string =>
      execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 24 });
    const bin = join(installed, manifest.bin.corejam!);
    expect(JSON.parse(run(bin, 'build-spec'))).toMatchObject({ id: 'corejam-dev' });
    expect(JSON.parse(run(bin, 'build-spec', '--chain', 'local'))).toMatchObject({ id: 'corejam-local' });
    expect(run(bin, 'inspect', join(installed, 'build/guests/signature.wasm'))).toContain('a guest, accepted');
    const names = Object.keys(manifest.exports).map((path) => path.replace('.', 'corejam'));
    expect(names).toEqual(['corejam/packages', 'corejam/processes', 'corejam/vm']);
    const script = names.map((name) => `console.log(Object.keys(await import('${name}')).length > 0);`).join('');
    expect(run('--input-type=module', '--eval', script)).toBe('true\n'.repeat(names.length));
  });
});
