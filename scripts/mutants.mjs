// Mutation testing of the runtime's AssemblyScript: makes small changes in a copy of the tree, one at a time, and lists
// those that no test notices. See docs/guides/mutation-testing.md.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

import { buildScripts } from './build.mjs';
import { diffOf, enumsOf, inOrderOf, mutationsOf } from './mutants/mutations.mjs';
import { Workshop } from './mutants/workshop.mjs';

const HELP = `usage: npm run mutants -- FOLDER… --seed N [options]

Mutates the sources below each FOLDER (default: assembly/pallets), runs the tests, and prints the mutants that survive.

  --seed N         which mutants: the same seed and sources give the same ones (default: drawn, and printed)
  --count N        how many (default 100)
  --jobs N         how many at a time (default 2)
  --threshold P    exit with 1 if less than P percent are killed (default 0)
  --related        run only related tests: fast, but some survivors are killed by other tests
  --again          test the survivors of the last run again, instead of a sample
  --list           only list the sample; nothing is compiled or run
  --root FOLDER    another tree than this one
  --help           this text
`;

const repository = fileURLToPath(new URL('..', import.meta.url));

function options() {
  const { values, positionals } = parseArgs({
    options: {
      seed: { type: 'string' },
      count: { type: 'string', default: '100' },
      jobs: { type: 'string', default: '2' },
      threshold: { type: 'string', default: '0' },
      related: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      root: { type: 'string', default: repository },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const number = (name, text, most) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= most) return value;
    throw new Error(`--${name} must be a number up to ${most}, not ${text}`);
  };
  return {
    ...values,
    folders: positionals.length > 0 ? positionals : ['assembly/pallets'],
    root: resolve(values.root),
    seed: number('seed', values.seed ?? String(Math.floor(Math.random() * 1e9)), 2 ** 32 - 1),
    count: number('count', values.count, 1e6),
    jobs: Math.max(1, number('jobs', values.jobs, 64)),
    threshold: number('threshold', values.threshold, 100),
  };
}

/** The AssemblyScript sources below a folder, relative to the root, in order. */
function sourcesBelow(root, folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => join(folder, name))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Whether a program wrote the source: `npm run bench:weights` writes figures that no test can know. */
const isWritten = ({ text }) => /^\/\/ .*Written by `npm run /m.test(text.slice(0, 500));

const percent = (part, whole) => (whole === 0 ? 100 : (100 * part) / whole);

/** A mutant as it is printed and recorded. */
const described = (texts, mutation) =>
  `${mutation.path}:${mutation.line} (${mutation.kind})\n${diffOf(texts.get(mutation.path), mutation)}`;

/** The mutations that a report lists, found again in the sources by path and changed lines. */
function recorded(file, texts, mutations) {
  const wanted = new Set(JSON.parse(readFileSync(file, 'utf8')).survivors.map(({ path, diff }) => `${path}\n${diff}`));
  return mutations.filter((mutation) => {
    const key = `${mutation.path}\n${diffOf(texts.get(mutation.path), mutation)}`;
    return wanted.delete(key);
  });
}

async function main() {
  const chosen = options();
  if (chosen.help) return void process.stdout.write(HELP);
  const { root, seed, count, jobs } = chosen;
  const all = sourcesBelow(root, 'assembly');
  const texts = new Map(all.map(({ path, text }) => [path, text]));
  const inside = ({ path }) => chosen.folders.some((folder) => `${path}/`.startsWith(`${folder.replace(/\/+$/, '')}/`));
  const sources = all.filter((source) => inside(source) && !isWritten(source));
  if (sources.length === 0) throw new Error(`there are no sources of the runtime below ${chosen.folders.join(', ')}`);
  const enums = enumsOf(all);
  const mutations = sources.flatMap(({ path, text }) => mutationsOf(path, text, enums));
  const report = join(root, 'build/mutants.json');
  const sample = chosen.again ? recorded(report, texts, mutations) : inOrderOf(mutations, seed);
  console.log(`mutants: ${mutations.length} possible in ${sources.length} files, seed ${seed}`);
  if (chosen.list) {
    for (const mutation of sample.slice(0, count)) console.log(`\n${described(texts, mutation)}`);
    return;
  }

  await buildScripts();
  const workshop = new Workshop(root, { jobs, related: chosen.related, tell: (line) => console.log(line) });
  const interrupted = () => {
    workshop.close();
    process.exit(130);
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  const survivors = [];
  let [tested, killed, discarded] = [0, 0, 0];
  try {
    await workshop.prepare(sources.map(({ path }) => path));
    await workshop.each(sample, count, async (mutation, place) => {
      const verdict = await place.test(mutation, texts.get(mutation.path));
      if (verdict.kind === 'discarded') {
        discarded++;
        return false;
      }
      tested++;
      if (verdict.kind === 'killed') killed++;
      else survivors.push(mutation);
      const progress = `${tested}/${chosen.again ? sample.length : count}`;
      console.log(`${progress} ${mutation.path}:${mutation.line} (${mutation.kind}) ${verdict.kind}: ${verdict.by}`);
      if (verdict.kind === 'survived') console.log(diffOf(texts.get(mutation.path), mutation));
      return true;
    });
  } finally {
    workshop.close();
  }
  survivors.sort((a, b) => a.path.localeCompare(b.path) || a.start - b.start);
  console.log(`\n${survivors.length} survive${survivors.length > 0 ? ':' : ''}`);
  for (const mutation of survivors) console.log(`\n${described(texts, mutation)}`);
  const share = percent(killed, tested);
  console.log(
    `\nmutants: ${killed} of ${tested} killed (${share.toFixed(1)} %), seed ${seed}; ` +
      `${discarded} more did not compile or were no change`,
  );
  const listed = survivors.map((mutation) => ({
    path: mutation.path,
    line: mutation.line,
    kind: mutation.kind,
    diff: diffOf(texts.get(mutation.path), mutation),
  }));
  mkdirSync(dirname(report), { recursive: true });
  writeFileSync(report, `${JSON.stringify({ seed, tested, killed, survivors: listed }, null, 2)}\n`);
  if (share < chosen.threshold) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(`mutants: ${error.message}`);
  process.exitCode = 2;
}
