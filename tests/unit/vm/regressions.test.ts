// Every module of tests/fuzz/regressions, in every tier of V8: the VM, the reference meter and the original module
// agree, and each run ends as its file expects.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ReplayReport } from '../../fuzz/vm-main.js';
import { runFuzzer } from '../../fuzz/vm-process.js';

const folder = fileURLToPath(new URL('../../fuzz/regressions', import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));

describe('what fuzzing found stays right', () => {
  let report: ReplayReport;
  beforeAll(async () => {
    report = await runFuzzer<ReplayReport>('replay');
  });
  for (const name of names) {
    test(name, () => {
      expect(report[name]).toEqual([]);
    });
  }
});
