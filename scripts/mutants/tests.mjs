// Which tests run the runtime, and which of them are about a source.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Files of tests that compile sources of the runtime other than pallets themselves. */
const COMPILING = ['tests/unit/runtime', 'tests/unit/compiler'];
/** How many files, beside those named after a pallet, are related to it: those that mention it most. */
const MENTIONING_MAX = 3;

const filesOf = (root, folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder))
        .filter((name) => name.endsWith('.test.ts'))
        .sort()
        .map((name) => `${folder}/${name}`)
    : [];

/** Whether the tests of COMPILING can notice a change of the source at `path`. */
const isCompiled = (path) => !['pallets', 'executive', 'apis'].includes(path.split('/')[1]);

/** All files of tests that can notice a change of the sources at `paths`. */
export function testsOfRuntime(root, paths) {
  const chains = filesOf(root, 'tests/integration').filter((name) =>
    readFileSync(join(root, name), 'utf8').includes("from './chain.js'"),
  );
  const compiling = paths.some(isCompiled) ? COMPILING.flatMap((folder) => filesOf(root, folder)) : [];
  return [...filesOf(root, 'tests/pallets'), ...chains, ...compiling];
}

const pascal = (name) => name.replace(/(^|-)(\w)/g, (_, _dash, letter) => letter.toUpperCase());

/**
 * Those of `tests` that are about the source at `path`, in groups that are best run one after another: those named
 * after its folder or itself, those that mention its pallet most.
 */
export function relatedTests(root, path, tests) {
  const [, floor, pallet] = path.split('/');
  if (isCompiled(path)) return [tests.filter((name) => COMPILING.some((folder) => name.startsWith(`${folder}/`)))];
  const subject = floor === 'pallets' ? pallet : floor;
  const mentions = (name) => readFileSync(join(root, name), 'utf8').split(`${pascal(subject)}.`).length - 1;
  const named = tests.filter(
    (name) => basename(name).startsWith(subject) || basename(name, '.test.ts') === basename(path, '.ts'),
  );
  const others = tests
    .filter((name) => name.startsWith('tests/pallets/') && !named.includes(name))
    .map((name) => ({ name, count: mentions(name) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  return [named, others.slice(0, MENTIONING_MAX).map(({ name }) => name)];
}
