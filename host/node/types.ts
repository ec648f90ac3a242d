// The node's vocabulary: headers, blocks and the interfaces through which `host/validators` reaches the chain.
//
// Types only. The validators give the author inherents (InherentProvider), listen to blocks (BlockListener) and call the
// runtime through ChainView; they never see the author, the pool or the database.

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

/** A block as it travels: a header and its extrinsics, each with its own compact length prefix inside. */
export interface Block {
  header: Header;
  extrinsics: Uint8Array[];
}

/** A block of our chain, by hash. */
export interface BlockRef {
  hash: Uint8Array;
  number: number;
  header: Header;
}

/** A block that has just become part of the chain. */
export interface CommittedBlock extends BlockRef {
  /** Who made it: this node's author, or somebody else. */
  origin: 'own' | 'imported';
  extrinsics: Uint8Array[];
  /** What it changed at the top level of the state: sorted by key, `undefined` means removed. */
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
  /** The Aura slot this block claims. */
  slot: bigint;
  /** The block's time in milliseconds, as its timestamp inherent says. */
  timestampMs: bigint;
  /** Call the runtime on the state under construction, everything applied so far included. Its writes are rolled back. */
  call(method: string, args: Uint8Array): Uint8Array;
}

/** Makes one inherent of a block. Providers are asked in order; each sees what the ones before it did. */
export interface InherentProvider {
  /** Used in log lines. */
  readonly name: string;
  /** The inherent for this block, or undefined for none. An exception is logged and counts as none. */
  provide(parent: BlockRef, building: BuildingBlock): InherentItem | undefined;
}

/** Called after a block is durable, in block order. An exception is logged and harms nobody else. */
export type BlockListener = (block: CommittedBlock) => void;

/** The chain as the layers above the node see it: implemented by Node, and in tests by a chain without a runtime. */
export interface ChainView {
  /** The best block. Finality is instant, so it is the finalized block too. */
  best(): BlockRef;
  /** The block of this hash, or undefined. */
  block(hash: Uint8Array): BlockRef | undefined;
  /** The hash of the chain's block of this number, or undefined. */
  blockHash(number: number): Uint8Array | undefined;
  /** Call a runtime entry point on the state after this block; its writes are thrown away. Throws UnknownBlock or RuntimeTrap. */
  runtimeCall(blockHash: Uint8Array, method: string, args: Uint8Array): Uint8Array;
  /** Hear of each new block, once it is durable. Answers a function that ends the subscription. */
  subscribeBlocks(listener: BlockListener): () => void;
  /** Append a provider: the timestamp is first, then those added, in the order they were added. */
  addInherentProvider(provider: InherentProvider): void;
  /** There is package work for a block: with instant sealing, make one soon. */
  wakeAuthor(): void;
}

/** Milliseconds since the Unix epoch, and timers. The node's only source of time. */
export interface Clock {
  nowMs(): number;
  /** Call once after `delayMs`; answers a function that cancels it. */
  after(delayMs: number, call: () => void): () => void;
}
