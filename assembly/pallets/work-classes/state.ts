// Work Classes: the code that refines, prunes and accumulates the items of a class, and the weight that this code receives.
//
// Spec: RFC-0031 § Refine (`ClassCodeHash`), § Weight Provisioning (`WeightRequirements`), § Notes on Implementation Order;
// D22 (who may register), D24 (a class's account). Upgrades and retirement (D35) are not implemented: a class keeps its first
// code. Class 0, Parachains, is reserved.
import { OptionMap, StorageMap, StorageValue } from '../../frame';
import { AccountId, Balance, H256, U128 } from '../../primitives';
import { WorkItemWeightRequirements } from '../../primitives/corejam';

/** What calling a guest costs before it runs, in picoseconds: an instance. */
export const INVOCATION_BASE_PS: u64 = 200_000_000;
/** What each byte of its arguments costs, in picoseconds: encoding and copying them. */
export const INVOCATION_PS_PER_BYTE: u64 = 1_000;

/** Who may register a Work Class (D22). */
export enum RegistrationPolicy {
  /** Root only. */
  Root,
  /** Any account, with a deposit; and root. */
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
  /** One item with these requirements would exceed what a core may use of a block. */
  RequirementsTooHigh,
  /** There are no class ids left. */
  OutOfIds,
}

/** Events of WorkClasses. */
export class WorkClassesEvent {
  /** A class was registered under an id. */
  static Registered(class_: u32, codeHash: H256, requirements: WorkItemWeightRequirements): void {}
  /** The registration policy changed. */
  static RegistrationPolicySet(policy: RegistrationPolicy): void {}
}

/** The code and the weight requirements of each Work Class. */
@pallet('WorkClasses', 14, WorkClassesError, WorkClassesEvent)
export class WorkClasses {
  /** Hash of each class's code, which is in the Storage pallet. */
  @storage(Hasher.Twox64Concat) static classCodeHash: OptionMap<u32, H256>;

  /** On-chain weight for each item of a class. */
  @storage(Hasher.Twox64Concat) static weightRequirements: StorageMap<u32, WorkItemWeightRequirements>;

  /** Deposits of accounts that registered classes. */
  @storage(Hasher.Twox64Concat) static deposits: OptionMap<u32, ClassDeposit>;

  /** Number of registrations: ids are sequential from 1. */
  @storage() static count: StorageValue<u32>;

  /** Who may register. */
  @genesis() @storage() static registrationPolicy: StorageValue<RegistrationPolicy>;

  /** Deposit of a registration by an account. */
  @constant() static readonly depositBase: Balance = U128.from(1_000_000_000_000);

  /** Additional deposit for each byte of the code, which the class holds in the Storage pallet. */
  @constant() static readonly depositPerByte: Balance = U128.from(1_000_000);

  /** What calling `prune` or `accumulate` costs a class before it runs, of its weight, in picoseconds. */
  @constant() static readonly invocationWeight: u64 = INVOCATION_BASE_PS;

  /** What each byte of the arguments costs in addition. */
  @constant() static readonly invocationWeightPerByte: u64 = INVOCATION_PS_PER_BYTE;
}
