// The mutation tester: which mutants it finds in a small source, and that a seed repeats a sample.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

const FILES: Record<string, string> = {
  'assembly/pallets/greeter/state.ts': [
    '// State.',
    'export enum GreeterError { Silence, Noise }',
    'export enum Mood { Glad, Sad }',
    '',
  ].join('\n'),
  'assembly/pallets/greeter/rules.ts': [
    '// Rules.',
    "import { GreeterError, Mood } from './state';",
    'export function greet(length: u32, times: u32): i32 {',
    '  if (length <= 2 && !isQuiet(times)) return GreeterError.Silence;',
    '  note(length, times);',
    '  return isLoud(min(length, 8), Mood.Glad) ? 1 : total.add(times) as i32;',
    '}',
    'const each = (value: u32): u32 => value << 1;',
    '',
  ].join('\n'),
  'assembly/pallets/greeter/weights.ts':
    '// Weights. Written by `npm run bench:weights`.\nexport const GREET: u64 = 1_234;\n',
  'assembly/frame/other.ts': 'export const OTHER: u32 = 1 + 2;\n',
};

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'corejam-mutants-test-'));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs the program with these arguments on the small tree. */
function mutants(...args: string[]): { out: string; code: number | null; error: string } {
  const program = join(repository, 'scripts/mutants.mjs');
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, '--root', root, ...args], {
    encoding: 'utf8',
  });
  return { out: stdout, code: status, error: stderr };
}

/** The mutants in a list: `kind: what the line becomes`, sorted. */
function listed(out: string): string[] {
  const entries = [...out.matchAll(/\((\w+)\)\n((?:- .*\n)+)((?:\+ .*(?:\n|$))+)/g)];
  return entries.map(([, kind, , after]) => `${kind}: ${after!.replace(/^\+ */, '').trim()}`).sort();
}

describe('npm run mutants', () => {
  test('finds all mutations of a source, and none in imports, declarations of enums and measured weights', () => {
    const { out, code } = mutants('assembly/pallets', '--list', '--count', '100', '--seed', '1');
    expect(code).toBe(0);
    const guard = 'return GreeterError.Silence;';
    const result = '? 1 : total.add(times) as i32;';
    expect(listed(out)).toEqual(
      [
        `operator: if (length < 2 && !isQuiet(times)) ${guard}`,
        `operator: if (length > 2 && !isQuiet(times)) ${guard}`,
        `operator: if (length <= 2 || !isQuiet(times)) ${guard}`,
        `integer: if (length <= 3 && !isQuiet(times)) ${guard}`,
        `integer: if (length <= 1 && !isQuiet(times)) ${guard}`,
        `condition: if (!(length <= 2 && !isQuiet(times))) ${guard}`,
        `condition: if (length <= 2 && (isQuiet(times))) ${guard}`,
        'if: {}',
        'error: if (length <= 2 && !isQuiet(times)) return 0;',
        'member: if (length <= 2 && !isQuiet(times)) return GreeterError.Noise;',
        'statement: {};',
        'arguments: note(times, length);',
        `arguments: return isLoud(Mood.Glad, min(length, 8)) ${result}`,
        `condition: return !(isLoud(min(length, 8), Mood.Glad)) ${result}`,
        `operator: return isLoud(max(length, 8), Mood.Glad) ${result}`,
        `integer: return isLoud(min(length, 9), Mood.Glad) ${result}`,
        `integer: return isLoud(min(length, 7), Mood.Glad) ${result}`,
        `member: return isLoud(min(length, 8), Mood.Sad) ${result}`,
        'integer: return isLoud(min(length, 8), Mood.Glad) ? 2 : total.add(times) as i32;',
        'integer: return isLoud(min(length, 8), Mood.Glad) ? 0 : total.add(times) as i32;',
        'operator: return isLoud(min(length, 8), Mood.Glad) ? 1 : total.sub(times) as i32;',
        'operator: const each = (value: u32): u32 => value >> 1;',
        'integer: const each = (value: u32): u32 => value << 2;',
        'integer: const each = (value: u32): u32 => value << 0;',
      ].sort(),
    );
    expect(out).toContain(
      'assembly/pallets/greeter/rules.ts:5 (arguments)\n-   note(length, times);\n+   note(times, length);',
    );
  });

  test('a seed repeats its sample, and another seed gives another', () => {
    const sample = (seed: string): string => mutants('assembly', '--list', '--count', '8', '--seed', seed).out;
    expect(sample('7')).toBe(sample('7'));
    expect(listed(sample('7'))).toHaveLength(8);
    expect(listed(sample('8'))).not.toEqual(listed(sample('7')));
  });

  test('each place in the text comes once before any comes twice', () => {
    const { out } = mutants('assembly/frame', '--list', '--count', '3', '--seed', '3');
    expect(listed(out).map((line) => line.split(':')[0])).toEqual(['integer', 'integer', 'operator']);
  });

  test('says what is wrong with its arguments', () => {
    expect(mutants('--seed', 'x')).toMatchObject({
      code: 2,
      error: expect.stringContaining('--seed must be a number'),
    });
    expect(mutants('assembly/none', '--list')).toMatchObject({
      code: 2,
      error: expect.stringContaining('assembly/none'),
    });
    expect(mutants('--help').out).toContain('--threshold');
  });
});
