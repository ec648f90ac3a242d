// assembly/json against JSON.parse, on random documents with random damage. CORE_SEED=… repeats a run.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { compileEntry, type TestModule } from '../harness/compile.js';
import { Dice } from './vm-dice.js';

const seed = Number(process.env.CORE_SEED ?? Date.now() % 2 ** 31);
const ROUNDS = 4_000;

const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  'd834',
  '\\udd1e',
  '0',
  '-',
  '-0',
  '12',
  '1.5',
  '2e3',
  'true',
  'false',
  'null',
  'nul',
  ' ',
  '\n',
  '\t',
  '\r',
  '\u0000',
  '\u001f',
  '\u00a0',
  '\ufeff',
  'é',
  '€',
  '𝄞',
  '"a"',
  '"a":1',
  '\\"',
  '\\/',
  '\\b',
  "'",
];

function document(random: (below: number) => number, depth = 0): string {
  const space = (): string => [' ', '', '', '\n'][random(4)]!;
  switch (depth > 5 ? 2 + random(6) : random(8)) {
    case 0: {
      const member = (): string => `${text(random)}${space()}:${document(random, depth + 1)}`;
      return `{${space()}${Array.from({ length: random(4) }, member).join(',')}}`;
    }
    case 1:
      return `[${Array.from({ length: random(4) }, () => document(random, depth + 1)).join(`${space()},`)}${space()}]`;
    case 2:
      return text(random);
    case 3:
      return String(random(1_000_000) - 500_000);
    case 4:
      return '9'.repeat(1 + random(40));
    default:
      return ['true', 'false', 'null'][random(3)]!;
  }
}

function text(random: (below: number) => number): string {
  const letters = ['a', 'b', '"', '\\', '\n', 'é', '𝄞', '\u0001', '/'];
  return JSON.stringify(Array.from({ length: random(5) }, () => letters[random(letters.length)]).join(''));
}

function damaged(source: string, random: (below: number) => number): string {
  const at = random(source.length + 1);
  const piece = PIECES[random(PIECES.length)]!;
  return source.slice(0, at) + piece + source.slice(at + random(3));
}

/**
 * What the reader should return for `source`, by JSON.parse: undefined if it must refuse. JSON.parse forgets
 * digits and double keys, so numbers are wrapped in strings first, and keys are counted by a reviver-free second look.
 */
function expected(source: string): string | undefined {
  try {
    JSON.parse(source);
  } catch {
    return undefined;
  }
  // Valid JSON from here on: a token is a string or it is not, so this split is exact.
  const tokens = source.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\],:]|true|false|null/g) ?? [];
  const open: (Set<string> | undefined)[] = [];
  let out = '';
  for (const [index, token] of tokens.entries()) {
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : undefined);
    if (open.length > 32) return undefined;
    if (token === '}' || token === ']') open.pop();
    if (/^-?\d/.test(token) && (/[.eE]/.test(token) || token === '-0')) return undefined;
    if (!token.startsWith('"')) {
      out += token;
      continue;
    }
    const value = JSON.parse(token) as string;
    // Half a surrogate pair has no UTF-8: it does not survive encoding.
    if (new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(value)) !== value)
      return undefined;
    if (tokens[index + 1] === ':') {
      const keys = open.at(-1)!;
      if (keys.has(value)) return undefined;
      keys.add(value);
    }
    out += JSON.stringify(value);
  }
  return out;
}

let module: TestModule;
beforeAll(async () => {
  module = await compileEntry('tests/unit/runtime/assembly/json.ts');
});

describe('JSON reader, fuzzed', () => {
  test(`agrees with JSON.parse on ${ROUNDS} documents (seed ${seed})`, () => {
    console.log(`tests/fuzz/json: CORE_SEED=${seed}`);
    const dice = new Dice(seed);
    const random = (below: number): number => dice.roll(below);
    let read = 0,
      refused = 0;
    for (let round = 0; round < ROUNDS; round++) {
      let source = document(random);
      for (let blows = random(4); blows > 0; blows--) source = damaged(source, random);
      const bytes = new TextEncoder().encode(source);
      // Lone surrogates that damage left behind do not survive encoding: compare with what was in fact encoded.
      const want = expected(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
      const got = new TextDecoder().decode(module.call('rewrite', bytes));
      const agrees = want === undefined ? got.startsWith('!') : got === want;
      if (!agrees) throw new Error(`${JSON.stringify(source)}: got ${got}, not ${want}`);
      if (want === undefined) refused++;
      else read++;
    }
    // Both kinds must occur often, or the fuzzer fuzzes nothing.
    expect(Math.min(read, refused)).toBeGreaterThan(ROUNDS / 10);
  });
});
