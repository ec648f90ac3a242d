// A pool of child processes for work that may never end: metering bounds a guest's weight, and this bounds its time.
//
// V8 can't stop a thread inside a long `memory.fill`; a signal stops a process. So each job runs alone in a child, and a
// child that takes too long, or too much memory, is killed (SIGKILL) and replaced. What comes of that is `JobKilled`, a
// local refusal: another machine may well have finished, so it is never a verdict on a guest.
//
// A child goes from one job to the next, and V8 goes on optimizing in the background what an earlier job made it run: that
// can take gigabytes, or end the process (`compile.ts`). So who was killed in a child that had done other work can't be told
// from who did it (`JobKilled.alone`), and may ask for a child of its own.
//
// Children end with their parent, however it ends: a thread of theirs waits on a pipe that only the parent's death closes.
// Ctrl-C, which a terminal sends to all of them, is left to the parent.
//
// A job is a module that exports `run(input)`; input and output cross by structured clone. The pool knows nothing of what
// it does, and the child nothing but the job's module.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Failure } from '../bytes/index.js';

/** What the pool does and allows. */
export interface PoolOptions {
  /** The module with `run(input)`, as a URL (`new URL('./job.js', import.meta.url)`). */
  readonly job: URL;
  /** Children at once. They start when first needed. */
  readonly size: number;
  /** From the start of a job to its kill. */
  readonly wallClockMs: number;
  /** Memory of a child's own, at work or idle, where the system tells it (Linux); V8's heap is capped by it everywhere. */
  readonly memoryMiB: number;
  /** Flags for Node, before the pool's own. */
  readonly execArgv?: readonly string[];
}

/** The job was stopped from outside, or its process ended: nothing about the job follows from it. */
export class JobKilled extends Failure {
  /** `alone`: the child had done nothing before, so that no earlier job left it slow, large or about to crash. */
  constructor(
    override readonly cause: 'wall clock' | 'memory' | 'crash' | 'closed',
    message: string,
    readonly alone: boolean,
  ) {
    super(message);
  }
}

/** `run` threw: a fault of the job's own code. `cause` is the stack that it had in the child. */
export class JobFailed extends Failure {
  constructor(
    message: string,
    override readonly cause: string,
  ) {
    super(message);
  }
}

interface Job {
  readonly input: unknown;
  readonly alone: boolean;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

type Answer = { readonly output: unknown } | { readonly message: string; readonly stack: string };

/**
 * Ends the process, also in the middle of a job that never ends, when the other end of its standard input is gone. The thread
 * waits in its event loop: one that blocks in a read would keep a child that exits by itself from ending.
 */
const WATCH = `
const { Socket } = require('node:net');
const end = () => process.kill(process.pid, 'SIGKILL');
new Socket({ fd: 0, readable: true, writable: false }).on('end', end).on('error', end).on('close', end).resume();
`;

/** All that the child runs by itself: it takes one input after another to the job's module. */
const CHILD = `
process.on('SIGINT', () => undefined);
const { Worker } = await import('node:worker_threads');
new Worker(process.argv[2], { eval: true, execArgv: [] }).unref();
const { run } = await import(process.argv[1]);
process.on('message', async (input) => {
  let answer;
  try {
    answer = { output: await run(input) };
  } catch (error) {
    answer = { message: String(error?.message ?? error), stack: String(error?.stack ?? '') };
  }
  process.send(answer);
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
`;

const MEMORY_CHECK_MS = 50;
const IDLE_MEMORY_CHECK_MS = 500;
const PAGE_BYTES = 4_096;

/** Runs jobs, each alone in a child process. */
export class Pool {
  readonly #waiting: Job[] = [];
  readonly #idle: Child[] = [];
  readonly #children = new Set<Child>();
  #closed = false;

  readonly #options: PoolOptions;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Runs one job; where it must be `alone`, in a child that has done nothing before. Rejects with `JobKilled` or `JobFailed`. */
  run(input: unknown, { alone = false } = {}): Promise<unknown> {
    if (this.#closed) return Promise.reject(new JobKilled('closed', 'the pool is closed', true));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, alone, resolve, reject });
      this.#dispatch();
    });
  }

