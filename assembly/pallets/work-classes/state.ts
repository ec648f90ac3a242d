// WorkClasses: the code of each class (refine, prune, accumulate), and its on-chain weight.
//
// Spec: RFC-0031 § Refine (`ClassCodeHash`), § Weight Provisioning (`WeightRequirements`), § Notes on Implementation
// Order; D22 (who may register), D24 (a class's account), D38 (bounds of requirements). Upgrades and retirement (D35) are not implemented. Class 0,
// Parachains, is reserved.
import { OptionMap, StorageMap, StorageValue } from '../../frame';
import { AccountId, Balance, H256, U128 } from '../../primitives';
import { WorkItemWeightRequirements } from '../../primitives/corejam';
import { WorkClassesWeights } from './weights';

/** Length of code that a host keeps prepared for all classes that a block can call. */
export const PREPARED_CODE_BYTES: u64 = 16_384;
/**
 * Weight per byte of the code beyond, in picoseconds: what preparing it again at each call takes beyond the host's price
 * of an instance. Measured: 18 ms for 577 KiB, of which the host charges 8 ms.
 */
export const PREPARING_PS_PER_BYTE: u64 = 20_000;
/** Weight that a requirement leaves for the guest's own instructions at least, in picoseconds. */
export const LEAST_RUN_PS: u64 = 10_000_000;

/** Who may register a Work Class (D22). */
export enum RegistrationPolicy {
  /** Only root. */
  Root,
  /** Root, and any account with a deposit. */
  Signed,
}

/** The deposit of a registration. */
@scale()
export class ClassDeposit {
  depositor: AccountId = new AccountId();
  amount: Balance = U128.zero();
}

/** Why a call of WorkClasses is refused. */
export enum WorkClassesError {
  /** The code is not in the Storage pallet. */
  CodeNotStored,
  /** The sum of the requirements is above `sumMax` of CoreJamApi's `requirement_bounds`: what a core's share of a block leaves. */
  RequirementsTooHigh,
  /** No class ids are left. */
  OutOfIds,
  /** The requirement of `prune` is neither zero nor at least `pruneMin`: a call with one output would use it up. */
  PruneTooLow,
  /** The requirement of `prune` is above `pruneMax`. */
  PruneTooHigh,
  /** The requirement of `accumulate` is below `accumulateMin`: a call with one result would use it up. */
  AccumulateTooLow,
  /** The code is longer than the 1 MiB that the VM accepts. */
  CodeTooLong,
  /** The code is no Wasm module that may run on-chain, or lacks `accumulate`, `refine`, or the `prune` that it requires weight for. */
  InvalidCode,
}

/** Events of WorkClasses. */
export class WorkClassesEvent {
  /** A class was registered. */
  static Registered(classId: u32, codeHash: H256, requirements: WorkItemWeightRequirements): void {}
  /** The registration policy changed. */
  static RegistrationPolicySet(policy: RegistrationPolicy): void {}
}

/** Work Classes: code and weight requirements. */
@pallet('WorkClasses', 14, WorkClassesError, WorkClassesEvent)
export class WorkClasses {
  /** Hash of each class's code. */
  @storage(Hasher.Twox64Concat) static classCodeHash: OptionMap<u32, H256>;

  /** On-chain weight per item of each class. */
  @storage(Hasher.Twox64Concat) static weightRequirements: StorageMap<u32, WorkItemWeightRequirements>;

  /** Deposits of accounts that registered classes. */
  @storage(Hasher.Twox64Concat) static deposits: OptionMap<u32, ClassDeposit>;

  /** Number of classes; ids start at 1. */
  @storage() static count: StorageValue<u32>;

  /** Who may register classes. */
  @genesis() @storage() static registrationPolicy: StorageValue<RegistrationPolicy>;

  /** Deposit of a registration by an account. */
  @constant() static readonly depositBase: Balance = U128.from(1_000_000_000_000);

  /** Additional deposit per byte of the code. */
  @constant() static readonly depositPerByte: Balance = U128.from(1_000_000);

  /** Weight of calling `accumulate`, in picoseconds, paid by the class. */
  @constant() static readonly invocationWeight: u64 = WorkClassesWeights.invoke(0, 0);

  /** Additional weight per byte of the arguments. */
  @constant() static readonly invocationWeightPerByte: u64 =
    WorkClassesWeights.invoke(1, 0) - WorkClassesWeights.invoke(0, 0);

  /** Additional weight per byte of the code. */
  @constant() static readonly invocationWeightPerCodeByte: u64 =
    WorkClassesWeights.invoke(0, 1) - WorkClassesWeights.invoke(0, 0);

  /** Weight of calling `prune`, in picoseconds, paid by the class. */
  @constant() static readonly pruneInvocationWeight: u64 = WorkClassesWeights.invokePrune(0, 0);

  /** Additional weight per byte of the arguments of `prune`. */
  @constant() static readonly pruneInvocationWeightPerByte: u64 =
    WorkClassesWeights.invokePrune(1, 0) - WorkClassesWeights.invokePrune(0, 0);

  /** Additional weight per byte of the code for a call of `prune`. */
  @constant() static readonly pruneInvocationWeightPerCodeByte: u64 =
    WorkClassesWeights.invokePrune(0, 1) - WorkClassesWeights.invokePrune(0, 0);

  /** Length of code without the weight of preparing it. */
  @constant() static readonly preparedCodeBytes: u64 = PREPARED_CODE_BYTES;

  /** Additional weight per byte of the code beyond that length. */
  @constant() static readonly preparingWeightPerByte: u64 = PREPARING_PS_PER_BYTE;
}
