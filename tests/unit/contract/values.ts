// Random values of the contract's types: all variants, options with and without a value, lengths from zero.
import { err, ok } from '../../../host/bytes/index.js';
import {
  type Attestation,
  type Authorization,
  type Authorizer,
  type BlockRoom,
  type ClassRoom,
  type Context,
  type CoreVotes,
  DispatchClass,
  type EncodedWorkPackage,
  type ExtrinsicNeeds,
  type ItemResult,
  type JoinAnswer,
  type JoinTerms,
  type MultiSignature,
  type PackageResults,
  type Progress,
  type PruneRun,
  RunOutcome,
  type RunRecord,
  type SignedBitfield,
  Stage,
  WorkError,
  type WorkItem,
  type WorkItemWeightBounds,
  type WorkItemWeightRequirements,
  type WorkPackage,
  type WorkPackageSpec,
  type WorkReport,
  type WorkResult,
} from '../../../host/contract/index.js';
import { seedOf } from '../../random.js';
import { ScaleRandom } from '../compiler/fixture.js';

const random = new ScaleRandom(seedOf('contract'));
const u32 = (): number => Number(random.unsigned(32));
const u64 = (): bigint => random.unsigned(64);
const u16 = (): number => random.below(0x10000);
const hash = (): Uint8Array => random.bytes(32);
const bytes = (): Uint8Array => random.bytes(random.below(100));
const signature = (): Uint8Array => random.bytes(64);
const bits = (): boolean[] => random.list(40, () => random.bool());
const maybe = <T>(item: () => T): T | undefined => (random.bool() ? item() : undefined);

export const authorizer = (): Authorizer => ({ codeHash: hash(), param: bytes() });

export const joinAnswer = (): JoinAnswer => {
  const kind = random.pick(['indices', 'trapped', 'overran', 'malformed'] as const);
  return kind === 'indices' ? { kind, indices: random.list(5, u32) } : { kind };
};

export const pruneRun = (): PruneRun => ({
  classId: u32(),
  answer: joinAnswer(),
  weightGiven: random.unsigned(64),
  weightUsed: random.unsigned(64),
});

export const joinTerms = (): JoinTerms => ({
  total: random.unsigned(64),
  perOutput: random.list(5, () => random.unsigned(64)),
});

export const dispatchClass = (): DispatchClass => random.pick(DispatchClass);

export const extrinsicNeeds = (): ExtrinsicNeeds => ({ dispatchClass: dispatchClass(), weight: u64(), length: u32() });

export const classRoom = (): ClassRoom => ({
  weight: u64(),
  length: u32(),
  guaranteedWeight: u64(),
  guaranteedLength: u32(),
});

export const blockRoom = (): BlockRoom => ({ normal: classRoom(), operational: classRoom() });

export const runOutcome = (): RunOutcome => random.pick(RunOutcome);

export const multiSignature = (): MultiSignature => {
  const kind = random.pick(['ed25519', 'sr25519', 'ecdsa'] as const);
  return { kind, value: random.bytes(kind === 'ecdsa' ? 65 : 64) };
};

export const authorization = (): Authorization =>
  random.bool()
    ? { kind: 'bulk', evidence: bytes() }
    : { kind: 'instantaneous', account: hash(), signature: multiSignature() };

export const context = (): Context => ({ headerHash: hash(), prerequisite: maybe(hash) });

export const workItem = (): WorkItem => ({ class: u32(), payload: bytes() });

export const workPackage = (): WorkPackage => ({
  authorization: authorization(),
  context: context(),
  items: random.list(4, workItem),
});

export const encodedWorkPackage = (): EncodedWorkPackage => ({ version: u32(), encoded: bytes() });

export const workError = (): WorkError => random.pick(WorkError);

export const workResult = (): WorkResult => ({
  class: u32(),
  itemHash: hash(),
  result: random.bool() ? ok(bytes()) : err(workError()),
  weight: u64(),
});

export const itemResult = (): ItemResult => ({ itemHash: hash(), result: workResult() });

export const packageResults = (): PackageResults => ({
  authorization: authorization(),
  items: random.list(4, itemResult),
});

export const workPackageSpec = (): WorkPackageSpec => ({ hash: hash(), root: hash(), len: u32() });

export const workReport = (): WorkReport => ({
  packageSpec: workPackageSpec(),
  context: context(),
  coreIndex: u16(),
  results: random.list(4, workResult),
  authorization: authorization(),
  authId: maybe(u32),
});

export const attestation = (): Attestation => ({
  report: workReport(),
  validators: bits(),
  attestations: random.list(5, signature),
});

export const signedBitfield = (): SignedBitfield => ({ validator: u32(), bits: bits(), signature: signature() });

export const workItemWeightRequirements = (): WorkItemWeightRequirements => ({ prune: u64(), accumulate: u64() });

export const workItemWeightBounds = (): WorkItemWeightBounds => ({
  pruneMin: u64(),
  pruneMax: u64(),
  accumulateMin: u64(),
  sumMax: u64(),
});

export const coreVotes = (): CoreVotes => ({ core: u16(), validators: bits() });

const stage = (): Stage => random.pick(Stage);

export const progress = (): Progress => ({ packageHash: hash(), core: u16(), stage: stage() });

export const runRecord = (): RunRecord => ({
  classId: u32(),
  packages: random.list(3, hash),
  outcome: runOutcome(),
  weightUsed: u64(),
});

/** The bytes with some changed, or truncated. */
export function spoilt(original: Uint8Array): Uint8Array {
  const changed = original.slice(0, random.bool() ? original.length : random.below(original.length + 1));
  for (let flips = 1 + random.below(3); flips > 0 && changed.length > 0; flips--)
    changed[random.below(changed.length)] = random.below(256);
  return changed;
}

export { bytes, hash };
