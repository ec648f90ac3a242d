// The folder of the project, found from the bench: built, below build/js, or as a source in a test.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function rootAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder));
}

export const ROOT = rootAbove(dirname(fileURLToPath(import.meta.url)));
