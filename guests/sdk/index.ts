// The SDK for Work Classes and Authorizers. guests/README.md shows how to use it.
//
// A guest is a file whose entry points are marked `@entry()`. The compiler generates the decoding of their arguments
// and the encoding of their results. `throw new Error('why')` ends the run as a Panic with that reason.
export { AccountId, H256, Signature64 } from '../../assembly/primitives';
export {
  Authorization,
  AuthorizationBulk,
  AuthorizationInstantaneous,
  Context,
  ItemResult,
  PackageResults,
  WorkError,
  WorkItem,
  WorkPackage,
  WorkResult,
} from '../../assembly/primitives/corejam';
export {
  Bytes,
  bytesAt,
  concatBytes,
  decode,
  decodeOr,
  emptyBytes,
  encode,
  equalBytes,
  fixed,
  Option,
  Reader,
  Result,
  Tuple2,
  utf8,
  Writer,
} from '../../assembly/scale';
export { markMemory, resetMemory } from '../../assembly/rt';
export { ByteRanks } from './byte-ranks';
export { lookup, stateRoot } from './chain';
export { blake2_256, blake2_256_at, sr25519Verify } from './crypto';
export { log } from './log';
export { PackageHead, packageMessage } from './package';
export {
  checkpoint,
  getWorkStorage,
  hasWorkStorage,
  removeWorkStorage,
  setWorkStorage,
  weightRemaining,
} from './work-storage';
