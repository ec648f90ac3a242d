// The guests' SDK: what a Work Class or an Authorizer is written with. guests/README.md shows how.
//
// A guest is a file that marks its entry points with `@entry()`. The compiler decodes their arguments and encodes what
// they return, so that a guest's author writes neither. `throw new Error('why')` ends the run as a Panic with that
// reason.
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
export { ByteSet } from './byte-set';
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
