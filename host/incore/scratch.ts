// Passes long arguments to a child process in files.
//
// Files and buffers are reused, because touching a page of memory for the first time costs more than copying into it. A
// file belongs to one run, from before it is sent until its result has arrived.
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** The names of the files. */
const NAME = /^\d+$/;

/** The first `length` bytes of a file. */
export interface InFile {
  readonly file: string;
  readonly length: number;
}

/** The writing side. It makes as many files as there are runs at once. */
export class Scratch {
  readonly #free: string[] = [];
  #files = 0;

  readonly #folder: string;

  /** Removes the files that a killed process left behind in the folder, and no others. Makes the folder if need be. */
  constructor(folder: string) {
    this.#folder = folder;
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) {
      const left = readdirSync(folder, { withFileTypes: true });
      for (const entry of left) if (NAME.test(entry.name) && !entry.isDirectory()) rmSync(join(folder, entry.name));
    } else {
      rmSync(folder, { force: true }); // a link to a folder elsewhere
      mkdirSync(folder);
    }
  }

  /** Writes the bytes to a file, unchanged until `use` is done. If it can't be written, `use` receives the bytes. */
  async with<T>(bytes: Uint8Array, use: (place: InFile | Uint8Array) => Promise<T>): Promise<T> {
    const file = this.#free.pop() ?? join(this.#folder, String(this.#files++));
    try {
      return await use(written(file, bytes) ? { file, length: bytes.length } : bytes);
    } finally {
      this.#free.push(file);
    }
  }
}

/** Writes the bytes to the start of the file. Returns false if the system refuses, as on a full disk. */
function written(file: string, bytes: Uint8Array): boolean {
  try {
    const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW);
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

  /** The bytes, valid until the next call. */
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
