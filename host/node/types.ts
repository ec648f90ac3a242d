// Types only: headers, blocks, and the interfaces through which host/validators uses the chain.
//
// The validators provide inherents to the author (InherentProvider), keep their own facts of each block (BlockKeeper) and
// call the runtime through ChainView. They have no access to the author or the pool.
import type { Batch, Database } from '../db/index.js';

/** One item of a header's digest. `engine` is four ASCII characters ('aura') for all but `other`. */
export type DigestItem =
  | { kind: 'other'; data: Uint8Array }
  | { kind: 'consensus' | 'seal' | 'preRuntime'; engine: string; data: Uint8Array }
  | { kind: 'runtimeEnvironmentUpdated' };

/** A block header: hashes and roots of 32 bytes. */
export interface Header {
  parentHash: Uint8Array;
  number: number;
  stateRoot: Uint8Array;
  extrinsicsRoot: Uint8Array;
  digest: DigestItem[];
}

/** A block as nodes exchange it: a header and extrinsics, each of which begins with its compact length prefix. */
export interface Block {
  header: Header;
  extrinsics: Uint8Array[];
}

/** A block of this chain. */
export interface BlockRef {
  hash: Uint8Array;
  number: number;
  header: Header;
}

/** A block that has just been appended to the chain. */
export interface CommittedBlock extends KeptBlock {
  extrinsics: Uint8Array[];
  /** Its changes to the main trie, sorted by key; `undefined` means removed. */
  changes: readonly (readonly [Uint8Array, Uint8Array | undefined])[];
}

/** One entry of Substrate's InherentData: an 8-byte identifier and its SCALE-encoded value. */
export interface InherentItem {
  identifier: Uint8Array;
  data: Uint8Array;
}

/** The block under construction, as an inherent provider sees it. */
export interface BuildingBlock {
  number: number;
  parent: BlockRef;
  /** The Aura slot that this block claims. */
  slot: bigint;
  /** The block's timestamp in milliseconds. */
  timestampMs: bigint;
  /**
   * Calls the runtime on the state under construction, after all that is applied so far. Its writes are rolled back.
   */
  call(method: string, args: Uint8Array): Uint8Array;
}

/** Provides one inherent of a block. Providers are called in order; each sees the effect of those before it. */
export interface InherentProvider {
  /** Used in log lines. */
  readonly name: string;
  /** The inherent for this block, or undefined for none. An exception is logged and counts as none. */
  provide(parent: BlockRef, building: BuildingBlock): InherentItem | undefined;
}

/** Part of this process that keeps facts of its own about blocks, each in the transaction that makes its block durable. */
export interface BlockKeeper {
  /** Used in log lines. */
  readonly name: string;
  /**
   * Called for each block before it is written, when `runtimeCall` already takes its hash. Adds writes to `batch`, and
   * returns what is called once they and the block are durable: never, if the block can't be written. What an exception
   * here leaves is written without the keeper's writes, and logged.
   */
  keep(block: KeptBlock, batch: Batch): () => void;
}

/** A block as its keepers see it. */
export interface KeptBlock extends BlockRef {
  /** Whether this node's author made it, or another node. */
  readonly origin: 'own' | 'imported';
}

/** Called after a block is durable, in block order. An exception is logged and does not affect other listeners. */
export type BlockListener = (block: CommittedBlock) => void;

/** The chain as the layers above the node use it. Implemented by Node, and in tests by a chain without a runtime. */
export interface ChainView {
  /** The best block. Finality is instant, so it is the finalized block too. */
  best(): BlockRef;
  /** The block of this hash, or undefined. */
  block(hash: Uint8Array): BlockRef | undefined;
  /** The hash of the chain's block of this number, or undefined. */
  blockHash(number: number): Uint8Array | undefined;
  /**
   * Calls a runtime entry point on the state after this block, which may be the one that keepers are called for; its
   * writes are discarded. Throws UnknownBlock or RuntimeTrap.
   */
  runtimeCall(blockHash: Uint8Array, method: string, args: Uint8Array): Uint8Array;
  /** Calls `listener` for each new block once it is durable. Returns a function that unsubscribes. */
  subscribeBlocks(listener: BlockListener): () => void;
  /** The database of the chain, in columns of one's own. */
  readonly database: Database;
  /** Adds a keeper of every later block. Returns a function that removes it. */
  addBlockKeeper(keeper: BlockKeeper): () => void;
  /** Adds a provider after the timestamp and those added before. */
  addInherentProvider(provider: InherentProvider): void;
  /** A package needs a block: with instant sealing, one is made within this time. Default: as soon as possible. */
  wakeAuthor(withinMs?: number): void;
}

/** Milliseconds since the Unix epoch, and timers. The node's only source of time. */
export interface Clock {
  nowMs(): number;
  /** Calls once after `delayMs`. Returns a function that cancels the call. */
  after(delayMs: number, call: () => void): () => void;
}
