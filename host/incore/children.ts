// Runs guests in child processes, so that no guest can block or crash the node.
//
// Metering bounds a guest's weight; limits on the child's time and memory bound what this machine spends on it. If a
// limit kills the child, the run ends with `GuestStopped`: a local refusal, never a verdict. The run is repeated once,
// in a new child, where the guest may not be the cause: the child crashed or was killed from outside, or it had run
// other guests before.
import { JobKilled, Pool } from '../processes/index.js';
import { IN_CORE, inReach } from './functions.js';
import type { ChildSettings, GuestAnswer, GuestJob } from './job.js';
import { GuestStopped } from './runner.js';
import type { GuestResult, InCoreRun } from './runner.js';
import { Scratch } from './scratch.js';

/** Options of a ChildRunner. */
export interface ChildRunnerOptions extends ChildSettings {
  /** Most children at once. */
  readonly size: number;
  /** A longer run is killed. Default 10 s: weight is priced so that an honest run takes a fraction of it. */
  readonly wallClockMs?: number;
  /** Memory of one child. Default 512 MiB: a guest and the runtime that serves its lookups have at most 64 MiB each. */
  readonly memoryMiB?: number;
  /** A folder for long arguments, emptied by the constructor; without it they go through the channel. */
  readonly scratch?: string;
  /** The module that children run. Default worker.js; tests use another. */
  readonly job?: URL;
}

const WALL_CLOCK_MS = 10_000;
const MEMORY_MIB = 512;
/** Longer arguments go through a file: for 5 MiB the channel takes about 12 ms, a file in the system's cache 4 ms. */
const CHANNEL_BYTES_MAX = 256 * 1024;

/** A pool of children; its `run` is a GuestRunner. */
export class ChildRunner {
  readonly #pool: Pool;
  readonly #settings: ChildSettings;
  readonly #scratch: Scratch | undefined;

  readonly #options: ChildRunnerOptions;

  constructor(options: ChildRunnerOptions) {
    this.#options = options;
    const {
      size,
      wallClockMs = WALL_CLOCK_MS,
      memoryMiB = MEMORY_MIB,
      job = new URL('./worker.js', import.meta.url),
    } = options;
    this.#settings = { database: options.database, modules: options.modules };
    this.#scratch = options.scratch === undefined ? undefined : new Scratch(options.scratch);
    this.#pool = new Pool({ job, size, wallClockMs, memoryMiB });
  }

  /** Runs one guest in a child. Rejects with `GuestStopped` if this machine stops or loses it. */
  readonly run = async (run: InCoreRun): Promise<GuestResult> => {
    const job = jobOf(run, this.#settings);
    const { result, log } =
      this.#scratch === undefined || run.args.length <= CHANNEL_BYTES_MAX
        ? await this.#attempt(job)
        : await this.#scratch.with(run.args, (args) => this.#attempt({ ...job, args }));
    for (const line of log) run.log?.(...line);
    return result;
  };

  /** Starts the children before they are needed: each takes a tenth of a second or more to start. */
  warm(): void {
    this.#pool.warm();
  }

  /** Process ids of the children that are alive. */
  get pids(): number[] {
    return this.#pool.pids;
  }

  /** Kills the children and waits until they have ended. Their runs reject with `GuestStopped`. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #attempt(job: GuestJob): Promise<GuestAnswer> {
    try {
      // D40: authorizations, which are short, don't wait for all refinements of the other cores.
      return (await this.#pool.run(job, { ahead: job.entry === 'is_authorized' })) as GuestAnswer;
    } catch (error) {
      if (!(error instanceof JobKilled)) throw error;
      const again = error.cause === 'crash' || (error.cause !== 'closed' && !error.alone);
      if (!again) throw new GuestStopped(this.#sentence(error));
    }
    try {
      return (await this.#pool.run(job, { alone: true })) as GuestAnswer;
    } catch (error) {
      if (!(error instanceof JobKilled)) throw error;
      throw new GuestStopped(this.#sentence(error));
    }
  }

  #sentence({ cause, message }: JobKilled): string {
    const { wallClockMs = WALL_CLOCK_MS, memoryMiB = MEMORY_MIB } = this.#options;
    switch (cause) {
      case 'wall clock':
        return `was stopped: it ran for more than ${wallClockMs / 1000} s on this node`;
      case 'memory':
        return `was stopped: its process took more than ${memoryMiB} MiB on this node`;
      case 'crash':
        return `was lost twice on this node: ${message}`;
      case 'closed':
        return 'was stopped: this node is shutting down';
    }
  }
}

/** What the child needs for a run. Left out is what the code cannot request, because it imports no function for it. */
function jobOf(run: InCoreRun, settings: ChildSettings): GuestJob {
  const { code, codeHash, entry, args, weight, outputBytesMax, view } = run;
  const names = (name: string): boolean => Buffer.from(code.buffer, code.byteOffset, code.length).includes(name);
  const { chain } = view;
  return {
    settings,
    code,
    codeHash,
    entry,
    args,
    weight,
    outputBytesMax,
    ...(names(IN_CORE.message) ? { message: view.message() } : {}),
    ...(chain === undefined
      ? {}
      : {
          chain: {
            height: chain.height,
            ...(names(IN_CORE.stateRoot) ? { stateRoots: rootsOf(chain) } : {}),
            ...(names(IN_CORE.lookup) ? { stateRoot: chain.stateRoot(chain.height) } : {}),
          },
        }),
  };
}

function rootsOf({ height, stateRoot }: NonNullable<InCoreRun['view']['chain']>): (Uint8Array | undefined)[] {
  const roots: (Uint8Array | undefined)[] = [];
  for (let asked = height; asked >= 0 && inReach(asked, height); asked--) roots.push(stateRoot(asked));
  return roots;
}
