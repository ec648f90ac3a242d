// Where a node keeps its chain: a base path that stays, or a temporary folder that goes with the process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A folder, and what to do when the node is done with it. */
export interface Folder {
  path: string;
  release(): void;
}

/** The base path itself, or a new temporary folder, which is removed on release and, failing that, on exit. */
export function openFolder(basePath: string | undefined): Folder {
  if (basePath !== undefined) return { path: resolve(basePath), release: () => undefined };
  const path = mkdtempSync(join(tmpdir(), 'corejam-'));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  process.once('exit', remove);
  return {
    path,
    release: () => {
      process.off('exit', remove);
      remove();
    },
  };
}
