// What is built of a copy's sources once one of them is changed: the runtime's blob, or the host's JavaScript, which
// processes of some tests run.
import { transformSync } from 'esbuild';
import { execFile, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The runtime with TestApi, which the tests of pallets use. */
const ENTRY = 'tests/harness/assembly/runtime.ts';
const COMPILE_MS = 120_000;
/** asc keeps some memory of each compilation. */
const COMPILATIONS_PER_PROCESS = 60;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Kills a process and its children. */
export function end(child) {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Compiles the test runtime, in a process in which asc stays loaded. */
export class BlobBuilder {
  #child;
  #compilations = 0;
  #built = { text: '', blob: undefined };
  #folder;
  /** Where the compiled blob is. */
  blob;

  constructor(folder) {
    this.#folder = folder;
    this.blob = join(folder, 'build/mutant.wasm');
  }

  /** Compiles the copy's sources. Returns the hash of the blob; undefined if they do not compile. */
  compile() {
    if (this.#compilations++ % COMPILATIONS_PER_PROCESS === 0) {
      end(this.#child);
      const script = fileURLToPath(new URL('compile.mjs', import.meta.url));
      this.#child = fork(script, [this.#folder, ENTRY], { stdio: 'ignore', detached: true });
    }
    const child = this.#child;
    return new Promise((resolve) => {
      const answer = (hash) => {
        clearTimeout(clock);
        child.removeAllListeners();
        resolve(hash);
      };
      /** The process has ended, or must: the next compilation gets another one. */
      const lost = () => {
        this.#compilations = 0;
        answer(undefined);
      };
      const clock = setTimeout(lost, COMPILE_MS);
      child
        .once('message', ({ built }) => answer(built ? sha256(readFileSync(this.blob)) : undefined))
        .once('exit', lost);
      child.send('build/mutant.wasm');
    });
  }

  /**
   * The blob for the tests of a mutant, whose changed source the copy has.
   * @param {{ changed: string, original: { blob: string, hash: string } }} of
   * @returns {Promise<string | undefined>} undefined if it does not compile, or is no change
   */
  async build({ changed, original }) {
    // The tests of a mutant run in several groups.
    if (this.#built.text !== changed) {
      const hash = await this.compile();
      this.#built = { text: changed, blob: hash === undefined || hash === original.hash ? undefined : this.blob };
    }
    return this.#built.blob;
  }

  /** The tests without a mutant have another blob. */
  async restore() {}

  end() {
    end(this.#child);
  }
}

/** Compiles the host's TypeScript. */
export class ScriptBuilder {
  #folder;

  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * The blob for the tests of a mutant, which is not a mutant of it.
   * @param {{ text: string, changed: string, original: { blob: string, hash: string } }} of
   * @returns {Promise<string | undefined>} undefined if it does not compile, or is no change
   */
  async build({ text, changed, original }) {
    const compiled = (source) => transformSync(source, { loader: 'ts', format: 'esm', target: 'node20' }).code;
    try {
      if (compiled(changed) === compiled(text)) return undefined;
    } catch {
      return undefined;
    }
    await this.restore();
    return original.blob;
  }

  /** Builds what the sources are now. */
  async restore() {
    await promisify(execFile)(process.execPath, ['scripts/build.mjs', '--js-only'], { cwd: this.#folder });
  }

  end() {}
}
