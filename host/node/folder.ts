// The folder of a node's chain: the base path, or a temporary folder that is removed when the node closes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A folder, and how to release it when the node closes. */
export interface Folder {
  path: string;
  release(): void;
}

/** The base path, or a new temporary folder, which is removed on release or, failing that, when the process exits. */
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
