// Files named on the command line: a sentence says why one can't be read, and its name can't control the terminal.
import { afterEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInput } from '../../../host/cli/files.js';
import { CliError } from '../../../host/cli/terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'corejam-files-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('each reason why a file can not be read has a sentence', () => {
  writeFileSync(join(folder, 'file'), 'text');
  symlinkSync('round', join(folder, 'round'));
  expect(Buffer.from(readInput(join(folder, 'file'))).toString()).toBe('text');
  const cases: [path: string, sentence: string][] = [
    ['', 'a file must have a name'],
    [folder, `can't read ${folder}: it is a folder`],
    [join(folder, 'none'), `can't read ${join(folder, 'none')}: there is no such file`],
    [
      join(folder, 'file/below'),
      `can't read ${join(folder, 'file/below')}: a part of its path is a file, not a folder`,
    ],
    [join(folder, 'round'), `can't read ${join(folder, 'round')}: its symbolic links form a loop`],
    ['/dev/zero', "can't read /dev/zero: it is a device or a pipe, not a file"],
    ['a\u001b[31mb', "can't read a\\u{1b}[31mb: there is no such file"],
  ];
  for (const [path, sentence] of cases) expect(() => readInput(path)).toThrow(new CliError(sentence));
  expect(() => readInput('n'.repeat(5_000))).toThrow(/: its name is too long$/);
});
