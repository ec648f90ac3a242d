// Where mutants are compiled and tested: for each job a copy of the tree in a temporary folder, with builders of what is
// changed there and jest, which gets the blob by CORE_BLOB.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { BlobBuilder, end, ScriptBuilder } from './builders.mjs';
import { mutate } from './mutations.mjs';
import { stagesOf, testsThatRun } from './tests.mjs';

/** The time that tests of a mutant may take: as a multiple of what they took without it, and in addition. */
const TIME_FACTOR = 4;
const TIME_EXTRA_MS = 60_000;
/** The time that tests may take without a mutant. */
const FIRST_RUN_MS = 1_800_000;
/** How many files of tests are run without a mutant at a time. */
const FIRST_RUN_FILES = 3;
const SEQUENCER = fileURLToPath(new URL('sequencer.mjs', import.meta.url));
/** One copy of the tree. It tests one mutant at a time. */
class Place {
  #jest;
  #scripts;
  /** What compiles the runtime. */
  runtime;

  constructor(workshop, folder) {
    this.workshop = workshop;
    this.folder = folder;
    this.runtime = new BlobBuilder(folder);
    this.#scripts = new ScriptBuilder(folder);
  }

  /** Copies what git knows or would add, and what is built. */
  fill(root, files) {
    for (const file of files) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      cpSync(join(root, file), join(this.folder, file));
    }
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    const specs = readdirSync(join(root, 'chain-spec')).map((name) => `chain-spec/${name}`);
    for (const built of ['build/guests', 'build/runtime.wasm', 'build/js', ...specs]) {
      if (existsSync(join(root, built))) cpSync(join(root, built), join(this.folder, built), { recursive: true });
    }
  }

  /**
   * Runs test files, those of pallets with a blob if one is given; with `bail` until one fails.
   * @returns {Promise<{ passed: boolean, by: string, files: Map<string, { status: string, ms: number, message: string }> }>}
   */
  run(files, { limitMs, blob, bail = true }) {
    const output = join(this.folder, 'build/mutant-tests.json');
    rmSync(output, { force: true });
    const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    args.push('node_modules/jest/bin/jest.js', '--runInBand', '--silent', '--json', `--outputFile=${output}`);
    args.push(`--testSequencer=${SEQUENCER}`);
    args.push('--cacheDirectory=build/jest', ...(bail ? ['--bail'] : []), '--runTestsByPath', ...files);
    const env = { ...process.env, ...(blob === undefined ? {} : { CORE_BLOB: blob }) };
    const stdio = ['ignore', 'ignore', 'pipe'];
    const child = spawn(process.execPath, args, { cwd: this.folder, env, stdio, detached: true });
    this.#jest = child;
    let printed = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (printed = (printed + text).slice(0, 100_000)));
    return new Promise((resolve, reject) => {
      let late = false;
      const clock = setTimeout(() => {
        late = true;
        end(child);
      }, limitMs);
      child.once('error', reject).once('close', (code) => {
        clearTimeout(clock);
        const [, failed = `jest ended with ${code}`] = /^\s*● (.+)$/m.exec(printed) ?? [];
        const by = late ? `no end after ${(limitMs / 1000).toFixed(0)} s` : failed;
        resolve({ passed: code === 0, by, files: this.#filesIn(output) });
      });
    });
  }

  /** What jest reports of each file of tests. When it ends at a failure, it reports nothing. */
  #filesIn(output) {
    if (!existsSync(output)) return new Map();
    const { testResults } = JSON.parse(readFileSync(output, 'utf8'));
    return new Map(
      testResults.map(({ name, status, startTime, endTime, message }) => [
        name.slice(this.folder.length + 1),
        { status, ms: endTime - startTime, message },
      ]),
    );
  }

  /** Tests one mutant: related tests first, then all others. */
  async test(mutation, text) {
    const file = join(this.folder, mutation.path);
    const ofHost = mutation.path.startsWith('host/');
    const builder = ofHost ? this.#scripts : this.runtime;
    // Tests that also start `corejam` need the blob that this has, so that those of the host's mutants are given none.
    const original = ofHost ? undefined : this.workshop.original.blob;
    const changed = mutate(text, mutation);
    try {
      for (const names of this.workshop.stagesOf(mutation.path)) {
        // Before the mutant is written: some tests compile the copy's sources themselves.
        const files = await this.workshop.passing(names, original, this);
        writeFileSync(file, changed);
        const built = await builder.build({ text, changed, original: this.workshop.original });
        if (built === undefined) return { kind: 'discarded' };
        const blob = ofHost ? undefined : built;
        const limitMs = TIME_EXTRA_MS + TIME_FACTOR * files.reduce((sum, { ms }) => sum + ms, 0);
        const paths = files.map(({ name }) => name);
        const { passed, by } = paths.length === 0 ? { passed: true, by: '' } : await this.run(paths, { limitMs, blob });
        if (!passed) return { kind: 'killed', by };
        await this.#restore(file, text, builder);
      }
      return { kind: 'survived', by: 'all tests pass' };
    } finally {
      if (existsSync(this.folder)) await this.#restore(file, text, builder);
    }
  }

  async #restore(file, text, builder) {
    if (readFileSync(file, 'utf8') === text) return;
    writeFileSync(file, text);
    await builder.restore();
  }

  end() {
    this.runtime.end();
    end(this.#jest);
  }
}

