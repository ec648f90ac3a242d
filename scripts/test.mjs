// Runs the test suite: builds what is out of date, then jest with the arguments given (paths, -t NAME, --watch …).
// Leaves jest's own account in build/test-results.json, from which .ci/run prints its last line.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

const built = run(['scripts/build.mjs']);
if (built !== 0) process.exit(built);
process.exit(run([
  '--experimental-vm-modules', '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--json', '--outputFile=build/test-results.json', '--testLocationInResults',
  ...process.argv.slice(2),
]));
