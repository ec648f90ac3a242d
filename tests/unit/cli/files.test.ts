// Files that a person names: what can't be read is told in a sentence, and a name can't write to the terminal.
import { afterEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInput } from '../../../host/cli/files.js';
import { CliError } from '../../../host/cli/terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'corejam-files-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what a file can not be read for', () => {
  writeFileSync(join(folder, 'file'), 'text');
  symlinkSync('round', join(folder, 'round'));
  expect(Buffer.from(readInput(join(folder, 'file'))).toString()).toBe('text');
  const cases: [path: string, sentence: string][] = [
    ['', 'a file must have a name'],
    [folder, `can't read ${folder}: it is a folder`],
    [join(folder, 'none'), `can't read ${join(folder, 'none')}: there is no such file`],
    [
      join(folder, 'file/below'),
      `can't read ${join(folder, 'file/below')}: what should be a folder on its way is a file`,
    ],
    [join(folder, 'round'), `can't read ${join(folder, 'round')}: its links lead round in circles`],
    ['a\u001b[31mb', "can't read a\\u{1b}[31mb: there is no such file"],
  ];
  for (const [path, sentence] of cases) expect(() => readInput(path)).toThrow(new CliError(sentence));
  expect(() => readInput('n'.repeat(5_000))).toThrow(/: no file can have so long a name$/);
});
