// A module of the host for a process that a test starts: bundled from the sources as they are now, beside node_modules.
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles `entry` (`host/incore/worker.ts`) into a folder of its own and answers where. */
export function bundle(entry: string, name: string): URL {
  const outFile = join(root, 'build/test', name, 'module.mjs');
  // By its command: in a test's sandbox, esbuild takes byte arrays for strangers.
  execFileSync(process.execPath, [
    join(root, 'node_modules/esbuild/bin/esbuild'), join(root, entry), '--bundle', '--packages=external', '--format=esm',
    '--platform=node', '--target=node20', `--outfile=${outFile}.${process.pid}`, '--log-level=warning',
  ]);
  renameSync(`${outFile}.${process.pid}`, outFile); // another test may be reading it
  return pathToFileURL(outFile);
}
