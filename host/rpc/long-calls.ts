// Calls of runtime entry points that may take long, in child processes: nothing can interrupt a call, and the node makes
// blocks and serves everybody else with one thread.
//
// The children read the states from the node's database. Calls of different clients take turns; each may take
// CALL_MS_MAX. Entry points that clients call all the time and that take well below a millisecond whatever the state
// are called in the node (`isShort`), which saves the copies.
import { availableParallelism } from 'node:os';
import { JobKilled, Pool } from '../processes/index.js';
import { RuntimeTrap, UnknownEntryPoint } from '../executor/index.js';
import type { Node } from '../node/index.js';
import { clientError, oversizedAnswer, RpcError, TOO_MANY } from './errors.js';
import type { LongCallJob, LongCallOutcome } from './long-call-job.js';
import type { Client } from './registry.js';

/** Longer than any block may take to execute. */
const CALL_MS_MAX = 10_000;
/** A runtime's memory has at most 128 MiB more than its module begins with. */
const MEMORY_MIB = 512;
/** Calls that wait, of all clients. */
const WAITING_MAX = 256;

/** Entry points whose work depends neither on the state nor on more than their arguments. */
const SHORT: ReadonlySet<string> = new Set([
  'AccountNonceApi_account_nonce',
  'AuraApi_authorities',
  'AuraApi_slot_duration',
  'Core_version',
  'TransactionPaymentApi_query_fee_details',
  'TransactionPaymentApi_query_info',
  'TransactionPaymentApi_query_length_to_fee',
  'TransactionPaymentApi_query_weight_to_fee',
]);
/** Above this, the arguments of these take long as well. */
const SHORT_ARGS_BYTES_MAX = 4_096;

/** Whether a call is made in the node. */
export const isShort = (method: string, args: Uint8Array): boolean =>
  SHORT.has(method) && args.length <= SHORT_ARGS_BYTES_MAX;

/** Options of LongCalls. */
export interface LongCallsOptions {
  /** The folder of the node's database. */
  readonly database: string;
  /** Is passed what the runtime logs. */
  readonly log?: (level: number, target: string, message: string) => void;
  readonly callMsMax?: number;
  readonly size?: number;
  readonly waitingMax?: number;
  /** The module that children run; tests use another. */
  readonly job?: URL;
}

interface Waiting {
  readonly client: Client;
  readonly job: LongCallJob;
  readonly resolve: (outcome: LongCallOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** The children, and the calls that wait for one. */
export class LongCalls {
  readonly #options: LongCallsOptions;
  readonly #pool: Pool;
  readonly #size: number;
  /** By client, in the order in which it is their turn. */
  readonly #waiting = new Map<object | string, Waiting[]>();
  #count = 0;
  #running = 0;

  constructor(options: LongCallsOptions) {
    const {
      callMsMax: wallClockMs = CALL_MS_MAX,
      size = Math.max(2, availableParallelism() - 1),
      job = new URL('./long-call-job.js', import.meta.url),
    } = options;
    this.#options = options;
    this.#size = size;
    this.#pool = new Pool({ job, size, wallClockMs, memoryMiB: MEMORY_MIB });
  }

  /** The output of an entry point on the state after a block. Rejects with what the same call in the node throws. */
  async call(node: Node, client: Client, at: Uint8Array, method: string, args: Uint8Array): Promise<Uint8Array> {
    // The child would say the same in other words.
    node.runtimeAt(at);
    const { root } = node.stateAt(at);
    const outputBytesMax = Math.floor(client.answerBytesMax / 2);
    const job = { database: this.#options.database, root, method, args, outputBytesMax };
    const outcome = await this.#take(client, job);
    for (const line of outcome.lines) this.#options.log?.(...line);
    switch (outcome.kind) {
      case 'output':
        return outcome.output;
      case 'oversized':
        throw oversizedAnswer(client.answerBytesMax);
      case 'trap':
        throw new RuntimeTrap(method, outcome.reason, outcome.log);
      case 'unknown':
        throw new UnknownEntryPoint(method);
    }
  }

  /** Kills the children. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  #take(client: Client, job: LongCallJob): Promise<LongCallOutcome> {
    if (this.#count >= (this.#options.waitingMax ?? WAITING_MAX)) {
      throw new RpcError(
        TOO_MANY,
        `Too many long calls wait for their turn on this node; try ${job.method} again later`,
      );
    }
    const back = client.away();
    return new Promise<LongCallOutcome>((resolve, reject) => {
      const key = typeof client.connection === 'string' ? `${client.connection} ${client.address}` : client.connection;
      const own = this.#waiting.get(key) ?? [];
      own.push({ client, job, resolve, reject });
      this.#waiting.set(key, own);
      this.#count += 1;
      this.#dispatch();
    }).finally(back);
  }

  #dispatch(): void {
    while (this.#running < this.#size) {
      const next = this.#next();
      if (next === undefined) return;
      this.#running += 1;
      void this.#run(next.job)
        .then(next.resolve, next.reject)
        .finally(() => {
          this.#running -= 1;
          this.#dispatch();
        });
    }
  }

  /** The first call of the client whose turn it is. Calls of clients that have gone are dropped. */
  #next(): Waiting | undefined {
    for (const [key, own] of this.#waiting) {
      this.#waiting.delete(key);
      const next = own.shift()!;
      this.#count -= 1;
      if (own.length > 0) this.#waiting.set(key, own);
      if (!next.client.gone) return next;
      next.reject(new RpcError(TOO_MANY, 'The client has gone'));
    }
    return undefined;
  }

  async #run(job: LongCallJob): Promise<LongCallOutcome> {
    try {
      return (await this.#pool.run(job)) as LongCallOutcome;
    } catch (error) {
      if (!(error instanceof JobKilled)) throw error;
      // An earlier call may have left the child about to end.
      if (error.cause !== 'crash' || error.alone) throw this.#stopped(job, error);
    }
    try {
      return (await this.#pool.run(job, { alone: true })) as LongCallOutcome;
    } catch (error) {
      throw error instanceof JobKilled ? this.#stopped(job, error) : error;
    }
  }

  #stopped({ method }: LongCallJob, { cause, message }: JobKilled): RpcError {
    const why = {
      'wall clock': `it ran for more than ${(this.#options.callMsMax ?? CALL_MS_MAX) / 1000} s on this node`,
      memory: `its process took more than ${MEMORY_MIB} MiB on this node`,
      crash: message,
      closed: 'this node is shutting down',
    }[cause];
    return clientError(`Execution failed: ${method} was stopped: ${why}`);
  }
}
