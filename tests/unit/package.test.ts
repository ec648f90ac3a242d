// `corejam/vm` and `corejam/packages`, as whoever depends on the package imports them: what was built, by the package's own
// `exports`.
import { expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from '../../host/vm/index.js';
import { wat } from './vm/wat.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A program of somebody else's: strict, without a page's types, and its dependencies' declarations are checked too. */
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
