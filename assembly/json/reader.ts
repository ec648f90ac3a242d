// A bounded pull parser for JSON (RFC 8259), for the genesis documents of GenesisBuilder.
//
// The caller reads what it expects. The first mismatch ends the document with a sentence that names key and position.
// Stricter than the RFC, so that mistakes are found: only integers (no fraction, no exponent, no minus zero), no
// duplicate keys, at most 32 levels, valid UTF-8, no lone surrogates. No document makes it trap.
import { bytesOfHex, hexDigit } from './hex';
import { isValidUtf8 } from './utf8';

/** Maximum nesting of objects and arrays. */
const MAX_DEPTH: i32 = 32;

/** The kind of the next value. */
export enum JsonKind {
  None,
  Object,
  Array,
  Text,
  Integer,
  True,
  False,
  Null,
}

/** One open object or array. */
class Level {
  /** Keys seen so far. */
  keys: Set<string> = new Set<string>();
  /** Entries begun so far. */
  count: i32 = 0;
  /** The key whose value is being read. */
  key: string = '';

  constructor(public isObject: bool) {}
}

/** Reads a JSON document from start to end. */
export class JsonReader {
  private at: i32 = 0;
  private readonly levels: Level[] = [];
  private failure: string = '';

  constructor(private readonly source: StaticArray<u8>) {
    if (!isValidUtf8(source)) this.fail('the document is not valid UTF-8');
  }

  /** Whether an error was found; all later reads then return false, null or empty values. */
  get failed(): bool {
    return this.failure.length > 0;
  }

  /** The first error: a sentence with key and position; empty if there is none. */
  get error(): string {
    return this.failure;
  }

  /** Refuses the document because of the last or the next value. Only the first refusal is recorded. */
  fail(why: string): void {
    if (!this.failed) this.failure = `${this.path()}${why} (${this.position()})`;
  }

  /** The kind of the next value; None if there is no value. */
  peek(): JsonKind {
    if (this.failed) return JsonKind.None;
    this.skipSpace();
    const c = this.current();
    if (c == 0x7b) return JsonKind.Object;
    if (c == 0x5b) return JsonKind.Array;
    if (c == 0x22) return JsonKind.Text;
    if (c == 0x2d || (c >= 0x30 && c <= 0x39)) return JsonKind.Integer;
    if (c == 0x74) return JsonKind.True;
    if (c == 0x66) return JsonKind.False;
    if (c == 0x6e) return JsonKind.Null;
    return JsonKind.None;
  }

  /** Opens the next value, an object. Fails and returns false otherwise. */
  enterObject(): bool {
    return this.enter(JsonKind.Object, 'an object');
  }

  /** Opens the next value, an array. Fails and returns false otherwise. */
  enterArray(): bool {
    return this.enter(JsonKind.Array, 'an array');
  }

  /** Moves to the open object's next entry. Returns its key; null at the end (closing the object) and on failure. */
  nextKey(): string | null {
    if (!this.nextEntry(true)) return null;
    const level = this.levels[this.levels.length - 1];
    if (this.peek() != JsonKind.Text) {
      this.fail('expected a key in quotes');
      return null;
    }
    level.key = '';
    const key = this.readText();
    if (this.failed) return null;
    if (level.keys.has(key)) {
      this.fail(`the key "${key}" occurs twice`);
      return null;
    }
    level.keys.add(key);
    level.key = key;
    this.skipSpace();
    if (this.current() != 0x3a) {
      this.fail('expected ":" after the key');
      return null;
    }
    this.at++;
    return key;
  }

  /** Moves to the next element of the open array. Returns false at the end (closing the array) and on failure. */
  nextElement(): bool {
    return this.nextEntry(false);
  }

  /** Reads a string. */
  readText(): string {
    if (!this.expect(JsonKind.Text, 'a string')) return '';
    this.at++;
    let text = '';
    let start = this.at;
    for (;;) {
      const c = this.current();
      if (c == -1 || c < 0x20) {
        this.fail(c == -1 ? 'the string does not end' : 'a control character in a string must be escaped');
        return '';
      }
      if (c == 0x22) break;
      if (c != 0x5c) {
        this.at++;
        continue;
      }
      text += this.slice(start, this.at) + this.readEscape();
      if (this.failed) return '';
      start = this.at;
    }
    text += this.slice(start, this.at);
    this.at++;
    return text;
  }

