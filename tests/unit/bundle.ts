// A module of the host for a process that a test starts: bundled from the sources as they are now, beside node_modules.
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles `entry` (`host/incore/worker.ts`) into a folder of its own and answers where. */
export function bundle(entry: string, name: string): URL {
  const outFile = join(root, 'build/test', name, 'module.mjs');
  const options = {
    entryPoints: [join(root, entry)],
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outfile: `${outFile}.${process.pid}`,
    logLevel: 'warning',
  };
  // In a process of its own: in a test's sandbox, esbuild takes byte arrays for strangers. Through its API: what its command
  // is, a script or a binary, depends on whether its install script ran.
  const script = `import { buildSync } from 'esbuild'; buildSync(${JSON.stringify(options)});`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
  renameSync(`${outFile}.${process.pid}`, outFile); // another test may be reading it
  return pathToFileURL(outFile);
}