  /** Starts all children there may be, so that the first jobs need not wait for one. */
  warm(): void {
    while (!this.#closed && this.#children.size < this.#options.size) this.#idle.push(this.#start());
  }

  /** Children that are alive. */
  get alive(): number {
    return this.#children.size;
  }

  /** Their process ids. */
  get pids(): number[] {
    return [...this.#children].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** Kills all children; jobs that wait or run are rejected. Resolves when the children have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new JobKilled('closed', 'the pool was closed', true));
    const children = [...this.#children];
    for (const child of children) child.kill('closed', 'the pool was closed');
    await Promise.all(children.map(({ ended }) => ended));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const child = this.#vacant(this.#waiting[0]!.alone);
      if (child === undefined) return;
      child.take(this.#waiting.shift()!);
    }
  }

  /** An idle child, or a new one where there is room; where it must be `fresh`, a used one makes room. */
  #vacant(fresh: boolean): Child | undefined {
    const at = this.#idle.findLastIndex((child) => !child.leaving && (!fresh || child.fresh));
    if (at >= 0) return this.#idle.splice(at, 1)[0];
    if (this.#children.size < this.#options.size) return this.#start();
    if (fresh && ![...this.#children].some(({ leaving }) => leaving))
      this.#idle.pop()?.kill('closed', 'another takes its place');
    return undefined;
  }

  #start(): Child {
    const child = new Child(
      this.#options,
      () => {
        this.#idle.push(child);
        this.#dispatch();
      },
      () => {
        this.#children.delete(child);
        const at = this.#idle.indexOf(child);
        if (at >= 0) this.#idle.splice(at, 1);
        this.#dispatch(); // with another child in its place
      },
    );
    this.#children.add(child);
    return child;
  }
}

/** One process, and at most one job at a time. */
class Child {
  readonly #process: ChildProcess;
  #job: Job | undefined;
  #timers: NodeJS.Timeout[];
  #jobs = 0;
  #killed: JobKilled | undefined;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;

  readonly #options: PoolOptions;
  readonly #onIdle: () => void;

  constructor(options: PoolOptions, onIdle: () => void, onEnd: () => void) {
    this.#options = options;
    this.#onIdle = onIdle;
    const { job, memoryMiB, execArgv = [] } = options;
    this.#process = spawn(
      process.execPath,
      [...execArgv, `--max-old-space-size=${memoryMiB}`, '--input-type=module', '--eval', CHILD, job.href, WATCH],
      { stdio: ['pipe', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' },
    );
    this.#process.stdin!.on('error', () => undefined); // it never carries anything, and breaks when the child is killed
    const { promise, resolve } = withResolvers();
    this.ended = promise;
    this.#process.on('message', (answer) => this.#finish(answer as Answer));
    this.#process.on('error', (error) => {
      this.#abandon(this.#ending('crash', `the child could not be run: ${error.message}`));
      if (this.pid === undefined) this.#leave(onEnd, resolve);
    });
    this.#process.on('exit', (code, signal) => {
      this.#abandon(this.#killed ?? this.#ending('crash', `the child ended with ${signal ?? `code ${code}`}`));
      this.#leave(onEnd, resolve);
    });
    this.#timers = [this.#watchMemory(IDLE_MEMORY_CHECK_MS).unref()];
    // An idle child keeps no process alive.
    this.#unref();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** It has done nothing yet. */
  get fresh(): boolean {
    return this.#jobs === 0;
  }

  get leaving(): boolean {
    return this.#killed !== undefined;
  }

  take(job: Job): void {
    this.#job = job;
    this.#jobs += 1;
    this.#ref();
    const { wallClockMs } = this.#options;
    this.#stopTimers();
    this.#timers = [
      setTimeout(() => this.kill('wall clock', `the job took more than ${wallClockMs} ms`), wallClockMs),
      this.#watchMemory(MEMORY_CHECK_MS),
    ];
    this.#process.send(job.input as object, (error) => {
      if (error !== null) this.kill('crash', `the job could not be sent: ${error.message}`);
    });
  }

  /** Ends the process; its `exit` event rejects the job and makes room for another child. */
  kill(cause: JobKilled['cause'], message: string): void {
    this.#killed ??= this.#ending(cause, message);
    this.#process.ref(); // somebody may wait for its end
    this.#process.kill('SIGKILL');
  }

  #watchMemory(everyMs: number): NodeJS.Timeout {
    const { memoryMiB } = this.#options;
    return setInterval(() => {
      if (ownBytes(this.pid) > memoryMiB * 2 ** 20) this.kill('memory', `the child took more than ${memoryMiB} MiB`);
    }, everyMs);
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #ending(cause: JobKilled['cause'], message: string): JobKilled {
    return new JobKilled(cause, message, this.#jobs <= 1);
  }

  #finish(answer: Answer): void {
    const job = this.#release();
    if (job === undefined) return;
    if ('output' in answer) job.resolve(answer.output);
    else job.reject(new JobFailed(answer.message, answer.stack));
    if (this.#killed !== undefined) return; // too late: it is on its way out
    this.#timers = [this.#watchMemory(IDLE_MEMORY_CHECK_MS).unref()];
    this.#unref();
    this.#onIdle();
  }

  #leave(onEnd: () => void, resolve: () => void): void {
    onEnd();
    resolve();
  }

  #abandon(reason: JobKilled): void {
    this.#release()?.reject(reason);
  }

  #release(): Job | undefined {
    this.#stopTimers();
    const job = this.#job;
    this.#job = undefined;
    return job;
  }

  #ref(): void {
    this.#process.ref();
    this.#process.channel?.ref();
  }

  #unref(): void {
    this.#process.unref();
    this.#process.channel?.unref();
    (this.#process.stdin as unknown as { unref(): void }).unref();
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Memory that a process shares with no file (the database's pages are the system's to keep); 0 where it can't be told. */
function ownBytes(pid: number | undefined): number {
  try {
    const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number);
    return (resident! - shared!) * PAGE_BYTES;
  } catch {
    return 0; // not Linux, or just ended: the wall clock still holds
  }
}
