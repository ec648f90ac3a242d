// Runs the tests: builds what is out of date, then runs jest with the given arguments (paths, -t NAME, --watch …).
// Writes jest's results to build/test-results.json, from which .ci/run prints its last line.
// Tests of pallets compile what they need, so the blob is not built if only these run.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

const given = process.argv.slice(2);
const paths = given.filter((argument) => /(^|\/)tests(\/|$)/.test(argument));
const palletsOnly = paths.length > 0 && paths.every((path) => /(^|\/)tests\/pallets(\/|$)/.test(path));
const built = run(['scripts/build.mjs', ...(palletsOnly ? ['--js-only'] : [])]);
if (built !== 0) process.exit(built);
process.exit(
  run([
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--json',
    '--outputFile=build/test-results.json',
    '--testLocationInResults',
    ...given,
  ]),
);
