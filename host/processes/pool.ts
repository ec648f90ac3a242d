// A pool of child processes for work that may never end: metering bounds the weight of a guest, and this bounds its
// time.
//
// V8 can't stop a thread in the middle of a long `memory.fill`; a signal stops a process. So jobs run in children, one
// at a time in each, and a child that takes too long or too much memory is killed (SIGKILL) and replaced. The job then
// fails with `JobKilled`: another machine may have finished it, so this is never a verdict on a guest.
//
// A child runs one job after another, and V8 goes on optimizing in the background what an earlier job made it run,
// which can take gigabytes or end the process (host/vm/running/compile.ts). So if a child is killed that has run other
// jobs, the cause may be one of those. Then `JobKilled.alone` is false, and the caller may run the job again in a child
// of its own.
//
// Children end with their parent, however it ends: a thread in each waits on a pipe that closes only when the parent
// dies. Ctrl-C, which a terminal sends to all of them, is left to the parent.
//
// A job is a module that exports `run(input)`; input and output are copied by structured clone. The pool knows nothing
// of what it does, and the child knows nothing but the module of the job.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Failure } from '../bytes/index.js';

/** Options of a pool. */
export interface PoolOptions {
  /** URL of the module that exports `run(input)`: `new URL('./job.js', import.meta.url)`. */
  readonly job: URL;
  /** Most children at once. They start when first needed. */
  readonly size: number;
  /** A job that runs longer is killed. */
  readonly wallClockMs: number;
  /** A child with more memory of its own, busy or idle, is killed (on Linux only). Bounds V8's heap everywhere. */
  readonly memoryMiB: number;
  /** Flags of Node, before the pool's own. */
  readonly execArgv?: readonly string[];
}

/** The job was stopped from outside, or its process ended. Nothing about the job follows from it. */
export class JobKilled extends Failure {
  /** `alone`: the child had run no other job, which could have left it slow, large or about to crash. */
  constructor(
    override readonly cause: 'wall clock' | 'memory' | 'crash' | 'closed',
    message: string,
    readonly alone: boolean,
  ) {
    super(message);
  }
}

/** `run` threw: a fault of the job's code. `cause` is the stack trace in the child. */
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
  readonly ahead: boolean;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

type Answer = { readonly output: unknown } | { readonly message: string; readonly stack: string };

/**
 * Kills the process, even in a job that never ends, when the other end of its standard input is closed. The thread
 * waits in its event loop: a thread that blocks in a read would keep a child that exits by itself from ending.
 */
const WATCH = `
const { Socket } = require('node:net');
const end = () => process.kill(process.pid, 'SIGKILL');
new Socket({ fd: 0, readable: true, writable: false }).on('end', end).on('error', end).on('close', end).resume();
`;

/** The program of a child: passes one input after another to the job's module. */
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

/** Runs jobs in child processes, one at a time in each. */
export class Pool {
  readonly #waiting: Job[] = [];
  /** Whether the last job that a child took was `ahead`. */
  #lastAhead = false;
  readonly #idle: Child[] = [];
  readonly #children = new Set<Child>();
  #closed = false;

  readonly #options: PoolOptions;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /**
   * Runs a job; if `alone`, in a child that has run no other. While jobs wait that are `ahead` and others, they take
   * turns, so that short jobs need not wait for all long ones and can't keep them waiting for ever. Rejects with
   * `JobKilled` or `JobFailed`.
   */
  run(input: unknown, { alone = false, ahead = false } = {}): Promise<unknown> {
    if (this.#closed) return Promise.reject(new JobKilled('closed', 'the pool is closed', true));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, alone, ahead, resolve, reject });
      this.#dispatch();
    });
  }

  /** Starts as many children as there may be, so that the first jobs need not wait for one. */
  warm(): void {
    while (!this.#closed && this.#children.size < this.#options.size) this.#idle.push(this.#start());
  }

  /** Number of children that are alive. */
  get alive(): number {
    return this.#children.size;
  }

  /** Their process ids. */
  get pids(): number[] {
    return [...this.#children].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** Kills all children and rejects all jobs. Resolves when the children have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new JobKilled('closed', 'the pool was closed', true));
    const children = [...this.#children];
    for (const child of children) child.kill('closed', 'the pool was closed');
    await Promise.all(children.map(({ ended }) => ended));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const at = this.#next();
      const job = this.#waiting[at]!;
      const child = this.#vacant(job.alone);
      if (child === undefined) return;
      this.#waiting.splice(at, 1);
      this.#lastAhead = job.ahead;
      child.take(job);
    }
  }

  /** The place of the job whose turn it is. */
  #next(): number {
    const turn = this.#waiting.findIndex(({ ahead }) => ahead !== this.#lastAhead);
    return Math.max(turn, 0); // only jobs of one kind wait: the first of them
  }

  /**
   * An idle child, or a new one if there is room. If it must be `fresh`, an idle child that is not is killed to make
   * room.
   */
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
        this.#dispatch(); // another child may take its place
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
    // Nothing is written to it; it breaks when the child is killed.
    this.#process.stdin!.on('error', () => undefined);
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
    // An idle child does not keep this process alive.
    this.#unref();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether it has run no job yet. */
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

  /** Kills the process; its `exit` event rejects the job and makes room for another child. */
  kill(cause: JobKilled['cause'], message: string): void {
    this.#killed ??= this.#ending(cause, message);
    this.#process.ref(); // `close` may wait for its end
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
    if (this.#killed !== undefined) return; // the child is ending
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

/** Bytes of a process that belong to no mapped file (pages of the database are the system's to keep); 0 if unknown. */
function ownBytes(pid: number | undefined): number {
  try {
    const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number);
    return (resident! - shared!) * PAGE_BYTES;
  } catch {
    return 0; // not Linux, or the process has just ended: the wall clock still bounds it
  }
}
