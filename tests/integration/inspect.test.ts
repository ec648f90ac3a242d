// `corejam inspect`, run as a process: output, exit codes, and files that are not guests.
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wat } from '../unit/vm/wat.js';
import { corejam, root, temporaryFolder } from './command.js';

const { path: folder, file } = temporaryFolder();
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('corejam inspect', () => {
  test('reports what a guest is, its imports and their prices, and how much of each limit it uses', () => {
    const { code, out, err } = corejam('inspect', 'build/guests/ordering.wasm');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('build/guests/ordering.wasm: a guest, accepted');
    expect(out).toMatch(/refine +\(i32, i32\) -> \(i64\)/);
    expect(out).toMatch(/as an Authorizer +no: is_authorized is missing/);
    expect(out).toMatch(/as a Work Class +yes/);
    expect(out).toMatch(
      /env\.ext_corejam_set_work_storage_version_1 +\(i64, i64\) -> \(i32\) +60,000 fuel \+ 40 a byte/,
    );
    expect(oneLine(out)).toMatch(
      /setup [\d,]+ fuel \([\d.]+ .s\) in-core, [\d,]+ fuel \([\d.]+ .s\) on-chain, with the first call/,
    );
    expect(out).toMatch(/module bytes +[\d,]+ +of 1,048,576 +\d+\.\d %/);
    expect(out).not.toContain('\u001b[');
    expect(corejam('inspect', 'build/guests/signature.wasm').out).toMatch(/as an Authorizer +yes/);
  });

  test('prints the same as JSON', () => {
    const { code, out } = corejam('inspect', 'build/guests/ordering.wasm', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out) as { bytes: number; guest: { measured: { limits: unknown[] } } };
    expect(report.bytes).toBe(readFileSync(join(root, 'build/guests/ordering.wasm')).length);
    expect(report.guest).toMatchObject({ accepted: true, workClass: { fits: true, problems: [] } });
    expect(report.guest.measured.limits).toContainEqual(
      expect.objectContaining({ limit: 'moduleBytes', used: report.bytes }),
    );
  });

  test('reports a runtime blob, and why it is not a guest', () => {
    const { code, out } = corejam('inspect', 'build/runtime.wasm');
    expect(code).toBe(0);
    expect(out).toContain('build/runtime.wasm: a runtime, accepted');
    expect(out).toContain('corejam 1');
    expect(oneLine(out)).toMatch(
      /as a guest refused: import env\.ext_\w+ is unknown, at byte \d+ \(0x[\da-f]+\), in the import section/,
    );
    expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  test('exits with 1 if the host refuses the module, and reports the rule and the place', () => {
    const refine = '(func (export "refine") (param i32 i32) (result i64) (drop (f32.const 1)) (i64.const 0))';
    const path = file('float.wasm', wat(`(module ${refine})`));
    const { code, out, err } = corejam('inspect', path);
    expect([code, err]).toEqual([1, '']);
    expect(oneLine(out)).toMatch(/refused floats are not allowed: .* at byte \d+ \(0x[\da-f]+\), in the code section/);
    expect(oneLine(out)).toContain('in the code section, byte 1 of function 0 "refine"');
    const json = corejam('inspect', path, '--json');
    expect(json.code).toBe(1);
    const refusal = { section: 'code', function: { index: 0, name: 'refine', at: 1 } };
    expect(JSON.parse(json.out)).toMatchObject({ guest: { accepted: false, refusal } });
  });

  test.each([
    ['text', 'guest.wat', '\n  (module)', 'is not a WebAssembly module but the text of one: assemble it first'],
    ['garbage', 'garbage.wasm', 'garbage', 'is not a WebAssembly module: it does not begin with the bytes 00 61 73 6d'],
    ['nothing', 'empty.wasm', '', 'is not a WebAssembly module: it is empty'],
  ])('reports what a file of %s is, in one line', (_what, name, content, sentence) => {
    const { code, out, err } = corejam('inspect', file(name, content));
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test('reports what is wrong with a damaged module, a damaged runtime, a folder and a missing file', () => {
    const cut = corejam('inspect', file('cut.wasm', wat('(module (func) (memory 1))').subarray(0, 15)));
    expect([cut.code, cut.out]).toEqual([1, expect.stringContaining('unexpected end')]);
    const prefix = [0x52, 0xbc, 0x53, 0x76, 0x46, 0xdb, 0x8e, 0x05]; // of compressed blobs
    const compressed = corejam('inspect', file('runtime.compressed', Uint8Array.from([...prefix, 1, 2, 3])));
    expect([compressed.code, compressed.err]).toEqual([1, expect.stringContaining('does not decompress')]);
    for (const [path, sentence] of [
      [folder(), 'it is a folder'],
      [join(folder(), 'none.wasm'), 'there is no such file'],
    ] as const) {
      const { code, err } = corejam('inspect', path);
      expect([code, err.trim()]).toEqual([1, `error: can't read ${path}: ${sentence}`]);
    }
  });

  test('takes exactly one file', () => {
    for (const args of [[], ['a.wasm', 'b.wasm']]) {
      const { code, err } = corejam('inspect', ...args);
      expect([code, err]).toEqual([2, expect.stringContaining('name one file')]);
    }
  });
});
