// Runs guests in child processes, so that none can hold up the node or take it along.
//
// Metering bounds a guest's weight, and the child's clock and memory bound what the machine spends on it. A child that is
// killed for either ends its run as `GuestStopped`: a local refusal, never a verdict. Where that may be no fault of the
// guest's, the run is tried once more, in a child of its own: a child that ends by itself or is killed by somebody else, and
// one that had run other guests before.
import { JobKilled, Pool } from '../processes/index.js';
import { IN_CORE, inReach } from './functions.js';
import type { ChildSettings, GuestAnswer, GuestJob } from './job.js';
import { GuestStopped } from './runner.js';
import type { GuestResult, InCoreRun } from './runner.js';
import { Scratch } from './scratch.js';

/** How to run guests in children. */
export interface ChildRunnerOptions extends ChildSettings {
  /** Children at once. */
  readonly size: number;
  /** From the start of a run to its kill. Weight is priced so that an honest run takes a fraction of it in time. */
  readonly wallClockMs?: number;
  /** Memory of one child. A guest has 64 MiB at most; the runtime that answers its lookups as much again. */
  readonly memoryMiB?: number;
  /** A folder for long arguments on their way, emptied at once; without it they take the channel. */
  readonly scratch?: string;
  /** The module that children run; tests have it elsewhere. */
  readonly job?: URL;
}

const WALL_CLOCK_MS = 10_000;
const MEMORY_MIB = 512;
/** Longer arguments go through a file: the channel takes some 12 ms for 5 MiB, a file in the system's cache 4. */
const CHANNEL_BYTES_MAX = 256 * 1024;

/** A pool of children as a runner: `new ChildRunner(options).run`. */
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

  /** Runs one guest in a child. Rejects with `GuestStopped` where this machine ends or loses it. */
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

  /** Kills the children and waits until they have ended; what they were at is refused. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #attempt(job: GuestJob): Promise<GuestAnswer> {
    try {
      return (await this.#pool.run(job)) as GuestAnswer;
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

/** What the child needs of a run. What the code does not name in an import, it can't ask for. */
function jobOf({ code, codeHash, entry, args, weight, view }: InCoreRun, settings: ChildSettings): GuestJob {
  const names = (name: string): boolean => Buffer.from(code.buffer, code.byteOffset, code.length).includes(name);
  const { chain } = view;
  return {
    settings,
    code,
    codeHash,
    entry,
    args,
    weight,
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
