// Files that a person names on the command line.
import { readFileSync } from 'node:fs';
import { CliError } from './terminal.js';

/** Reads `path` or says in a sentence why it can't. */
export function readInput(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : (error as Error).message;
    throw new CliError(`can't read ${path}: ${reason}`);
  }
}
