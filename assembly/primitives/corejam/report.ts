// Work Reports, their attestations, and bitfields of availability.
// Spec: RFC-0031 § Refine; D1 (the last two fields of a report), D10, D14, D36.
import { H256, Signature64 } from '..';
import { BitVec, BoundedBytes, emptyBytes, Option, Result } from '../../scale';
import { MAX_WORK_ITEMS, MAX_WORK_OUTPUT_SIZE } from './limits';
import { Authorization, AuthorizationBulk, Context } from './package';

/** Maximum length of an output. */
@bound(MAX_WORK_OUTPUT_SIZE) class WorkOutputLen {}

/** Why an item has no output (D17). */
export enum WorkError {
  /** `refine` ran out of weight. */
  Timeout,
  /** `refine` trapped, ran out of stack, could not run, or returned no valid output. */
  Panic,
}

/** The output of `refine`, or why there is none. */
type WorkOutcome = Result<BoundedBytes<WorkOutputLen>, WorkError>;

/** The result of an item. */
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

/** The package of a report. */
@scale() export class WorkPackageSpec {
  /** `blake2_256(SCALE(EncodedWorkPackage))`. */
  hash: H256 = new H256();
  /** Root over the package's shards (D20). */
  root: H256 = new H256();
  /** Length of SCALE(EncodedWorkPackage), in bytes. */
  len: u32 = 0;
}

/** The result of refining a package. */
@scale() export class WorkReport {
  packageSpec: WorkPackageSpec = new WorkPackageSpec();
  context: Context = new Context();
  /** The core. */
  coreIndex: u16 = 0;
  /** Results by item. */
  @bounded(MAX_WORK_ITEMS) results: Array<WorkResult> = [];
  /** The package's authorization, for `accumulate` (D1). */
  authorization: Authorization = new AuthorizationBulk();
  /** The core's AuthId at the context block; none for Instantaneous Coretime (D1). */
  authId: Option<u32> = new Option<u32>(false, 0);
}

/** A report with signatures of its group. */
@scale() export class Attestation {
  report: WorkReport = new WorkReport();
  /** The group's members that signed. */
  validators: BitVec = new BitVec();
  /** Their signatures, in order, over `blake2_256(SCALE(report))`. */
  attestations: Array<Signature64> = [];
}

/** The cores of whose pending packages a validator holds its shard. */
@scale() export class SignedBitfield {
  /** Index of the validator. */
  validator: u32 = 0;
  /** One bit per core. */
  bits: BitVec = new BitVec();
  /** Over SCALE(("CJ-BITS", parent_hash, bits)). */
  signature: Signature64 = new Signature64();
}
