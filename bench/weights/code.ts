// Code of a later version of this runtime, of any length: for the benchmark of `set_code`. The node compiles it, so it is
// padded with functions, of which compiling takes the longest.
import { concat } from '../../host/bytes/index.js';

const HEADER_BYTES = 8;
const [CUSTOM, FUNCTION, CODE] = [0, 3, 10];

interface Section {
  readonly id: number;
  readonly content: Uint8Array;
}

/** The most that lengths of sections grow by when functions are added. */
const SLACK_BYTES = 64;

/** `code` with a higher specVersion, of exactly `length` bytes: with copies of its functions. `salt` makes it unique. */
export function laterRuntime(code: Uint8Array, length: number, salt: number): Uint8Array {
  const sections = sectionsOf(code).map((section) => (isVersion(section) ? raised(section) : section));
  const types = itemsOf(vectorOf(sections, FUNCTION), (reader) => reader.leb());
  const bodies = itemsOf(vectorOf(sections, CODE), (reader) => reader.skip(reader.leb()));
  let room = length - code.length - SLACK_BYTES;
  const added: number[] = [];
  for (let next = 0; ; next = (next + 1) % bodies.length) {
    room -= bodies[next]!.length + types[next]!.length;
    if (room < 0) break;
    added.push(next);
  }
  const longer = (items: Uint8Array[]): Uint8Array =>
    concat(leb(items.length + added.length), ...items, ...added.map((index) => items[index]!));
  const changed = sections.map(({ id, content }): Section => {
    if (id === FUNCTION) return { id, content: longer(types) };
    return id === CODE ? { id, content: longer(bodies) } : { id, content };
  });
  const whole = concat(
    code.subarray(0, HEADER_BYTES),
    ...changed.flatMap(({ id, content }) => [Uint8Array.of(id), leb(content.length), content]),
  );
  return concat(whole, padding(length - whole.length, salt));
}

/** A custom section of so many bytes, at least 16. */
function padding(length: number, salt: number): Uint8Array {
  if (length < 16) throw new RangeError(`a runtime can't be ${16 - length} bytes shorter`);
  const section = new Uint8Array(length);
  // The length has five bytes, whatever it is: unsigned LEB128 may be padded.
  const content = length - 6;
  section.set([CUSTOM, content | 0x80, (content >> 7) | 0x80, (content >> 14) | 0x80, (content >> 21) | 0x80, 0]);
  section.set([3, 0x70, 0x61, 0x64], 6); // the name: pad
  new DataView(section.buffer).setUint32(10, salt);
  return section;
}

class ByteReader {
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  leb(): number {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  skip(length: number): void {
    this.at += length;
  }
}

function leb(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value & 0x7f) | 0x80);
  return Uint8Array.of(...bytes, value);
}

function sectionsOf(code: Uint8Array): Section[] {
  const reader = new ByteReader(code);
  reader.skip(HEADER_BYTES);
  const sections: Section[] = [];
  while (reader.at < code.length) {
    const id = code[reader.at++]!;
    const length = reader.leb();
    sections.push({ id, content: code.subarray(reader.at, reader.at + length) });
    reader.skip(length);
  }
  return sections;
}

function vectorOf(sections: readonly Section[], id: number): Uint8Array {
  return sections.find((section) => section.id === id)!.content;
}

/** The items of a vector, each with its encoding. */
function itemsOf(vector: Uint8Array, skip: (reader: ByteReader) => unknown): Uint8Array[] {
  const reader = new ByteReader(vector);
  return Array.from({ length: reader.leb() }, () => {
    const from = reader.at;
    skip(reader);
    return vector.subarray(from, reader.at);
  });
}

const VERSION = 'runtime_version';

function isVersion({ id, content }: Section): boolean {
  return id === CUSTOM && new TextDecoder().decode(content.subarray(1, 1 + VERSION.length)) === VERSION;
}

/** The section with a specVersion higher by one: name, specName, implName, authoringVersion, specVersion. */
function raised({ id, content }: Section): Section {
  const changed = content.slice();
  let at = 1 + VERSION.length;
  for (let name = 0; name < 2; name++) at += 1 + (changed[at]! >> 2);
  at += 4;
  const view = new DataView(changed.buffer);
  view.setUint32(at, view.getUint32(at, true) + 1, true);
  return { id, content: changed };
}
