// Files that a person names on the command line.
import { readFileSync } from 'node:fs';
import { printable } from './layout.js';
import { CliError } from './terminal.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
  ENOTDIR: 'what should be a folder on its way is a file',
  ELOOP: 'its links lead round in circles',
  ENAMETOOLONG: 'no file can have so long a name',
  ERR_FS_FILE_TOO_LARGE: 'it has more than 2 GiB',
};

/** Reads `path` or says in a sentence why it can't. */
export function readInput(path: string): Uint8Array {
  if (path === '') throw new CliError('a file must have a name');
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new CliError(`can't read ${printable(path)}: ${REASONS[code] ?? message}`);
  }
}
