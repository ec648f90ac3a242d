// The text of what is sent, in pieces, so that it is never whole in memory: long values are kept as bytes and become hex
// in the chunk that is sent next. As strings, an answer would take four times its bytes, all of it garbage that the
// engine collects late.
import { toHex } from '../bytes/index.js';
import type { Json } from '../node/index.js';

/** Bytes that are sent as hex. They must not change. */
export class Hex {
  constructor(readonly bytes: Uint8Array) {}

  toJSON(): string {
    return toHex(this.bytes);
  }
}

/** What is sent: JSON with bytes in it. */
export type Answer = Json | Hex | readonly Answer[] | { readonly [key: string]: Answer };

/** Text, or bytes whose hex digits are meant. */
type Piece = string | Uint8Array;

/** Short pieces are put together up to this length. */
const PIECE_CHARACTERS_MAX = 1 << 16;
/** Bytes that become a string of hex at once. */
const DIGITS_BYTES = 1 << 12;

/** A text in pieces. */
export class Text {
  readonly #pieces: readonly Piece[];
  #bytes: number | undefined;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  /** A value as JSON. Throws RangeError if a string of it is longer than the engine can hold. */
  static json(value: Answer): Text {
    if (!holdsHex(value)) return new Text([JSON.stringify(value)]);
    const writer = new JsonWriter();
    writer.value(value);
    return new Text(writer.finish());
  }

  /** Texts one after another. */
  static join(parts: readonly (string | Text)[]): Text {
    return new Text(parts.flatMap((part) => (typeof part === 'string' ? [part] : part.#pieces)));
  }

  /** Its length in bytes of UTF-8. */
  get bytes(): number {
    return (this.#bytes ??= this.#pieces.reduce((sum, piece) => sum + encodedBytes(piece), 0));
  }

  /** The memory that it takes, about. */
  get held(): number {
    return this.#pieces.reduce((sum, { length }) => sum + length, 0);
  }

  /** Whether it has at most `max` bytes. */
  fits(max: number): boolean {
    // A character has at most three bytes, so short texts need no count.
    return this.held * 3 <= max || this.bytes <= max;
  }

  toString(): string {
    return this.#pieces.map((piece) => (typeof piece === 'string' ? piece : digits(piece, 0, piece.length))).join('');
  }

  reader(): TextReader {
    return new TextReader(this.#pieces);
  }
}

/** Passes a text on in chunks. */
export class TextReader {
  readonly #pieces: readonly Piece[];
  #index = 0;
  /** The place in the present piece. */
  #at = 0;

  /** Use `Text.reader`. */
  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
    this.#skip();
  }

  get isDone(): boolean {
    return this.#index === this.#pieces.length;
  }

  /**
   * Writes what comes next into the chunk, which has at least four bytes. Returns how many bytes it wrote: whole
   * characters, and pairs of digits.
   */
  read(chunk: Buffer): number {
    let used = 0;
    while (!this.isDone) {
      const wrote = this.#write(this.#pieces[this.#index]!, chunk, used);
      if (wrote === 0) break;
      used += wrote;
      this.#skip();
    }
    return used;
  }

  #write(piece: Piece, chunk: Buffer, used: number): number {
    const room = chunk.length - used;
    if (typeof piece === 'string') {
      const { read, written } = encoder.encodeInto(piece.slice(this.#at, this.#at + room), chunk.subarray(used));
      this.#at += read;
      return written;
    }
    const end = Math.min(piece.length, this.#at + DIGITS_BYTES, this.#at + (room >> 1));
    const wrote = chunk.write(digits(piece, this.#at, end), used, 'latin1');
    this.#at = end;
    return wrote;
  }

  /** Goes on to the next piece that has anything left. */
  #skip(): void {
    while (!this.isDone && this.#at === this.#pieces[this.#index]!.length) {
      this.#index += 1;
      this.#at = 0;
    }
  }
}

const encoder = new TextEncoder();

const encodedBytes = (piece: Piece): number =>
  typeof piece === 'string' ? Buffer.byteLength(piece) : 2 * piece.length;

const digits = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex', start, end);

function holdsHex(value: Answer): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Hex) return true;
  if (Array.isArray(value)) return value.some(holdsHex);
  for (const name in value) if (holdsHex((value as Record<string, Answer>)[name]!)) return true;
  return false;
}

/** Writes a value as `JSON.stringify` does, but for the bytes. */
class JsonWriter {
  readonly #pieces: Piece[] = [];
  #text = '';

  value(value: Answer): void {
    if (typeof value !== 'object' || value === null) return this.#append(JSON.stringify(value));
    if (value instanceof Hex) return this.#hex(value);
    if (Array.isArray(value)) {
      this.#append('[');
      for (const [index, item] of (value as readonly Answer[]).entries()) {
        if (index > 0) this.#append(',');
        this.value(item);
      }
      return this.#append(']');
    }
    let before = '{';
    for (const [name, member] of Object.entries(value as Record<string, Answer | undefined>)) {
      if (member === undefined) continue;
      this.#append(`${before}${JSON.stringify(name)}:`);
      this.value(member);
      before = ',';
    }
    this.#append(before === '{' ? '{}' : '}');
  }

  finish(): readonly Piece[] {
    this.#flush();
    return this.#pieces;
  }

  #hex({ bytes }: Hex): void {
    this.#append('"0x');
    this.#flush();
    this.#pieces.push(bytes);
    this.#append('"');
  }

  #append(text: string): void {
    this.#text += text;
    if (this.#text.length > PIECE_CHARACTERS_MAX) this.#flush();
  }

  #flush(): void {
    if (this.#text === '') return;
    this.#pieces.push(this.#text);
    this.#text = '';
  }
}
