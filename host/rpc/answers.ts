// The size of answers. A method that gathers many values counts them while it does, so that an answer above the bound is
// refused before it takes memory; what is sent is measured again as text.
import { toHex } from '../bytes/index.js';
import type { Json } from '../node/index.js';
import { oversizedAnswer } from './errors.js';
import type { Client } from './registry.js';

/** Substrate's default for `--rpc-max-response-size`. */
export const ANSWER_BYTES_MAX = 15 << 20;

/** `""` and `,` around a string of a list. */
const PUNCTUATION_BYTES = 3;

/** Counts the bytes of an answer's strings, and refuses what exceeds its bound. */
export class AnswerSize {
  readonly #client: Pick<Client, 'answerBytesMax' | 'gather'>;
  #left: number;

  /** At most as many bytes of JSON as the client may be sent. */
  constructor(client: Pick<Client, 'answerBytesMax' | 'gather'>) {
    this.#client = client;
    this.#left = client.answerBytesMax;
  }

  /** Counts bytes of JSON. Throws the error of an oversized answer. */
  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw oversizedAnswer(this.#client.answerBytesMax);
    this.#client.gather(bytes);
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
export const boundedJson = (message: object, max: number): string | undefined =>
  boundedText(() => JSON.stringify(message), max);

/** The text that `make` makes; undefined if that has more than `max` bytes. */
export function boundedText(make: () => string, max: number): string | undefined {
  let text: string;
  try {
    text = make();
  } catch (error) {
    // "Invalid string length": above what the engine can hold.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  // A character has at most three bytes, so short texts need no count.
  return text.length * 3 <= max || Buffer.byteLength(text) <= max ? text : undefined;
}

const texts = new WeakMap<object, string>();

/** A value as JSON text, which is made once for each object. The object must not change after. */
export function jsonOf(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = JSON.stringify(value)));
  return text;
}
