// Reading a message: its JSON, bounded before it is parsed.
//
// A message may have 15 MiB. As one string that is parsed in milliseconds; as millions of nested or empty values, it takes seconds and
// hundreds of megabytes. So the bytes are scanned first, in steps, without making anything of them.
import { StringDecoder } from 'node:string_decoder';
import { PARSE_ERROR, RpcError, TOO_LARGE } from './errors.js';
import type { Steps } from './turns.js';

/** As in Substrate's server, whose parser of JSON goes no deeper. */
const DEPTH_MAX = 128;
/** Values and names of members: more than the longest list of keys needs, for a batch of some of them. */
const VALUES_MAX = 1 << 17;
/** Names of members, and their bytes in all: the parser stores each in a table of its own. A batch has some thousand. */
const NAMES_MAX = 1 << 14;
const NAME_BYTES_MAX = 1 << 18;
const BYTES_PER_STEP = 1 << 19;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const ARRAY = 0x5b;
const ARRAY_END = 0x5d;
const OBJECT = 0x7b;
const OBJECT_END = 0x7d;

/** How long reading takes, to compare with other work: a megabyte with many values in about 10 ms. */
export const readingMs = (bytes: number): number => bytes * 1e-5;

/** The value of a message. Throws the RpcError to answer with. */
export function* readMessage(data: Uint8Array): Steps<unknown> {
  yield* scan(data);
  const text = yield* decode(data);
  if (data.length > BYTES_PER_STEP) yield;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Without the parser's message, which quotes the text at length.
    throw new RpcError(PARSE_ERROR, 'Parse error: the message is not JSON');
  }
}

/** The bytes as text. */
function* decode(data: Uint8Array): Steps<string> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  for (let at = 0; at < data.length; at += BYTES_PER_STEP) {
    if (at > 0) yield;
    text += decoder.write(Buffer.from(data.buffer, data.byteOffset + at, Math.min(BYTES_PER_STEP, data.length - at)));
  }
  return text + decoder.end();
}

/** Counts depth, values and names outside of strings. What is no JSON gets through, and fails when it is parsed. */
function* scan(data: Uint8Array): Steps<void> {
  let depth = 0;
  let values = 1;
  let names = 0;
  let nameBytes = 0;
  let isText = false;
  /** Where the last string began, and its length. */
  let textAt = 0;
  let textBytes = 0;
  for (let at = 0; at < data.length;) {
    const end = Math.min(data.length, at + BYTES_PER_STEP);
    for (; at < end; at++) {
      const byte = data[at]!;
      if (isText) {
        if (byte === BACKSLASH) at++;
        else if (byte === QUOTE) {
          isText = false;
          textBytes = at - textAt;
        }
        continue;
      }
      switch (byte) {
        case QUOTE:
          isText = true;
          textAt = at;
          break;
        case COLON:
          values++;
          names++;
          nameBytes += textBytes;
          if (names > NAMES_MAX || nameBytes > NAME_BYTES_MAX) throw tooManyNames();
          break;
        case COMMA:
          values++;
          break;
        case ARRAY:
        case OBJECT:
          values++;
          depth++;
          if (depth > DEPTH_MAX) throw tooDeep();
          break;
        case ARRAY_END:
        case OBJECT_END:
          depth--;
          break;
      }
      if (values > VALUES_MAX) throw tooMany();
    }
    if (at < data.length) yield;
  }
}

const tooDeep = (): RpcError =>
  new RpcError(PARSE_ERROR, `Parse error: the message is nested more than ${DEPTH_MAX} levels deep`);

const tooMany = (): RpcError =>
  new RpcError(TOO_LARGE, 'Request is too big', `It holds more than ${VALUES_MAX} values; give bytes as hex`);

const tooManyNames = (): RpcError =>
  new RpcError(
    TOO_LARGE,
    'Request is too big',
    `It holds more than ${NAMES_MAX} names of members, or more than ${NAME_BYTES_MAX} bytes of them`,
  );
