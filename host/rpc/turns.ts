// Turns: whose work runs next on the node's thread, and for how long before everything else has its turn.
//
// Each connection has a line of tasks. The next task is that whose line would have used the least time once it is done
// (weighted fair queueing with virtual finish times): what the line used so far, and what its first task is expected to
// take. A line that was idle begins at the least that a busy line had used, so that idleness is no credit. So a client with an easy
// request waits for at most the task that runs, however many clients have how much other work waiting, and work that
// takes long waits no longer than others have used as much.
//
// After SLICE_MS of tasks the event loop goes round: sockets are read and timers fire, so that blocks are on time. Work
// that takes longer is cut into steps (`Steps`).
import { setImmediate } from 'node:timers';

/** Work in steps: a generator that yields where it may be interrupted. */
export type Steps<T> = Generator<void, T, void>;

/** Work of one line. */
export interface Task {
  /** How long it is expected to take. */
  readonly expectedMs: number;
  /** Works until it is done, or `isOver` says that the slice is over or the line rests. Returns whether it is done. */
  run(isOver: () => boolean): boolean;
}

/** Takes tasks of one client. */
export interface Line {
  /** A task behind all others. */
  push(task: Task): void;
  /** Tasks before all others, in this order. */
  unshift(tasks: readonly Task[]): void;
}

const SLICE_MS = 4;
/** What a line that was idle owes at most: its last task may have been stopped by the system or a garbage collection. */
const DEBT_MS_MAX = 1;

/** Runs tasks when they are given, to their end: a line for one client in the node's own process. */
export const atOnce: Line = {
  push: (task) => {
    while (!task.run(() => false));
  },
  unshift: (tasks) => tasks.forEach(atOnce.push),
};

/** A task that works in steps, and passes on the result. */
export function inSteps<T>(
  expectedMs: number,
  steps: Steps<T>,
  done: (result: T) => void,
  fail: (error: unknown) => void,
): Task {
  return {
    expectedMs,
    run: (isOver) => {
      do {
        let next: IteratorResult<void, T>;
        try {
          next = steps.next();
        } catch (error) {
          fail(error);
          return true;
        }
        if (next.done === true) {
          done(next.value);
          return true;
        }
      } while (!isOver());
      return false;
    },
  };
}

/** Whether a value is the steps of a generator function. */
export function isSteps<T>(value: unknown): value is Steps<T> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value && 'next' in value;
}

/** Why a line rests: the client does not read its answers, waits for a place for large ones, or has calls elsewhere. */
export type Reason = 'reading' | 'place' | 'away';

/** The line of one connection. */
export class ClientLine implements Line {
  /** Tasks to run before `#tasks`, the next one last. */
  readonly #ahead: Task[] = [];
  #tasks: Task[] = [];
  /** The place of the first task in `#tasks` that has not run. */
  #at = 0;
  readonly #held = new Set<Reason>();
  #closed = false;
  /** The time that its tasks have used, from the time at which it last became busy. */
  usedMs = 0;

  readonly #turns: Turns;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  get length(): number {
    return this.#ahead.length + this.#tasks.length - this.#at;
  }

  push(task: Task): void {
    if (this.#closed) return;
    this.#tasks.push(task);
    this.#turns.wake(this);
  }

  unshift(tasks: readonly Task[]): void {
    if (this.#closed) return;
    for (let index = tasks.length - 1; index >= 0; index--) this.#ahead.push(tasks[index]!);
    this.#turns.wake(this);
  }

  /** Runs no task until `release`. */
  hold(reason: Reason): void {
    this.#held.add(reason);
    this.#turns.sleep(this);
  }

  release(reason: Reason): void {
    if (this.#held.delete(reason)) this.#turns.wake(this);
  }

  get isHeld(): boolean {
    return this.#held.size > 0;
  }

  /** Drops all tasks. */
  close(): void {
    this.#closed = true;
    this.#ahead.length = 0;
    this.#tasks = [];
    this.#at = 0;
    this.#turns.sleep(this);
  }

  get isReady(): boolean {
    return !this.isHeld && this.length > 0;
  }

  /** The first task. There must be one. */
  first(): Task {
    return this.#ahead.at(-1) ?? this.#tasks[this.#at]!;
  }

  /** Takes the first task out. There must be one. */
  shift(): Task {
    const ahead = this.#ahead.pop();
    if (ahead !== undefined) return ahead;
    const task = this.#tasks[this.#at++]!;
    // Linear in all: half of the list at least has run.
    if (this.#at * 2 > this.#tasks.length) {
      this.#tasks = this.#tasks.slice(this.#at);
      this.#at = 0;
    }
    return task;
  }
}

/** Options of `Turns`, for tests. */
export interface TurnsOptions {
  readonly sliceMs?: number;
  /** A monotonic time in milliseconds. */
  readonly nowMs?: () => number;
  /** Calls once the event loop went round. */
  readonly later?: (call: () => void) => void;
}

/** All lines. At most as many are busy as there are connections. */
export class Turns {
  readonly #busy = new Set<ClientLine>();
  readonly #sliceMs: number;
  readonly #nowMs: () => number;
  readonly #later: (call: () => void) => void;
  #atEnd: (() => void)[] = [];
  /** What the line had used whose task was taken last, or a greater such time before. */
  #floorMs = 0;
  #scheduled = false;

  constructor({ sliceMs = SLICE_MS, nowMs = () => performance.now(), later = setImmediate }: TurnsOptions = {}) {
    this.#sliceMs = sliceMs;
    this.#nowMs = nowMs;
    this.#later = later;
  }

  line(): ClientLine {
    return new ClientLine(this);
  }

  /** Calls at the end of the present slice, or of the next one. */
  atEnd(call: () => void): void {
    this.#atEnd.push(call);
    this.#schedule();
  }

  /** For ClientLine: it has work now. */
  wake(line: ClientLine): void {
    if (this.#busy.has(line) || !line.isReady) return;
    line.usedMs = Math.min(Math.max(line.usedMs, this.#floorMs), this.#floorMs + DEBT_MS_MAX);
    this.#busy.add(line);
    this.#schedule();
  }

  /** For ClientLine: it has none. */
  sleep(line: ClientLine): void {
    this.#busy.delete(line);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#later(() => this.#slice());
  }

  #slice(): void {
    this.#scheduled = false;
    const endMs = this.#nowMs() + this.#sliceMs;
    const isOver = (): boolean => this.#nowMs() >= endMs;
    do {
      const line = this.#next();
      if (line === undefined) break;
      this.#run(line, isOver);
    } while (!isOver());
    for (const call of this.#atEnd.splice(0)) call();
    if (this.#busy.size > 0) this.#schedule();
  }

  #next(): ClientLine | undefined {
    let best: ClientLine | undefined;
    let bestMs = Infinity;
    for (const line of this.#busy) {
      const finishMs = line.usedMs + line.first().expectedMs;
      if (finishMs < bestMs) [best, bestMs] = [line, finishMs];
    }
    return best;
  }

  #run(line: ClientLine, isOver: () => boolean): void {
    this.#floorMs = Math.max(this.#floorMs, this.#leastUsed());
    const task = line.shift();
    const beganMs = this.#nowMs();
    const isDone = task.run(() => line.isHeld || isOver());
    line.usedMs += this.#nowMs() - beganMs;
    if (!isDone) line.unshift([task]);
    if (!line.isReady) this.#busy.delete(line);
  }

  #leastUsed(): number {
    let least = Infinity;
    for (const { usedMs } of this.#busy) least = Math.min(least, usedMs);
    return least;
  }
}
