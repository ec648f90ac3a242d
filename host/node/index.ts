// The node: chain, block import, author and transaction pool. The only place with a clock.
//
// Spec: RFC-0031 leaves the host open; blocks, headers and inherents are Substrate's.
export { Node, type NodeOptions } from './node.js';
export type {
  BlockKeeper,
  BlockListener,
  BlockRef,
  BuildingBlock,
  ChainView,
  Clock,
  CommittedBlock,
  Header,
  InherentItem,
  InherentProvider,
  KeptBlock,
} from './types.js';
export { BasePathRefused, BlockNotMade, InvalidChainSpec, UnknownBlock } from './errors.js';
export { chainSpecJson, checkChainSpec, readChainSpec } from './chain-spec.js';
export type { ChainSpec } from './chain-spec.js';
export { BoundedMap } from './bounded-map.js';
export { isObject, type Json } from './json.js';
export { buildGenesis, plainChainSpec, rawChainSpec } from './genesis.js';
export { ManualClock, systemClock } from './clock.js';
export { createLogger, LOG_LEVELS, silent, type Logger, type LogLevel } from './log.js';
export { DEV_NAMES, devKey, KeyRing, SCALE_NAMES } from './keys.js';
export {
  decodeBlock,
  decodeHeader,
  encodeBlock,
  encodeDigestItem,
  encodeHeader,
  hashHeader,
  isWholeExtrinsic,
  slotOf,
} from './header.js';
export { signDeterministically } from './signer.js';
export { parseSealing } from './sealing.js';
export type { ChainRuntime } from './runtimes.js';
export type { ValidityError } from './validity.js';
export { isFinal, TransactionPool } from './pool/index.js';
export type { PoolLimits, PoolRefusal, TransactionStatus } from './pool/index.js';
