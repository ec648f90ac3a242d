// Errors of the operating system as the end of a sentence.
import { statfsSync } from 'node:fs';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'something else has its name',
  EACCES: 'it is not permitted',
  EPERM: 'it is not permitted',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'its name is too long',
  EROFS: 'its file system can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: "the user's quota of the disk is used up",
  EIO: 'the disk reported an error',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ERR_INVALID_ARG_VALUE: 'its name has a character that no file name has',
};

/** Whether the operating system, or Node on its behalf, refused something. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  // By shape: an error that Node throws is not an instance of the Error class of a test's sandbox.
  return typeof (error as NodeJS.ErrnoException | undefined)?.code === 'string';
}

/** Why the operating system refused it, as the end of a sentence about the file. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

/** Free bytes of the file system of an existing path, as this user may use them; undefined if the system doesn't tell. */
export function freeBytes(path: string): number | undefined {
  try {
    const { bavail, bsize, blocks } = statfsSync(path);
    return blocks === 0 ? undefined : bavail * bsize; // a file system without blocks has no size, as /proc
  } catch {
    return undefined;
  }
}
