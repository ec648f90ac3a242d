// Runs `corejam` to its exit, and makes files for it: for tests of commands that only read and print.
import { afterAll, beforeAll } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository, where commands run. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Exit code and output of `corejam ARGS…`. */
export function corejam(...args: string[]): { code: number | null; out: string; err: string } {
  const command = ['bin/corejam.mjs', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

/** A folder that exists while the tests of a file run. */
export function temporaryFolder(): {
  readonly path: () => string;
  readonly file: (name: string, content: Uint8Array | string) => string;
} {
  let path: string;
  beforeAll(() => {
    path = mkdtempSync(join(tmpdir(), 'corejam-command-'));
  });
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path: () => path,
    /** Writes a file and returns its path. */
    file(name, content) {
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
  };
}
