// Runs code: a runtime blob on V8, and guests on the metered VM.
export { Allocator, BLOCK_BYTES_MAX, type HeapMemory } from './allocator.js';
export { isCompressed, plainCode } from './code.js';
export { HostCallError, InvalidRuntime, RuntimeTrap, UnknownEntryPoint } from './errors.js';
export {
  guestModuleFolder,
  guestModules,
  ON_CHAIN_LIMITS,
  ON_CHAIN_PREPARING,
  ON_CHAIN_SCHEDULE,
  OUTPUT_BYTES_MAX,
  runGuest,
  type GuestFailure,
  type GuestResult,
  type GuestRun,
} from './guest.js';
export {
  give as giveToGuest,
  giveAt as giveAtToGuest,
  giveRead as giveReadToGuest,
  NONE,
  readFat,
} from './guest-functions.js';
export { guestFunction } from './guest-link.js';
export {
  type ArgumentForm,
  ENTRY_POINTS,
  type EntryPoint,
  GUEST_FUNCTIONS,
  type GuestFunction,
  guestRow,
  type NodeServed,
} from './guest-table.js';
export type { CallContext } from './host.js';
export { Runtime } from './runtime.js';
export { SignatureCache, verifySignature, type SignatureScheme } from './signatures.js';
export { miniSecretOf, sr25519DeriveHard, sr25519PairOf, sr25519Sign, WasmCrypto } from './wasm-crypto.js';
export { encodeVersion, type RuntimeVersion } from './version.js';
