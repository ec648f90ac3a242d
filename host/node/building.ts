// A block under construction, what the author needs of the node, and the author's limits.
//
// The author may give up an attempt at a block and make another one (culprits.ts), and a block may fail to be written. So
// what an attempt does besides building, to the pool and to the log, waits until its block is written.
import type { CallContext, SignatureCache } from '../executor/index.js';
import type { Overlay } from '../state/index.js';
import type { Chain } from './chain.js';
import type { KeyRing } from './keys.js';
import type { Logger } from './log.js';
import type { TransactionPool } from './pool/index.js';
import { callAndRollBack, type ChainRuntime, type Runtimes } from './runtimes.js';
import type { Clock, InherentProvider } from './types.js';
import { decodeApplied, type Applied } from './validity.js';

/** Bounds of one block's making. */
export interface AuthorLimits {
  /**
   * After this long with transactions, only those are applied that fit the guaranteed part of their class. The time of
   * the inherents does not count.
   */
  buildMsMax: number;
  /** After that time, this many runtime calls for transactions that do not get into the block end the search. */
  lateTriesMax: number;
  /**
   * A transaction is rejected once it did not fit this many successive blocks with neither another transaction nor a
   * package inherent. Packages that wait in the cores' queues fill at most the first few of those.
   */
  misfitsOfOneMax: number;
  /** A transaction is dropped once this many blocks had no room for it, whatever they were full of. */
  misfitsMax: number;
  /** After this long, no further search begins for a transaction with which the block can't be finished. */
  searchMsMax: number;
}

export const DEFAULT_AUTHOR_LIMITS: AuthorLimits = {
  buildMsMax: 50,
  lateTriesMax: 64,
  misfitsOfOneMax: 8,
  misfitsMax: 256,
  searchMsMax: 500,
};

/** What the author needs of the node. */
export interface AuthorParts {
  chain: Chain;
  runtimes: Runtimes;
  signatures: SignatureCache;
  pool: TransactionPool;
  keys: KeyRing;
  clock: Clock;
  log: Logger;
  providers: readonly InherentProvider[];
  limits: AuthorLimits;
  /** Whether a block is executed again through Core_execute_block before it is written. */
  executeOwnBlocks: boolean;
}

/** A block under construction. */
export class Building {
  readonly extrinsics: Uint8Array[] = [];
  /** Keeps its lines until the block is written. */
  readonly log: Logger;
  /** The runtime's log lines are kept like the author's own. */
  readonly context: CallContext;
  readonly #effects: (() => void)[] = [];

  constructor(
    readonly parts: AuthorParts,
    readonly runtime: ChainRuntime,
    readonly overlay: Overlay,
  ) {
    const { log } = parts;
    const kept =
      (level: keyof Logger) =>
      (message: string): void =>
        this.whenWritten(() => log[level](message));
    this.log = { error: kept('error'), warn: kept('warn'), info: kept('info'), debug: kept('debug') };
    const { context } = parts.runtimes;
    this.context = { ...context, log: (...line) => this.whenWritten(() => context.log?.(...line)) };
  }

  /** Calls `effect` when the block is written, and never if it is not, or if this attempt is given up. */
  whenWritten(effect: () => void): void {
    this.#effects.push(effect);
  }

  /** The block is written: what waited for that happens now, in its order. */
  written(): void {
    for (const effect of this.#effects.splice(0)) effect();
  }

  call(method: string, args: Uint8Array): Uint8Array {
    return this.runtime.call(method, args, this.overlay, this.context);
  }

  /** Calls on the state under construction; the writes are rolled back. Throws RuntimeTrap. */
  ask(method: string, args: Uint8Array): Uint8Array {
    return callAndRollBack(this.runtime, this.overlay, method, args, this.context);
  }

  /** Applies an extrinsic, and rolls its writes back unless it is included. Throws RuntimeTrap. */
  apply(extrinsic: Uint8Array): Applied {
    this.overlay.begin();
    let applied: Applied | undefined;
    try {
      applied = decodeApplied(this.call('BlockBuilder_apply_extrinsic', extrinsic));
      return applied;
    } finally {
      if (applied?.ok === true) {
        this.overlay.commit();
        this.extrinsics.push(extrinsic);
      } else {
        this.overlay.rollback();
      }
    }
  }
}
