// The node: chain, block import, author and transaction pool. The only place with a clock.
//
// Spec: RFC-0031 leaves the host open; blocks, headers and inherents are Substrate's.
export { Node, type NodeOptions } from './node.js';
export type {
  Block,
  BlockListener,
  BlockRef,
  BuildingBlock,
  ChainView,
  Clock,
  CommittedBlock,
  DigestItem,
  Header,
  InherentItem,
  InherentProvider,
} from './types.js';
export { BlockNotMade, DevelopmentKeysRefused, InvalidChainSpec, UnknownBlock, WrongDatabase } from './errors.js';
export type { BlockRefusal, BlockRefusalKind } from './errors.js';
export { chainSpecJson, checkChainSpec, readChainSpec } from './chain-spec.js';
export type { ChainSpec, ChainType, Genesis } from './chain-spec.js';
export { BoundedMap } from './bounded-map.js';
export { isObject, type Json, type JsonObject } from './json.js';
export { buildGenesis, genesisHeader, rawChainSpec } from './genesis.js';
export { ManualClock, systemClock } from './clock.js';
export { createLogger, LOG_LEVELS, silent, type Logger, type LogLevel } from './log.js';
export { DEV_NAMES, devKey, KeyRing, type KeyPair } from './keys.js';
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
export { parseSealing, type SealingMode } from './sealing.js';
export type { ChainRuntime, LoadRuntime } from './runtimes.js';
export type { ValidityError } from './validity.js';
export { isFinal, TransactionPool } from './pool/index.js';
export type { Entry, PoolLimits, PoolRefusal, Submission, TransactionStatus } from './pool/index.js';
