// Long arguments on their way to a child process, in files that are written over and over.
//
// A page of memory touched for the first time costs more than copying into it, so files and buffers are used again: their
// pages are there already. A file belongs to one run from before it is sent until its answer is here.
import { closeSync, constants, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes in a file, from its beginning. */
export interface InFile {
  readonly file: string;
  readonly length: number;
}

/** The writing side. There are as many files as there were runs at once. */
export class Scratch {
  readonly #free: string[] = [];
  #files = 0;

  /** Empties the folder: a process that was killed leaves its files behind. */
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** Writes the bytes to a file and keeps it as it is until `use` is done; where it can't be written, `use` gets the bytes. */
  async with<T>(bytes: Uint8Array, use: (place: InFile | Uint8Array) => Promise<T>): Promise<T> {
    const file = this.#free.pop() ?? join(this.#folder, String(this.#files++));
    try {
      return await use(written(file, bytes) ? { file, length: bytes.length } : bytes);
    } finally {
      this.#free.push(file);
    }
  }
}

/** Whether the system let the file begin with these bytes: it may be full. */
function written(file: string, bytes: Uint8Array): boolean {
  try {
    const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT);
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
    } finally {
      closeSync(descriptor);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}

/** The reading side. */
export class ScratchReader {
  #buffer = new Uint8Array(0);

  /** The bytes, good until the next are read. */
  read({ file, length }: InFile): Uint8Array {
    if (this.#buffer.length < length) this.#buffer = new Uint8Array(length);
    const descriptor = openSync(file, 'r');
    try {
      for (let read = 0; read < length;) {
        const more = readSync(descriptor, this.#buffer, read, length - read, null);
        if (more === 0) throw new Error(`${file} ends after ${read} of ${length} bytes`);
        read += more;
      }
    } finally {
      closeSync(descriptor);
    }
    return this.#buffer.subarray(0, length);
  }
}