/** All copies, and what the tests do without a mutant. */
export class Workshop {
  #closed = false;
  #busy = 0;
  /** The files of tests. */
  #tests = [];
  /** By source: the groups of its tests. */
  #stages = new Map();
  /** How each file of tests ends without a mutant, by blob and name: a promise, once one place has begun to find out. */
  #known = new Map();

  /** The runtime without a mutant. */
  original;

  /** `tell` prints a line of progress; with `related`, only related tests run. */
  constructor(root, { jobs, related, tell }) {
    this.root = root;
    this.related = related;
    this.tell = tell;
    this.folder = mkdtempSync(join(tmpdir(), 'corejam-mutants-'));
    this.places = Array.from({ length: jobs }, (_, index) => new Place(this, join(this.folder, String(index))));
  }

  /** Copies the tree, and compiles it without a mutant. `paths`: the sources that may be changed. */
  async prepare(paths) {
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: this.root });
    const files = [...new Set(listed.toString().split('\0'))].filter(
      (name) => name && existsSync(join(this.root, name)),
    );
    for (const place of this.places) place.fill(this.root, files);
    this.tell(`mutants: ${this.places.length} copies in ${this.folder}`);
    const hashes = await Promise.all(this.places.map((place) => place.runtime.compile()));
    if (hashes.some((hash) => hash === undefined || hash !== hashes[0])) throw new Error('the sources do not compile');
    this.original = { blob: join(this.folder, 'original.wasm'), hash: hashes[0] };
    cpSync(this.places[0].runtime.blob, this.original.blob);
    this.#tests = testsThatRun(this.places[0].folder, paths);
  }

  /** The tests of a mutant of `path`, in groups that run one after another. */
  stagesOf(path) {
    if (!this.#stages.has(path)) {
      const { related, others } = stagesOf(this.places[0].folder, path, this.#tests);
      const filled = [...related, ...(this.related ? [] : others)].filter((files) => files.length > 0);
      this.#stages.set(path, filled.length > 0 ? filled : others.filter((files) => files.length > 0));
    }
    return this.#stages.get(path);
  }

  /**
   * Those of `names` that pass without a mutant, with the given blob, and how long they take, the fastest first. Runs those not
   * run before, in `place`.
   */
  async passing(names, blob, place) {
    const key = (name) => `${blob ?? ''} ${name}`;
    for (let first = 0; first < names.length; first += FIRST_RUN_FILES) {
      // A few at a time, so that other places need not wait for all of them.
      const unknown = names.slice(first, first + FIRST_RUN_FILES).filter((name) => !this.#known.has(key(name)));
      if (unknown.length === 0) continue;
      const run = place.run(unknown, { limitMs: FIRST_RUN_MS, bail: false, blob });
      for (const name of unknown) this.#known.set(key(name), this.#resultOf(name, run));
      await run;
    }
    const results = await Promise.all(names.map((name) => this.#known.get(key(name))));
    return results.filter(({ status }) => status === 'passed').sort((a, b) => a.ms - b.ms);
  }

  async #resultOf(name, run) {
    const result = (await run).files.get(name);
    if (result?.status !== 'failed') return { name, ...result };
    this.tell(`mutants: ${name} fails without a mutant and is left out:\n${result.message}`);
    return { name, status: 'failed' };
  }

  /**
   * Calls `work` with mutations in order, in all places at a time, until `count` of them returned true. Which mutations
   * these are does not depend on the number of places.
   */
  async each(mutations, count, work) {
    let [next, taken] = [0, 0];
    const waiting = [];
    const worker = async (place) => {
      while (next < mutations.length && !this.#closed) {
        if (taken >= count) {
          // Another place's mutant may turn out to be none.
          if (this.#busy === 0) return;
          await new Promise((resolve) => waiting.push(resolve));
          continue;
        }
        taken++;
        this.#busy++;
        const counted = await work(mutations[next++], place);
        this.#busy--;
        if (!counted) taken--;
        for (const wake of waiting.splice(0)) wake();
      }
    };
    await Promise.all(this.places.map(worker));
  }

  /** Ends all processes and removes the copies. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    for (const place of this.places) place.end();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
