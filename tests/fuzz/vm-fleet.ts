// The worker processes of the fuzzer: one for the reference, and one for each tier of V8. If one crashes or hangs, that
// is a result too, and it is replaced.
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import type { Case, Report, Verdict } from './vm-case.js';
import type { Question } from './vm-worker.js';

/** V8's ways to compile. Tiers change early in the first, in the middle of short runs as they would in long ones. */
export const TIERS: Readonly<Record<string, readonly string[]>> = {
  'default tiers': ['--wasm-tiering-budget=500'],
  'baseline only': ['--liftoff', '--liftoff-only', '--no-wasm-lazy-compilation'],
  'optimizing only': ['--no-liftoff', '--no-wasm-tier-up'],
  'optimizing only, not lazy': ['--no-liftoff', '--no-wasm-tier-up', '--no-wasm-lazy-compilation'],
};

/**
 * Keeps a process alive while its modules load: under --no-wasm-lazy-compilation, Node 24 does not wait for the
 * WebAssembly that they compile asynchronously, and ends with exit code 13.
 */
const ALIVE = ['--import', 'data:text/javascript,process.channel.ref()'];
/** No case takes so long, on the slowest machine. */
const ANSWER_MS_MAX = 60_000;
/** V8 gives back what it compiled when it likes: a process is replaced after so many cases. */
const CASES_OF_PROCESS = 2_000;

/** At most so many tasks at once. */
export class Slots {
  readonly #waiting: (() => void)[] = [];

  #free: number;

  constructor(free: number) {
    this.#free = free;
  }

  async with<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

class Asked {
  #child: ChildProcess | undefined;
  #asked = 0;
  readonly #turn = new Slots(1);

  readonly #script: string;
  readonly #flags: readonly string[];
  readonly #slots: Slots;

  constructor(script: string, flags: readonly string[], slots: Slots) {
    this.#script = script;
    this.#flags = flags;
    this.#slots = slots;
  }

  ask<T>(question: Question): Promise<T> {
    return this.#turn.with(() => this.#slots.with(() => this.#answer<T>(question)));
  }

  #answer<T>(question: Question): Promise<T> {
    if (this.#asked % CASES_OF_PROCESS === 0) this.stop();
    this.#asked += 1;
    const child = (this.#child ??= fork(this.#script, ['worker'], {
      execArgv: [...ALIVE, ...this.#flags],
      serialization: 'advanced',
    }));
    return new Promise((resolve, reject) => {
      const end = (settle: () => void, broken: boolean): void => {
        clearTimeout(timer);
        child.off('message', told).off('exit', ended).off('error', failed);
        if (broken) this.stop();
        settle();
      };
      const told = (message: { answer: T } | { thrown: string }): void =>
        end(() => ('thrown' in message ? reject(new Error(message.thrown)) : resolve(message.answer)), false);
      const failed = (error: Error): void => end(() => reject(error), true);
      const ended = (code: number | null, signal: string | null): void =>
        failed(new Error(`the process ended: ${signal ?? code}`));
      const timer = setTimeout(() => failed(new Error(`no answer in ${ANSWER_MS_MAX} ms`)), ANSWER_MS_MAX);
      child.once('message', told).once('exit', ended).once('error', failed);
      child.send(question);
    });
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

/** All of them. `script` is the bundle in which this stands. */
export class Fleet {
  readonly #reference: Asked;
  readonly #tiers: readonly (readonly [name: string, asked: Asked])[];

  constructor(script: string, slots: Slots) {
    this.#reference = new Asked(script, [], slots);
    this.#tiers = Object.entries(TIERS).map(([name, flags]) => [name, new Asked(script, flags, slots)]);
  }

  /** What does not agree about a case, and what the reference made of it. */
  async try(given: Case): Promise<{ differences: readonly string[]; verdict: Verdict | undefined }> {
    const thrown =
      (who: string) =>
      (error: unknown): Report => ({ differences: [`${who}: ${(error as Error).message}`], digest: '' });
    let verdict: Verdict;
    try {
      verdict = await this.#reference.ask<Verdict>({ given });
    } catch (error) {
      return { differences: thrown('the reference')(error).differences, verdict: undefined };
    }
    const reports = await Promise.all(
      this.#tiers.map(([, asked]) => asked.ask<Report>({ given, verdict }).catch(thrown('its process'))),
    );
    const differences = reports.flatMap((report, index) =>
      report.differences.map((text) => `${this.#tiers[index]![0]}: ${text}`),
    );
    const digests = [...new Set(reports.map(({ digest }) => digest))];
    if (differences.length === 0 && digests.length > 1)
      differences.push(`ways of compiling differ: ${digests.join(', ')}`);
    return { differences, verdict };
  }

  stop(): void {
    for (const asked of [this.#reference, ...this.#tiers.map(([, asked]) => asked)]) asked.stop();
  }
}
