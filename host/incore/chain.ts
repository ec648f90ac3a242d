// What the in-core part knows of the chain: facts as of a block, nothing else.
//
// Spec: RFC-0031 § Collection and `is_authorized`, § Refine; D7 and D27: everything is asked as of a package's context
// block, so that every validator gets the same answer whenever it asks. This is the one way in: `chainOver` makes it of
// anything that can call the runtime (the local node; later a node far away), a test of a few values.
import { equal } from '../bytes/index.js';
import { type Authorizer, type CallRuntime, coreJamApi } from '../contract/index.js';

/** A block of the chain: hash of 32 bytes and height. */
export interface BlockId {
  hash: Uint8Array;
  number: number;
}

/** The chain as of its blocks. `at` is the hash of a known block; an unknown one throws. */
export interface InCoreChain {
  best(): BlockId;
  /** The block of this hash if it is an ancestor of the best block or that itself. */
  block(hash: Uint8Array): BlockId | undefined;
  /** The state root in the header of the block of this height among the ancestors of `at` and itself. */
  stateRoot(at: Uint8Array, height: number): Uint8Array | undefined;
  /** sr25519 keys in validator order. */
  validators(at: Uint8Array): Uint8Array[];
  cores(at: Uint8Array): number;
  /** Validator indices of the group of a core, in the order of an attestation's bits. */
  group(at: Uint8Array, core: number): number[];
  authorizer(at: Uint8Array, core: number): { id: number; authorizer: Authorizer } | undefined;
  /** The code hash of a registered Work Class. */
  classCode(at: Uint8Array, classId: number): Uint8Array | undefined;
  /** The preimage of `hash` in the Storage pallet. */
  lookup(at: Uint8Array, hash: Uint8Array): Uint8Array | undefined;
}

/** What `chainOver` needs of a node. host/node's ChainView has it. */
export interface RuntimeSource {
  best(): BlockId;
  block(hash: Uint8Array): (BlockId & { header: { stateRoot: Uint8Array } }) | undefined;
  /** The hash of the best chain's block of this number. */
  blockHash(number: number): Uint8Array | undefined;
  runtimeCall(blockHash: Uint8Array, method: string, args: Uint8Array): Uint8Array;
}

/** The chain as a node sees it, by way of the runtime API CoreJamApi. */
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
  };
}
