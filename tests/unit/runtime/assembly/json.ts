// Test module: reads a JSON document and writes it again without white space, or returns the error.
import { JsonKind, JsonReader } from '../../../../assembly/json/reader';

let document: StaticArray<u8> = [];

export function input(length: i32): usize {
  document = new StaticArray<u8>(length);
  return changetype<usize>(document);
}

/** The document as compact JSON, or "!" and the error. */
export function rewrite(): u64 {
  const json = new JsonReader(document);
  const text = value(json);
  json.end();
  const utf8 = String.UTF8.encode(json.failed ? '!' + json.error : text);
  return ((<u64>utf8.byteLength) << 32) | (<u64>changetype<usize>(utf8));
}

/** The same by `skip`: "ok", or "!" and the error. */
export function skip(): u64 {
  const json = new JsonReader(document);
  json.skip();
  json.end();
  const utf8 = String.UTF8.encode(json.failed ? '!' + json.error : 'ok');
  return ((<u64>utf8.byteLength) << 32) | (<u64>changetype<usize>(utf8));
}

/** A document of one object { u32, hex, flag }: the result of typed reading. */
export function typed(): u64 {
  const json = new JsonReader(document);
  let text = '';
  if (json.enterObject()) {
    for (let key = json.nextKey(); key !== null; key = json.nextKey()) {
      if (key == 'u32') text += json.readU32().toString();
      else if (key == 'hex') text += json.readHex(2).length.toString();
      else if (key == 'flag') text += json.readBool().toString();
      else json.fail('unknown');
      text += ';';
    }
  }
  json.end();
  const utf8 = String.UTF8.encode(json.failed ? '!' + json.error : text);
  return ((<u64>utf8.byteLength) << 32) | (<u64>changetype<usize>(utf8));
}

function value(json: JsonReader): string {
  switch (json.peek()) {
    case JsonKind.Object:
      return object(json);
    case JsonKind.Array:
      return array(json);
    case JsonKind.Text:
      return quoted(json.readText());
    case JsonKind.Integer:
      return json.readDigits();
    case JsonKind.True:
    case JsonKind.False:
      return json.readBool() ? 'true' : 'false';
    case JsonKind.Null:
      json.readNull();
      return 'null';
    default:
      json.fail('expected a value');
      return '';
  }
}

function object(json: JsonReader): string {
  let text = '{';
  if (!json.enterObject()) return '';
  for (let key = json.nextKey(); key !== null; key = json.nextKey()) {
    text += (text.length > 1 ? ',' : '') + quoted(key!) + ':' + value(json);
  }
  return text + '}';
}

function array(json: JsonReader): string {
  let text = '[';
  if (!json.enterArray()) return '';
  while (json.nextElement()) text += (text.length > 1 ? ',' : '') + value(json);
  return text + ']';
}

/** Quotes as JSON.stringify does. */
function quoted(text: string): string {
  let out = '"';
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c == 0x22) out += '\\"';
    else if (c == 0x5c) out += '\\\\';
    else if (c == 0x08) out += '\\b';
    else if (c == 0x0c) out += '\\f';
    else if (c == 0x0a) out += '\\n';
    else if (c == 0x0d) out += '\\r';
    else if (c == 0x09) out += '\\t';
    else if (c < 0x20) out += '\\u00' + (c < 16 ? '0' : '1') + '0123456789abcdef'.charAt(c & 15);
    else out += String.fromCharCode(c);
  }
  return out + '"';
}
