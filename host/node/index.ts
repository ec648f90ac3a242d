// The node: chain, block import, author and transaction pool. The only place with a clock.
//
// Spec: RFC-0031 leaves the host open; blocks, headers and inherents are Substrate's.
export type {
  Block, BlockListener, BlockRef, BuildingBlock, ChainView, Clock, CommittedBlock, DigestItem, Header, InherentItem,
  InherentProvider, Logger,
} from './types.js';
export { BlockRefused, InvalidChainSpec, NodeError, UnknownBlock, WrongDatabase } from './errors.js';
export type { ImportRefusal } from './errors.js';
