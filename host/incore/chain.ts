// The interface through which in-core work reads the chain.
//
// Spec: RFC-0031 § Collection and `is_authorized`, § Refine; D7 and D27: everything is read as of a package's context
// block, so that every validator gets the same result at any time. `chainOver` implements it for anything that can call
// the runtime.
import { equal } from '../bytes/index.js';
import { type Authorizer, type CallRuntime, coreJamApi } from '../contract/index.js';

/** A block: its hash (32 bytes) and height. */
export interface BlockId {
  hash: Uint8Array;
  number: number;
}

/** The chain as of given blocks. `at` is the hash of a known block; except where noted, an unknown one throws. */
export interface InCoreChain {
  best(): BlockId;
  /** The block with this hash, if it is the best block or an ancestor of it. */
  block(hash: Uint8Array): BlockId | undefined;
  /** The state root in the header at `height`, of `at` or an ancestor; undefined if `at` is not on the best chain. */
  stateRoot(at: Uint8Array, height: number): Uint8Array | undefined;
  /** sr25519 keys in validator order. */
  validators(at: Uint8Array): Uint8Array[];
  cores(at: Uint8Array): number;
  /** Validator indices of a core's group, in the order of an attestation's bits. */
  group(at: Uint8Array, core: number): number[];
  authorizer(at: Uint8Array, core: number): { id: number; authorizer: Authorizer } | undefined;
  /** The code hash of a registered Work Class. */
  classCode(at: Uint8Array, classId: number): Uint8Array | undefined;
  /** The preimage of `hash` in the Storage pallet. */
  lookup(at: Uint8Array, hash: Uint8Array): Uint8Array | undefined;
  /** The length of that preimage, which costs no reading of it. */
  lookupLength(at: Uint8Array, hash: Uint8Array): number | undefined;
}

/** The part of host/node's ChainView that `chainOver` needs. */
export interface RuntimeSource {
  best(): BlockId;
  block(hash: Uint8Array): (BlockId & { header: { stateRoot: Uint8Array } }) | undefined;
  /** The hash of the block of this number on the best chain. */
  blockHash(number: number): Uint8Array | undefined;
  runtimeCall(blockHash: Uint8Array, method: string, args: Uint8Array): Uint8Array;
}

/** Reads the chain through the runtime API CoreJamApi. */
export function chainOver(source: RuntimeSource): InCoreChain {
  const on =
    (at: Uint8Array): CallRuntime =>
    (method, args) =>
      source.runtimeCall(at, method, args);
  const block = (hash: Uint8Array): ReturnType<RuntimeSource['block']> => {
    const found = source.block(hash);
    const canonical = found === undefined ? undefined : source.blockHash(found.number);
    return canonical !== undefined && equal(canonical, hash) ? found : undefined;
  };
  return {
    best: () => {
      const { hash, number } = source.best();
      return { hash, number };
    },
    block: (hash) => {
      const found = block(hash);
      return found === undefined ? undefined : { hash: found.hash, number: found.number };
    },
    stateRoot: (at, height) => {
      const from = block(at);
      if (from === undefined || height > from.number) return undefined;
      const hash = source.blockHash(height);
      return hash === undefined ? undefined : source.block(hash)?.header.stateRoot;
    },
    validators: (at) => coreJamApi.validators(on(at)),
    cores: (at) => coreJamApi.cores(on(at)),
    group: (at, core) => coreJamApi.group(on(at), core),
    authorizer: (at, core) => {
      const assigned = coreJamApi.authorizer(on(at), core);
      return assigned === undefined ? undefined : { id: assigned[0], authorizer: assigned[1] };
    },
    classCode: (at, classId) => coreJamApi.classCode(on(at), classId),
    lookup: (at, hash) => coreJamApi.lookup(on(at), hash),
    lookupLength: (at, hash) => coreJamApi.lookupLength(on(at), hash),
  };
}
