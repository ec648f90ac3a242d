// The size of answers. A method that gathers many values counts them while it does, so that an answer above the bound is
// refused before it takes memory; what is sent is measured again as text.
import { toHex } from '../bytes/index.js';
import { oversizedAnswer } from './errors.js';

/** Substrate's default for `--rpc-max-response-size`. */
export const ANSWER_BYTES_MAX = 15 << 20;

/** `""` and `,` around a string of a list. */
const PUNCTUATION_BYTES = 3;

/** Counts the bytes of an answer's strings, and refuses what exceeds its bound. */
export class AnswerSize {
  #left: number;

  /** At most `max` bytes of JSON. */
  constructor(readonly max: number) {
    this.#left = max;
  }

  /** Counts bytes of JSON. Throws the error of an oversized answer. */
  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw oversizedAnswer(this.max);
  }

  /** Bytes as hex, counted before the text is made. */
  hex(bytes: Uint8Array): string {
    this.take(2 + 2 * bytes.length + PUNCTUATION_BYTES);
    return toHex(bytes);
  }

  hexOrNull(bytes: Uint8Array | undefined): string | null {
    return bytes === undefined ? null : this.hex(bytes);
  }
}

/** A message as JSON text; undefined if that has more than `max` bytes. */
export function boundedJson(message: object, max: number): string | undefined {
  let text: string;
  try {
    text = JSON.stringify(message);
  } catch (error) {
    // "Invalid string length": above what the engine can hold.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  // A character has at most three bytes, so short texts need no count.
  return text.length * 3 <= max || Buffer.byteLength(text) <= max ? text : undefined;
}
