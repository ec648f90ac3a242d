// `corejam/vm`, as whoever depends on the package imports it: what was built, by the package's own `exports`.
import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { prepare } from '../../../host/vm/index.js';
import { wat } from './wat.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('corejam/vm prepares, runs and traces by either compiler, and uses the same gas as here', () => {
  const code = wat('(module (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))');
  const script = `import { prepare } from 'corejam/vm';
    for (const compiler of ['tiers', 'baseline']) {
      const guest = prepare(Uint8Array.of(${code.join()}), { compiler, trace: true }).instantiate();
      const { outcome, value, gasUsed } = guest.call('f', [41], { gas: 10n ** 9n });
      console.log([outcome, value, gasUsed, guest.trace().functions[0].name].join(" "));
    }`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, encoding: 'utf8' });
  const { gasUsed } = prepare(code).instantiate().call('f', [41], { gas: 10n ** 9n });
  expect(printed).toBe(`returned 42 ${gasUsed} f\n`.repeat(2));
});
