// What the network needs of a node, and what it gives it. host/node implements and uses these, by shape alone: the node
// stands above the network, so neither imports the other's types.
import type { BlockId, RuntimeSource } from '../incore/index.js';

/** One entry of Substrate's InherentData: an 8-byte identifier and its SCALE-encoded value. */
export interface Inherent {
  identifier: Uint8Array;
  data: Uint8Array;
}

/** The block under construction. */
export interface ConstructedBlock {
  number: number;
  /** Call the runtime on the state under construction, earlier inherents applied; what it writes is rolled back. */
  call(method: string, args: Uint8Array): Uint8Array;
}

/** Makes one inherent of a block, or none. Asked in order: each sees what those before it did. */
export interface InherentSource {
  readonly name: string;
  provide(parent: BlockId, building: ConstructedBlock): Inherent | undefined;
}

/** The chain as the network uses it. host/node's ChainView has all of it. */
export interface NetworkChain extends RuntimeSource {
  /** Hear of each new block once it is durable; answers a function that ends it. */
  subscribeBlocks(listener: (block: BlockId) => void): () => void;
  addInherentProvider(source: InherentSource): void;
  /** There is package work for a block: with instant sealing, make one soon. */
  wakeAuthor(): void;
}

/** What the network takes from above, beside the chain. */
export interface Surroundings {
  nowMs(): number;
  warn(message: string): void;
  /** Whether `signature` is `publicKey`'s over `message`, sr25519. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}
