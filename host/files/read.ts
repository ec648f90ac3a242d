// Reading a file whose name comes from a user, or from a folder that other programs can write.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { Failure } from '../bytes/index.js';
import { reasonOf } from './reason.js';

/** A file that can't be read; `reason` is the end of a sentence about it. */
export class FileRefused extends Failure {
  constructor(
    path: string,
    readonly reason: string,
    /** The code of the operating system's error, if it was one. */
    readonly code?: string,
  ) {
    super(`${path} can't be read: ${reason}`);
  }
}

/**
 * Reads a file of at most `bytesMax` bytes. A device or a pipe, which may have no end or never have a writer, is
 * refused without waiting for it. Throws FileRefused.
 */
export function readRegularFile(path: string, bytesMax: number): Uint8Array {
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK, opening a pipe waits for its writer.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw new FileRefused(path, 'it is a folder', 'EISDIR');
    if (!stat.isFile()) throw new FileRefused(path, 'it is a device or a pipe, not a file');
    return readUpTo(path, descriptor, stat.size, bytesMax);
  } catch (error) {
    if (error instanceof FileRefused) throw error;
    throw new FileRefused(path, reasonOf(error), (error as NodeJS.ErrnoException).code);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The bytes to the end of the file, whatever size it has by its description: a file of /proc has none. */
function readUpTo(path: string, descriptor: number, size: number, bytesMax: number): Uint8Array {
  let bytes = new Uint8Array(Math.min(size, bytesMax) + 1);
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (read === 0) return bytes.subarray(0, length);
    length += read;
    if (length > bytesMax) throw new FileRefused(path, `it has more than ${sizeText(bytesMax)}`);
    if (length === bytes.length) {
      const longer = new Uint8Array(Math.min(2 * length + 4_096, bytesMax + 1));
      longer.set(bytes);
      bytes = longer;
    }
  }
}

const sizeText = (bytes: number): string => (bytes >= 2 ** 20 ? `${bytes / 2 ** 20} MiB` : `${bytes} bytes`);
