// assembly/json: accepted documents, refused ones, and the positions in its errors.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { compileEntry, type TestModule } from '../../harness/compile.js';

let module: TestModule;
beforeAll(async () => {
  module = await compileEntry('tests/unit/runtime/assembly/json.ts');
});

const utf8 = new TextEncoder();
const run = (name: string, document: string | Uint8Array): string =>
  new TextDecoder().decode(module.call(name, typeof document === 'string' ? utf8.encode(document) : document));
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('JSON reader', () => {
  test.each([
    '{}',
    '[]',
    '0',
    '-12',
    'true',
    'false',
    'null',
    '""',
    '"a\\"b\\\\c\\u0001"',
    '{"a":[1,{"b":null}],"c":"é€𝄞"}',
    '340282366920938463463374607431768211455',
    nested(32),
  ])('reads %s', (document) => {
    expect(run('rewrite', document)).toBe(document);
    expect(run('skip', document)).toBe('ok');
  });

  test('reads every escape, surrogate pairs and white space as JSON.parse does', () => {
    const document = ' {\t"\\/\\b\\f\\n\\r\\t\\u00e9\\ud834\\udd1e" :\r\n [ 1 , 2 ] } ';
    expect(run('rewrite', document)).toBe(JSON.stringify(JSON.parse(document)));
  });

  test.each([
    ['', 'expected a value (line 1, column 1)'],
    ['{"a":1,"a":2}', 'the key "a" occurs twice (line 1, column 11)'],
    ['{"a":{"b":[1,\n 2.5]}}', 'a.b[1]: expected an integer, without fraction or exponent (line 2, column 3)'],
    ['[1e3]', '[0]: expected an integer, without fraction or exponent (line 1, column 3)'],
    ['[01]', '[0]: a number may not begin with 0 (line 1, column 4)'],
    ['-0', 'a negative number may not begin with 0 (line 1, column 3)'],
    ['-', 'expected a digit after "-" (line 1, column 2)'],
    ['[1,]', '[1]: expected a value (line 1, column 4)'],
    ['[1 2]', '[0]: expected "," or "]" (line 1, column 4)'],
    ['{"a" 1}', 'a: expected ":" after the key (line 1, column 6)'],
    ['{a:1}', 'expected a key in quotes (line 1, column 2)'],
    ['{"a":1,}', 'a: expected a key in quotes (line 1, column 8)'],
    ['"\\x"', 'an unknown escape in a string (line 1, column 3)'],
    ['"\\u12g4"', 'expected four hexadecimal digits after "\\u" (line 1, column 6)'],
    ['"\\ud834"', 'half a surrogate pair (line 1, column 8)'],
    ['"\\udd1e\\ud834"', 'half a surrogate pair (line 1, column 8)'],
    ['"abc', 'the string does not end (line 1, column 5)'],
    ['"a\nb"', 'a control character in a string must be escaped (line 1, column 3)'],
    ['tru', 'expected "true" (line 1, column 4)'],
    ['{} {}', 'expected the end of the document (line 1, column 4)'],
  ])('refuses %j', (document, error) => {
    expect(run('rewrite', document)).toBe(`!${error}`);
    expect(run('skip', document)).toBe(`!${error}`);
  });

  test('refuses the 33rd level', () => {
    expect(run('skip', nested(33))).toBe('!' + '[0]'.repeat(32) + ': more than 32 levels (line 1, column 33)');
  });

  test.each([[0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0xff], [0x80]])(
    'refuses bytes that are not UTF-8: %p',
    (...bytes) => {
      expect(run('skip', Uint8Array.of(0x22, ...bytes, 0x22))).toBe(
        '!the document is not valid UTF-8 (line 1, column 1)',
      );
    },
  );

  test.each([
    ['{"u32":4294967295,"hex":"0x0aFf","flag":true}', '4294967295;2;true;'],
    ['{"u32":4294967296}', '!u32: expected an integer from 0 to 4294967295 (line 1, column 18)'],
    ['{"u32":-1}', '!u32: expected an integer from 0 to 4294967295 (line 1, column 10)'],
    ['{"u32":"1"}', '!u32: expected an integer (line 1, column 8)'],
    ['{"hex":"0x0a"}', '!hex: expected 2 bytes in hexadecimal, not 1 (line 1, column 14)'],
    ['{"hex":"0x0"}', '!hex: expected "0x" and an even number of hexadecimal digits (line 1, column 13)'],
    ['{"flag":1}', '!flag: expected true or false (line 1, column 9)'],
    ['[]', '!expected an object (line 1, column 1)'],
  ])('reads typed values: %s', (document, result) => {
    expect(run('typed', document)).toBe(result);
  });
});
