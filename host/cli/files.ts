// Reading files that are named on the command line.
import { readFileSync } from 'node:fs';
import { printable } from '../bytes/index.js';
import { CliError } from './terminal.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
  ENOTDIR: 'a part of its path is a file, not a folder',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'its name is too long',
  ERR_FS_FILE_TOO_LARGE: 'it has more than 2 GiB',
};

/** Reads a file. Throws CliError, with the reason in a sentence. */
export function readInput(path: string): Uint8Array {
  if (path === '') throw new CliError('a file must have a name');
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new CliError(`can't read ${printable(path)}: ${REASONS[code] ?? message}`);
  }
}
