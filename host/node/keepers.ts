// Those who keep facts of their own about blocks: their writes are part of the transaction that makes the block durable.
//
// So there is no moment at which the database has a block and not what its keepers say about it, and the other way
// round, whatever ends the process.
import { equal } from '../bytes/index.js';
import { Batch } from '../db/index.js';
import type { ExecutedBlock } from './import.js';
import type { Logger } from './log.js';
import { callAndRollBack, CODE_KEY, type Runtimes } from './runtimes.js';
import type { BlockKeeper, KeptBlock } from './types.js';

export class Keepers {
  readonly #runtimes: Runtimes;
  readonly #log: Logger;
  readonly #keepers = new Set<BlockKeeper>();
  /** The block that is about to be written, and how its state is asked. */
  #unwritten: { hash: Uint8Array; call: (method: string, args: Uint8Array) => Uint8Array } | undefined;

  constructor(runtimes: Runtimes, log: Logger) {
    this.#runtimes = runtimes;
    this.#log = log;
  }

  /** Adds a keeper. Returns a function that removes it. */
  add(keeper: BlockKeeper): () => void {
    this.#keepers.add(keeper);
    return () => this.#keepers.delete(keeper);
  }

  /** Asks the state of the block that is about to be written; undefined if `hash` is that of another one. */
  call(hash: Uint8Array, method: string, args: Uint8Array): Uint8Array | undefined {
    const unwritten = this.#unwritten;
    return unwritten !== undefined && equal(unwritten.hash, hash) ? unwritten.call(method, args) : undefined;
  }

  /** Adds the keepers' facts of a block to its batch. Returns what is to be called once they are durable. */
  keep(made: ExecutedBlock, origin: KeptBlock['origin'], batch: Batch): (() => void)[] {
    const { hash, header, overlay } = made;
    const block: KeptBlock = { hash, number: header.number, header, origin };
    const isUpgrade = overlay.changes().some(([key]) => equal(key, CODE_KEY));
    const call = (method: string, args: Uint8Array): Uint8Array => {
      const runtime = isUpgrade ? this.#runtimes.loadCode(overlay.get(CODE_KEY)) : made.runtime;
      return callAndRollBack(runtime, overlay, method, args, this.#runtimes.questions);
    };
    this.#unwritten = { hash, call };
    try {
      return [...this.#keepers].flatMap((keeper) => {
        const own = new Batch();
        try {
          const durable = keeper.keep(block, own);
          for (const write of own.writes) batch.writes.push(write);
          return durable;
        } catch (error) {
          this.#log.error(`${keeper.name} could not follow block ${block.number}: ${String(error)}`);
          return [];
        }
      });
    } finally {
      this.#unwritten = undefined;
    }
  }
}
