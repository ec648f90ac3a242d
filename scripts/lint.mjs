// Runs all checks of the sources, as many at a time as there are processors, and prints the time and result of each,
// and the output of those that fail. The exit code is 1 if a check fails.
//
//   node scripts/lint.mjs                          all of them
//   node scripts/lint.mjs knip eslint              some of them
//   node scripts/lint.mjs --root FOLDER imports    in another folder than the repository's, for the tests of the checks
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals: given } = parseArgs({ options: { root: { type: 'string' } }, allowPositionals: true });
const root = resolve(values.root ?? repository);

/** The program that the package `name` installs as `command`. */
function bin(name, command = name) {
  const folder = join(repository, 'node_modules', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[command]);
}

/** `tsc` of one project, incremental between runs. */
const types = (project, name) => [
  bin('typescript', 'tsc'),
  ...['--noEmit', '-p', project, '--incremental', '--tsBuildInfoFile', `build/lint/${name}.tsbuildinfo`],
];

/** Arguments of node for each check, the slowest first. Prettier caches by content, because dates can hide a change. */
const CHECKS = {
  eslint: [bin('eslint'), '.'],
  prettier: [
    bin('prettier'),
    ...['--check', '.', '--log-level', 'warn'],
    ...['--cache', '--cache-strategy', 'content', '--cache-location', 'build/lint/prettier'],
  ],
  types: types('.', 'types'),
  imports: [join(repository, 'scripts/lint/imports.mjs')],
  knip: [bin('knip'), '--no-progress'],
  unreached: [join(repository, 'scripts/lint/unreached.mjs')],
  citations: [join(repository, 'scripts/lint/citations.mjs')],
  'types:assembly': types('assembly', 'types-assembly'),
  'types:guests': types('guests', 'types-guests'),
};

/** @returns {Promise<{ code: number, output: string, seconds: number }>} */
function run(args) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.on('close', (code) => {
      resolve({ code: code ?? 1, output: output.trim(), seconds: (performance.now() - started) / 1000 });
    });
  });
}

const unknown = given.filter((name) => !(name in CHECKS));
if (unknown.length > 0) {
  console.error(`lint: there is no check ${unknown.join(', ')}; the checks are ${Object.keys(CHECKS).join(', ')}`);
  process.exit(2);
}

const started = performance.now();
const waiting = given.length > 0 ? given : Object.keys(CHECKS);
const failed = [];
const worker = async () => {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const { code, output, seconds } = await run(CHECKS[name]);
    console.log(`${name.padEnd(16)} ${seconds.toFixed(1).padStart(5)} s  ${code === 0 ? 'ok' : 'FAILED'}`);
    if (code !== 0) {
      failed.push(name);
      console.log(`\n${output}\n`);
    }
  }
};
await Promise.all(Array.from({ length: availableParallelism() }, worker));
console.log(`lint: ${((performance.now() - started) / 1000).toFixed(1)} s, failed: ${failed.join(', ') || 'none'}`);
process.exitCode = failed.length === 0 ? 0 : 1;
