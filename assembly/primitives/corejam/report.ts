// What comes out of a core: a Work Report, and the signatures of those who vouch for it.
// Spec: RFC-0031 § Refine; D1 (the last two fields of a report), D10, D14, D36.
import { H256, Signature64 } from '..';
import { BitVec, BoundedBytes, emptyBytes, Option, Result } from '../../scale';
import { MAX_WORK_ITEMS, MAX_WORK_OUTPUT_SIZE } from './limits';
import { Authorization, AuthorizationBulk, Context } from './package';

/** Bound of what `refine` answers. */
@bound(MAX_WORK_OUTPUT_SIZE) class WorkOutputLen {}

/** Why an item has no output (D17). */
export enum WorkError {
  /** `refine` ran out of weight. */
  Timeout,
  /** `refine` trapped, ran out of stack, could not be run at all, or answered something that is no output. */
  Panic,
}

/** The output of `refine`, or why there is none. */
type WorkOutcome = Result<BoundedBytes<WorkOutputLen>, WorkError>;

/** What became of one item. */
@scale() export class WorkResult {
  /** The item's class. */
  class: u32 = 0;
  /** `blake2_256(SCALE(WorkItem))`. */
  itemHash: H256 = new H256();
  /** The output of `refine`, or why there is none. */
  result: WorkOutcome = new Result<BoundedBytes<WorkOutputLen>, WorkError>(true, emptyBytes(), WorkError.Timeout);
  /** Weight that `refine` used, in picoseconds. */
  weight: u64 = 0;
}

/** Which package a report is about. */
@scale() export class WorkPackageSpec {
  /** `blake2_256(SCALE(EncodedWorkPackage))`. */
  hash: H256 = new H256();
  /** Root over the package's shards (D20). */
  root: H256 = new H256();
  /** Length of SCALE(EncodedWorkPackage), in bytes. */
  len: u32 = 0;
}

/** The outcome of a package's refinement. */
@scale() export class WorkReport {
  packageSpec: WorkPackageSpec = new WorkPackageSpec();
  context: Context = new Context();
  /** The core that it was refined on. */
  coreIndex: u16 = 0;
  /** One for each item, in item order. */
  @bounded(MAX_WORK_ITEMS) results: Array<WorkResult> = [];
  /** The package's authorization, for `accumulate` (D1). */
  authorization: Authorization = new AuthorizationBulk();
  /** What the core was assigned to at the context block; none for Instantaneous Coretime (D1). */
  authId: Option<u32> = new Option<u32>(false, 0);
}

/** A report and the members of its group that vouch for it. */
@scale() export class Attestation {
  report: WorkReport = new WorkReport();
  /** Over the group, in its order: who has signed. */
  validators: BitVec = new BitVec();
  /** Of those who have, in that order, over `blake2_256(SCALE(report))`. */
  attestations: Array<Signature64> = [];
}

/** Which cores' packages a validator holds its shard of. */
@scale() export class SignedBitfield {
  /** Its position in the validator set. */
  validator: u32 = 0;
  /** One bit a core. */
  bits: BitVec = new BitVec();
  /** Over SCALE(("CJ-BITS", parent_hash, bits)). */
  signature: Signature64 = new Signature64();
}
