// Which tests run a source, and which of them are about it.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

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
const isCompiled = (path) => !isHost(path) && !['pallets', 'executive', 'apis'].includes(path.split('/')[1]);
const isHost = (path) => path.startsWith('host/');

/** All files of tests that can notice a change of the runtime's sources among `paths`. */
export function testsThatRun(root, paths) {
  const chains = filesOf(root, 'tests/integration').filter((name) =>
    readFileSync(join(root, name), 'utf8').includes("from './chain.js'"),
  );
  const compiling = paths.some(isCompiled) ? COMPILING.flatMap((folder) => filesOf(root, folder)) : [];
  return [...filesOf(root, 'tests/pallets'), ...chains, ...compiling];
}

/**
 * The tests of a source, in groups that are best run one after another.
 * @param {string} root
 * @param {string} path
 * @param {string[]} ofRuntime all tests of the runtime
 * @returns {{ related: string[][], others: string[][] }}
 */
export function stagesOf(root, path, ofRuntime) {
  return isHost(path) ? stagesOfHost(root, path) : stagesOfRuntime(root, path, ofRuntime);
}

const pascal = (name) => name.replace(/(^|-)(\w)/g, (_, _dash, letter) => letter.toUpperCase());
/** Whole chains take the most time. */
const isChain = (name) => name.startsWith('tests/integration/');

/**
 * Related are those named after the source's folder or itself, and those that mention its pallet most; for a source
 * below the pallets, those that compile such sources.
 */
function stagesOfRuntime(root, path, tests) {
  const related = relatedToRuntime(root, path, tests);
  const others = tests.filter((name) => !related.flat().includes(name));
  return { related, others: [others.filter((name) => !isChain(name)), others.filter(isChain)] };
}

function relatedToRuntime(root, path, tests) {
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

/**
 * Related are the tests of the source's floor that import it, directly or not, first those that are named after it or its
 * folder. The others: all that import it, and those that run the command, in processes of their own.
 */
function stagesOfHost(root, path) {
  const importing = importersOf(root, path);
  const floor = `tests/unit/${path.split('/')[1]}/`;
  const subjects = [basename(path, '.ts'), basename(dirname(path))];
  const named = importing.filter((name) => subjects.some((subject) => basename(name).startsWith(subject)));
  const ofFloor = importing.filter((name) => name.startsWith(floor) && !named.includes(name));
  const rest = importing.filter((name) => !named.includes(name) && !ofFloor.includes(name));
  const commands = filesOf(root, 'tests/integration').filter((name) => !importing.includes(name));
  return {
    related: [named, ofFloor],
    others: [rest.filter((name) => !isChain(name)), [...rest.filter(isChain), ...commands]],
  };
}

/** The tests that import a source, directly or not, as jest finds them. */
function importersOf(root, path) {
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const out = execFileSync(process.execPath, [...args, '--listTests', '--findRelatedTests', path], { cwd: root });
  const found = out.toString().split('\n').filter(Boolean);
  return found.map((file) => relative(root, file)).sort();
}
