// A fake chain, a fake runner, and packages, for tests of in-core work.
import { blake2_256, equal, toHex, utf8 } from '../../../host/bytes/index.js';
import type { Authorized, Collected, GuestResult, GuestRun, InCoreChain, Signer } from '../../../host/incore/index.js';
import type { Authorizer, WorkItem } from '../../../host/contract/index.js';
import { buildPackage, collect, sr25519Signer, withEvidence } from '../../../host/incore/index.js';
import { devKey } from '../../../host/node/keys.js';
import { valueOf } from '../results.js';

/** The development key of that name. */
export function signerOf(name: string): Signer {
  return sr25519Signer(devKey(name));
}

/** The fake hash of a block: 32 bytes. */
export function blockHash(number: number): Uint8Array {
  return blake2_256(utf8(`block ${number}`));
}

/** A chain with the same facts at every block: its fields, which tests change. */
export class FakeChain implements InCoreChain {
  bestNumber = 5;
  coreCount = 3;
  validatorKeys: Uint8Array[] = Array.from({ length: 6 }, (_, index) => new Uint8Array(32).fill(index + 1));
  groups = [
    [0, 1],
    [2, 3],
    [4, 5],
  ];
  authorizers = new Map<number, { id: number; authorizer: Authorizer }>();
  classes = new Map<number, Uint8Array>();
  preimages = new Map<string, Uint8Array>();

  /** Stores a preimage and returns its hash. */
  provide(preimage: Uint8Array): Uint8Array {
    const hash = blake2_256(preimage);
    this.preimages.set(toHex(hash), preimage);
    return hash;
  }

  best(): { hash: Uint8Array; number: number } {
    return { hash: blockHash(this.bestNumber), number: this.bestNumber };
  }

  block(hash: Uint8Array): { hash: Uint8Array; number: number } | undefined {
    for (let number = 0; number <= this.bestNumber; number++)
      if (equal(blockHash(number), hash)) return { hash, number };
    return undefined;
  }

  stateRoot(at: Uint8Array, height: number): Uint8Array | undefined {
    const from = this.block(at);
    return from === undefined || height > from.number ? undefined : blake2_256(utf8(`state ${height}`));
  }

  validators = (): Uint8Array[] => this.validatorKeys;
  cores = (): number => this.coreCount;
  group = (_at: Uint8Array, core: number): number[] => this.groups[core] ?? [];
  authorizer = (_at: Uint8Array, core: number): ReturnType<InCoreChain['authorizer']> => this.authorizers.get(core);
  classCode = (_at: Uint8Array, id: number): Uint8Array | undefined => this.classes.get(id);
  /** Hashes of the preimages that were read, in order. */
  readonly looked: string[] = [];
  lookup = (_at: Uint8Array, hash: Uint8Array): Uint8Array | undefined => {
    this.looked.push(toHex(hash));
    return this.preimages.get(toHex(hash));
  };
  lookupLength = (_at: Uint8Array, hash: Uint8Array): number | undefined => this.preimages.get(toHex(hash))?.length;
}

/** Runs nothing: returns `results` one after another, and records the requests. */
export class FakeRunner {
  readonly runs: GuestRun[] = [];
  results: GuestResult[] = [];

  readonly run = (request: GuestRun): GuestResult => {
    this.runs.push(request);
    const result = this.results.shift();
    if (result === undefined) throw new Error('the test gave the runner no more results');
    return result;
  };
}

export function returned(output: Uint8Array, weightUsed = 1_000n): GuestResult {
  return { outcome: 'returned', output, weightUsed };
}

/** A collected package whose context is block `context`. */
export function collected(items: WorkItem[], context = 5, evidence: Uint8Array = utf8('evidence')): Collected {
  return valueOf(collect(withEvidence(buildPackage(items, blockHash(context)), evidence).encoded));
}

/** A package as authorized on core 0. */
export function authorizedPackage(items: WorkItem[]): Authorized {
  return { ...collected(items), core: 0, authId: 10_000, context: { hash: blockHash(5), number: 5 }, weight: 7n };
}
