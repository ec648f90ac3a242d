// Long arguments on their way to a child process, in files that are written over and over.
//
// A page of memory touched for the first time costs more than copying into it, so files and buffers are used again: their
// pages are there already. A file belongs to one run from before it is sent until its answer is here.
import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
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
  constructor(private readonly folder: string) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** Writes the bytes to a file and keeps it as it is until `use` is done. */
  async with<T>(bytes: Uint8Array, use: (place: InFile) => Promise<T>): Promise<T> {
    const used = this.#free.pop();
    const file = used ?? join(this.folder, String(this.#files++));
    const descriptor = openSync(file, used === undefined ? 'wx' : 'r+');
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    } finally {
      closeSync(descriptor);
    }
    try {
      return await use({ file, length: bytes.length });
    } finally {
      this.#free.push(file);
    }
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
