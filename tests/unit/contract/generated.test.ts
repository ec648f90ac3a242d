// The checked-in contract is up to date with assembly/.
import { test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTRACT } from '../../../compiler/build.js';
import { compileRuntime, root } from './runtime.js';

test(`${CONTRACT} is up to date`, async () => {
  const lines = readFileSync(join(root, CONTRACT), 'utf8').split('\n');
  const made = (await compileRuntime()).contract!.split('\n');
  const at = made.findIndex((line, index) => line !== lines[index]);
  if (at < 0 && lines.length === made.length) return;
  const line = at < 0 ? made.length : at;
  throw new Error(
    `${CONTRACT} is not what the compiler makes of assembly/: \`npm run build\` writes it again.\n` +
      `Line ${line + 1} is\n  ${lines[line] ?? '(missing)'}\nand should be\n  ${made[line] ?? '(not there)'}`,
  );
});
