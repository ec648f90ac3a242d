// The size of answers. A method that gathers many values counts them while it does, so that an answer above the bound is
// refused before it takes memory; what is sent is measured again as text.
import { toHex } from '../bytes/index.js';
import { oversizedAnswer } from './errors.js';
import type { Client } from './registry.js';
import { Hex, Text, type Answer } from './text.js';

/** Substrate's default for `--rpc-max-response-size`. */
export const ANSWER_BYTES_MAX = 15 << 20;

/** `""` and `,` around a string of a list. */
const PUNCTUATION_BYTES = 3;
/** Longer bytes become hex when they are sent. */
const STRING_BYTES_MAX = 256;

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

  /** Bytes as hex, counted before the text is made. The bytes must not change. */
  hex(bytes: Uint8Array): string | Hex {
    this.takeHex(bytes.length);
    return hexOf(bytes);
  }

  /** Counts the hex of so many bytes. */
  takeHex(bytes: number): void {
    this.take(2 + 2 * bytes + PUNCTUATION_BYTES);
  }

  hexOrNull(bytes: Uint8Array | undefined): string | Hex | null {
    return bytes === undefined ? null : this.hex(bytes);
  }
}

/** Bytes as hex. They must not change. */
export const hexOf = (bytes: Uint8Array): string | Hex =>
  bytes.length > STRING_BYTES_MAX ? new Hex(bytes) : toHex(bytes);

/** A message as JSON text; undefined if that has more than `max` bytes. */
export const boundedJson = (message: Answer, max: number): Text | undefined =>
  boundedText(() => Text.json(message), max);

/** The text that `make` makes; undefined if that has more than `max` bytes. */
export function boundedText(make: () => Text, max: number): Text | undefined {
  let text: Text;
  try {
    text = make();
  } catch (error) {
    // "Invalid string length": above what the engine can hold.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return text.fits(max) ? text : undefined;
}

const texts = new WeakMap<object, Text>();

/** A value as JSON text, which is made once for each object. The object must not change after. */
export function jsonOf(value: Answer): Text {
  if (typeof value !== 'object' || value === null) return Text.json(value);
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = Text.json(value)));
  return text;
}
