// Reading files that are named on the command line.
import { printable } from '../bytes/index.js';
import { FileRefused, readRegularFile } from '../files/index.js';
import { CliError } from './terminal.js';

/** More than any command has a use for. */
const BYTES_MAX = 2 ** 30;

/** Where the sentence can be more exact about reading. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
};

/** Reads a file. Throws CliError, with the reason in a sentence. */
export function readInput(path: string): Uint8Array {
  if (path === '') throw new CliError('a file must have a name');
  try {
    return readRegularFile(path, BYTES_MAX);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    throw new CliError(`can't read ${printable(path)}: ${REASONS[error.code ?? ''] ?? error.reason}`);
  }
}
