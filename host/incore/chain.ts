// What the in-core part knows of the chain: facts as of a block, nothing else.
//
// Spec: RFC-0031 § Collection and `is_authorized`, § Refine; D7 and D27: everything is asked as of a package's context
// block, so that every validator gets the same answer whenever it asks. This is the one way in: `chainOver` makes it of
// anything that can call the runtime (the local node; later a node far away), a test of a few values.
import { equal, Reader, ScaleError, Writer } from '../bytes/index.js';
import { readAuthorizer } from './codec.js';
import type { Authorizer } from './types.js';

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

/** The runtime answered something that is not what CoreJamApi version 1 promises. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';

  constructor(
    readonly method: string,
    readonly reason: string,
  ) {
    super(`CoreJamApi.${method} answered something else than version 1 of it does: ${reason}`);
  }
}

/** Calls one function of CoreJamApi through `call` and decodes its answer, to the last byte. */
export function callApi<T>(
  call: (method: string, args: Uint8Array) => Uint8Array,
  name: string,
  args: Uint8Array,
  read: (reader: Reader) => T,
): T {
  const reader = new Reader(call(`CoreJamApi_${name}`, args));
  try {
    const value = read(reader);
    reader.end();
    return value;
  } catch (error) {
    if (error instanceof ScaleError) throw new UnexpectedAnswer(name, error.message);
    throw error;
  }
}

const NOTHING = new Uint8Array();

/** The chain as a node sees it, by way of the runtime API CoreJamApi. */
export function chainOver(source: RuntimeSource): InCoreChain {
  const ask = <T>(at: Uint8Array, name: string, args: Uint8Array, read: (reader: Reader) => T): T =>
    callApi((method, encoded) => source.runtimeCall(at, method, encoded), name, args, read);
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
    validators: (at) => ask(at, 'validators', NOTHING, (reader) => reader.vec((from) => from.raw(32))),
    cores: (at) => ask(at, 'cores', NOTHING, (reader) => reader.u16()),
    group: (at, core) => ask(at, 'group', u16(core), (reader) => reader.vec((from) => from.u32())),
    authorizer: (at, core) =>
      ask(at, 'authorizer', u16(core), (reader) =>
        reader.option((from) => ({ id: from.u32(), authorizer: readAuthorizer(from) })),
      ),
    classCode: (at, classId) =>
      ask(at, 'class_code', new Writer().u32(classId).finish(), (reader) => reader.option((from) => from.raw(32))),
    lookup: (at, hash) => ask(at, 'lookup', hash, (reader) => reader.option((from) => from.bytes())),
  };
}

function u16(value: number): Uint8Array {
  return new Writer().u16(value).finish();
}
