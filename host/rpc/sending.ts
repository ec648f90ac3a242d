// Sending texts in chunks: no faster than they are taken, in buffers that are used again.
import type { Text, TextReader } from './text.js';

export const CHUNK_BYTES = 1 << 17;
/** Chunks of one connection that are written and not yet taken by the system. */
const AHEAD_MAX = 4;
const KEPT_MAX = 32;

/** Buffers for chunks, shared by all connections. */
export class Chunks {
  readonly #kept: Buffer[] = [];

  take(): Buffer {
    return this.#kept.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
  }

  giveBack(chunk: Buffer): void {
    if (this.#kept.length < KEPT_MAX) this.#kept.push(chunk);
  }
}

/** Writes a chunk, the last one of its text or not, and calls `taken` when its buffer may be used again. */
type Write = (chunk: Buffer, isLast: boolean, taken: () => void) => void;

/** The texts that wait to be sent over one connection. */
export class Sending {
  readonly #chunks: Chunks;
  readonly #write: Write;
  readonly #onProgress: () => void;
  #queue: { readonly text: Text; readonly reader: TextReader }[] = [];
  #ahead = 0;

  /** `onProgress` is called whenever a chunk was taken. */
  constructor(chunks: Chunks, write: Write, onProgress: () => void) {
    this.#chunks = chunks;
    this.#write = write;
    this.#onProgress = onProgress;
  }

  /** Whether every text is written. */
  get isIdle(): boolean {
    return this.#queue.length === 0;
  }

  /** The memory that unwritten texts take. */
  get bytes(): number {
    return this.#queue.reduce((sum, { text }) => sum + text.held, 0);
  }

  push(text: Text): void {
    this.#queue.push({ text, reader: text.reader() });
    this.#pump();
  }

  /** Drops what is not written. */
  close(): void {
    this.#queue = [];
  }

  #pump(): void {
    while (this.#ahead < AHEAD_MAX) {
      const next = this.#queue[0];
      if (next === undefined) return;
      const chunk = this.#chunks.take();
      const used = next.reader.read(chunk);
      const { isDone } = next.reader;
      if (isDone) this.#queue.shift();
      this.#ahead += 1;
      this.#write(chunk.subarray(0, used), isDone, () => {
        this.#ahead -= 1;
        this.#chunks.giveBack(chunk);
        this.#pump();
        this.#onProgress();
      });
    }
  }
}