  /** Reads an integer as its digits, with a minus sign if negative. */
  readDigits(): string {
    if (!this.expect(JsonKind.Integer, 'an integer')) return '';
    const start = this.at;
    const negative = this.current() == 0x2d;
    if (negative) this.at++;
    const first = this.current();
    if (first < 0x30 || first > 0x39) {
      this.fail('expected a digit after "-"');
      return '';
    }
    this.at++;
    while (this.current() >= 0x30 && this.current() <= 0x39) this.at++;
    const digits = this.at - start - (negative ? 1 : 0);
    if (first == 0x30 && (digits > 1 || negative)) {
      this.fail(negative ? 'a negative number may not begin with 0' : 'a number may not begin with 0');
      return '';
    }
    const next = this.current();
    if (next == 0x2e || next == 0x65 || next == 0x45) {
      this.fail('expected an integer, without fraction or exponent');
      return '';
    }
    return this.slice(start, this.at);
  }

  /** Reads an integer from 0 to `max`. */
  readU64(max: u64 = u64.MAX_VALUE): u64 {
    const digits = this.readDigits();
    if (this.failed) return 0;
    let value: u64 = 0;
    for (let i = 0; i < digits.length; i++) {
      const digit = <u64>(digits.charCodeAt(i) - 0x30);
      // A minus sign is below '0', so its "digit" is huge and lands here too.
      if (digit > 9 || value > (max - digit) / 10 || digit > max) {
        this.fail(`expected an integer from 0 to ${max.toString()}`);
        return 0;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** Reads an integer from 0 to 2^32 − 1. */
  readU32(): u32 {
    return <u32>this.readU64(u32.MAX_VALUE);
  }

  /** Reads `true` or `false`. */
  readBool(): bool {
    const kind = this.peek();
    if (kind == JsonKind.True) return this.word('true');
    if (kind == JsonKind.False) {
      this.word('false');
      return false;
    }
    this.fail('expected true or false');
    return false;
  }

  /** Reads `null`. */
  readNull(): void {
    if (this.expect(JsonKind.Null, 'null')) this.word('null');
  }

  /** Reads bytes as "0x" and hexadecimal digits in quotes; exactly `length` of them unless it is negative. */
  readHex(length: i32 = -1): StaticArray<u8> {
    const text = this.readText();
    if (this.failed) return new StaticArray<u8>(0);
    const bytes = bytesOfHex(text);
    if (bytes === null) {
      this.fail('expected "0x" and an even number of hexadecimal digits');
      return new StaticArray<u8>(0);
    }
    if (length >= 0 && bytes.length != length) {
      this.fail(`expected ${length.toString()} bytes in hexadecimal, not ${bytes.length.toString()}`);
    }
    return bytes;
  }

  /** Skips the next value, checking its form. */
  skip(): void {
    switch (this.peek()) {
      case JsonKind.Object:
        if (this.enterObject()) while (this.nextKey() !== null) this.skip();
        break;
      case JsonKind.Array:
        if (this.enterArray()) while (this.nextElement()) this.skip();
        break;
      case JsonKind.Text:
        this.readText();
        break;
      case JsonKind.Integer:
        this.readDigits();
        break;
      case JsonKind.True:
      case JsonKind.False:
        this.readBool();
        break;
      case JsonKind.Null:
        this.readNull();
        break;
      default:
        this.fail('expected a value');
    }
  }

  /** Ends the document: only white space may follow. Returns whether the document had no error. */
  end(): bool {
    if (this.failed) return false;
    this.skipSpace();
    if (this.at < this.source.length) this.fail('expected the end of the document');
    return !this.failed;
  }

  private enter(kind: JsonKind, what: string): bool {
    if (!this.expect(kind, what)) return false;
    if (this.levels.length >= MAX_DEPTH) {
      this.fail(`more than ${MAX_DEPTH.toString()} levels`);
      return false;
    }
    this.at++;
    this.levels.push(new Level(kind == JsonKind.Object));
    return true;
  }

  /** The separator before the next entry, or the bracket that closes the level. */
  private nextEntry(isObject: bool): bool {
    if (this.failed) return false;
    const level = this.levels[this.levels.length - 1];
    if (level.isObject != isObject) throw new Error('json: nextKey in an array, or nextElement in an object');
    const close = isObject ? 0x7d : 0x5d;
    this.skipSpace();
    if (this.current() == close) {
      this.at++;
      this.levels.pop();
      return false;
    }
    if (level.count > 0) {
      if (this.current() != 0x2c) {
        this.fail(isObject ? 'expected "," or "}"' : 'expected "," or "]"');
        return false;
      }
      this.at++;
    }
    level.count++;
    return true;
  }

  private expect(kind: JsonKind, what: string): bool {
    if (this.peek() == kind) return true;
    this.fail(`expected ${what}`);
    return false;
  }

  private word(word: string): bool {
    for (let i = 0; i < word.length; i++) {
      if (this.current() != word.charCodeAt(i)) {
        this.fail(`expected "${word}"`);
        return false;
      }
      this.at++;
    }
    return true;
  }

  private readEscape(): string {
    this.at++;
    const c = this.current();
    this.at++;
    switch (c) {
      case 0x22:
        return '"';
      case 0x5c:
        return '\\';
      case 0x2f:
        return '/';
      case 0x62:
        return '\b';
      case 0x66:
        return '\f';
      case 0x6e:
        return '\n';
      case 0x72:
        return '\r';
      case 0x74:
        return '\t';
      case 0x75:
        return this.readUnicode();
      default:
        this.at -= 1;
        this.fail('an unknown escape in a string');
        return '';
    }
  }

  /** The four hexadecimal digits of `\u`, and of the second half of a surrogate pair. */
  private readUnicode(): string {
    const first = this.readUnit();
    if (first < 0) return '';
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
    if (first < 0xdc00 && this.current() == 0x5c && this.peekAt(1) == 0x75) {
      this.at += 2;
      const second = this.readUnit();
      if (second < 0) return '';
      if (second >= 0xdc00 && second <= 0xdfff) return String.fromCharCode(first, second);
    }
    this.fail('half a surrogate pair');
    return '';
  }

  private readUnit(): i32 {
    let unit = 0;
    for (let i = 0; i < 4; i++) {
      const digit = hexDigit(this.current());
      if (digit < 0) {
        this.fail('expected four hexadecimal digits after "\\u"');
        return -1;
      }
      unit = (unit << 4) | digit;
      this.at++;
    }
    return unit;
  }

  private skipSpace(): void {
    for (;;) {
      const c = this.current();
      if (c != 0x20 && c != 0x0a && c != 0x0d && c != 0x09) return;
      this.at++;
    }
  }

  private current(): i32 {
    return this.peekAt(0);
  }

  private peekAt(offset: i32): i32 {
    return this.at + offset < this.source.length ? <i32>this.source[this.at + offset] : -1;
  }

  private slice(start: i32, end: i32): string {
    return String.UTF8.decodeUnsafe(changetype<usize>(this.source) + start, end - start);
  }

  /** `balances.balances[3]: `, empty at the top. */
  private path(): string {
    let path = '';
    for (let i = 0; i < this.levels.length; i++) {
      const level = this.levels[i];
      if (!level.isObject) path += `[${(level.count > 0 ? level.count - 1 : 0).toString()}]`;
      else if (level.key.length > 0) path += (path.length > 0 ? '.' : '') + level.key;
    }
    return path.length > 0 ? path + ': ' : '';
  }

  private position(): string {
    let line = 1,
      column = 1;
    for (let i = 0; i < this.at && i < this.source.length; i++) {
      if (this.source[i] == 0x0a) {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return `line ${line.toString()}, column ${column.toString()}`;
  }
}
