// Text layout for a width, and names from untrusted files.
import { describe, expect, test } from '@jest/globals';
import { printable, printableJson } from '../../../host/bytes/index.js';
import { columns, grouped, wrap } from '../../../host/cli/layout.js';

describe('layout', () => {
  test('wraps words at the width, and gives a longer one a line of its own', () => {
    expect(wrap(['aa', 'bbb', 'c', 'dddd'], 8, '  ')).toBe('aa bbb\n  c dddd');
    expect(wrap(['aa', 'bbb', 'c', 'dddd'], 7, '  ')).toBe('aa\n  bbb c\n  dddd');
    expect(wrap(['a', 'much-too-long', 'b'], 6, '  ')).toBe('a\n  much-too-long\n  b');
    expect(wrap([], 10, '')).toBe('');
  });

  test('aligns columns, left or right', () => {
    expect(
      columns(
        [
          ['a', '1', 'x'],
          ['bbb', '22', 'yy'],
        ],
        [1],
      ),
    ).toEqual(['  a     1  x', '  bbb  22  yy']);
    expect(columns([])).toEqual([]);
  });

  test('groups digits', () => {
    expect([0, 999, 1_000, 1_048_576].map(grouped)).toEqual(['0', '999', '1,000', '1,048,576']);
    expect(grouped(12_345_678_901_234_567_890n)).toBe('12,345,678,901,234,567,890');
  });

  test('escapes what would move a cursor, change a colour or reverse the direction of text', () => {
    const evil = 'a\u001b[31mb\u009b2Jc\r\nd\u202ee\u0000';
    expect(printable(evil)).toBe('a\\u{1b}[31mb\\u{9b}2Jc\\u{d}\\u{a}d\\u{202e}e\\u{0}');
    expect(printable('naïve 名前')).toBe('naïve 名前');
    expect(printable('x'.repeat(100))).toBe(`${'x'.repeat(80)}…`);
  });

  test('escapes the same in JSON, which keeps its meaning', () => {
    const value = { name: 'a\u001b[31m\u009b\u202e"\n' };
    const json = printableJson(value);
    expect(JSON.parse(json)).toEqual(value);
    expect([...json].filter((char) => char !== '\n' && /[^\u0020-\u007e]/.test(char))).toEqual([]);
  });
});
