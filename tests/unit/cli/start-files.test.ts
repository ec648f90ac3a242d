// What a node loads when it starts: each file costs half a millisecond.
import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { ROOT } from '../../../bench/root.js';

/** The files, of the sources and of dependencies, that `entry` imports, however indirectly. */
function filesOf(entry: string): string[] {
  const options = {
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    external: ['lmdb', '@typeberry/native'], // native code
    logLevel: 'warning',
  };
  // In a process of its own, as in tests/unit/bundle.ts.
  const script = `import { buildSync } from 'esbuild';
    console.log(JSON.stringify(Object.keys(buildSync(${JSON.stringify(options)}).metafile.inputs)));`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: ROOT });
  return JSON.parse(printed.toString()) as string[];
}

test.each([
  ['host/cli/dev.ts', 'host/node/node.ts'],
  ['host/incore/worker.ts', 'host/executor/runtime.ts'],
])('%s loads no file of @polkadot but the Wasm of its signatures', (entry, own) => {
  const files = filesOf(entry);
  expect(files).toContain(own);
  const packaged = files.filter((file) => file.includes('node_modules/@polkadot/'));
  expect(packaged.map((file) => file.replace(/^.*node_modules\//, ''))).toEqual([
    '@polkadot/wasm-crypto-wasm/cjs/bytes.js',
  ]);
});
