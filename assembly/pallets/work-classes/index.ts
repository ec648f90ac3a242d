/**
 * Work Classes: which code refines, prunes and accumulates the items of a class, and what weight that code is given.
 *
 * Spec: RFC-0031 § Refine (`ClassCodeHash`), § Weight Provisioning (`WeightRequirements`), § Notes on Implementation Order;
 * D22 (who may register), D24 (a class's account).
 * Upgrades and retirement (D35) are not here yet: a class has its first code for good. Class 0, Parachains, is kept free.
 */
import { AccountId, Balance, H256, U128 } from '../../primitives';
import { FIRST_CLASS_ID, WorkItemWeightRequirements } from '../../primitives/corejam';
import { DispatchError, DispatchResult, OK, OptionMap, Origin, Root, StorageMap, StorageValue } from '../../frame';
import { JsonReader } from '../../json';
import { Balances } from '../balances';
import { Coretime } from '../coretime';
import { Storage } from '../storage';
import { classAccount } from './account';
import { INVOCATION_BASE_PS, INVOCATION_PS_PER_BYTE } from './run';

export { classAccount } from './account';
export { ClassRun, RunOutcome, runClass, Running, RunningEntry } from './run';

/** Who may register a Work Class (D22). */
export enum RegistrationPolicy {
  /** Root alone. */
  Root,
  /** Every account, with a deposit; and root. */
  Signed,
}

/** Who registered a class, and with how much. */
@scale() export class ClassDeposit {
  depositor: AccountId = new AccountId();
  amount: Balance = U128.zero();
}

/** What WorkClasses refuses. */
export enum WorkClassesError {
  /** The code is not in the Storage pallet. */
  CodeNotStored,
  /** One item with these requirements would be more than a core may use of a block. */
  RequirementsTooHigh,
  /** There are no class ids left. */
  OutOfIds,
}

export class WorkClassesEvent {
  /** A class has its id. */
  static Registered(class_: u32, codeHash: H256, requirements: WorkItemWeightRequirements): void {}
  /** Who may register is decided anew. */
  static RegistrationPolicySet(policy: RegistrationPolicy): void {}
}

@pallet('WorkClasses', 14, WorkClassesError, WorkClassesEvent)
export class WorkClasses {
  /** The code of each class, by its hash in the Storage pallet. */
  @storage(Hasher.Twox64Concat) static classCodeHash: OptionMap<u32, H256>;

  /** What weight each item of a class is given on-chain. */
  @storage(Hasher.Twox64Concat) static weightRequirements: StorageMap<u32, WorkItemWeightRequirements>;

  /** The deposits of accounts that registered classes. */
  @storage(Hasher.Twox64Concat) static deposits: OptionMap<u32, ClassDeposit>;

  /** How many classes were registered: ids are sequential from 1. */
  @storage() static count: StorageValue<u32>;

  /** Who may register. */
  @storage() static registrationPolicy: StorageValue<RegistrationPolicy>;

  /** What a registration by an account reserves. */
  @constant() static readonly depositBase: Balance = U128.from(1_000_000_000_000);

  /** What it reserves besides for each byte of the code, which the class keeps in the Storage pallet. */
  @constant() static readonly depositPerByte: Balance = U128.from(1_000_000);

  /** What calling `prune` or `accumulate` costs a class before it runs, out of its weight, in picoseconds. */
  @constant() static readonly invocationWeight: u64 = INVOCATION_BASE_PS;

  /** What each byte of the arguments costs it besides. */
  @constant() static readonly invocationWeightPerByte: u64 = INVOCATION_PS_PER_BYTE;

  /** Register a class by its code, which must be in the Storage pallet, and its weight requirements. */
  @call(0, 150_000_000)
  static register(origin: Origin, codeHash: H256, requirements: WorkItemWeightRequirements): DispatchResult {
    const who = origin.signer;
    const open = WorkClasses.registrationPolicy.get() == RegistrationPolicy.Signed;
    if (!origin.isRoot && (who == null || !open)) return DispatchError.BadOrigin; // D22
    const length = Storage.lengths.tryGet(codeHash);
    if (length.isNone || !Storage.isAvailable(codeHash)) return WorkClassesError.CodeNotStored;
    const most = Coretime.weightPerPackage();
    if (requirements.prune > most || requirements.accumulate > most - requirements.prune) {
      return WorkClassesError.RequirementsTooHigh;
    }
    const count = WorkClasses.count.get();
    if (count > u32.MAX_VALUE - FIRST_CLASS_ID) return WorkClassesError.OutOfIds;
    const id = FIRST_CLASS_ID + count;
    if (who != null) {
      const deposit = new ClassDeposit();
      deposit.depositor = who;
      deposit.amount = WorkClasses.depositBase.add(WorkClasses.depositPerByte.mul(U128.from(<u64>length.value)));
      const reserved = Balances.reserve(who, deposit.amount);
      if (reserved != OK) return reserved;
      WorkClasses.deposits.set(id, deposit);
    }
    // The class holds its code: nobody who once stored it can take it away.
    const held = Storage.doRequest(codeHash, length.value);
    if (held != OK) return held;
    WorkClasses.count.set(count + 1);
    WorkClasses.classCodeHash.set(id, codeHash);
    WorkClasses.weightRequirements.set(id, requirements);
    WorkClassesEvent.Registered(id, codeHash, requirements);
    return OK;
  }

  /** Decide who may register from now on. */
  @call(1, 40_000_000)
  static setRegistrationPolicy(_origin: Root, policy: RegistrationPolicy): DispatchResult {
    WorkClasses.registrationPolicy.set(policy);
    WorkClassesEvent.RegistrationPolicySet(policy);
    return OK;
  }

  /** Whether a class is registered. */
  static exists(classId: u32): bool {
    return WorkClasses.classCodeHash.has(classId);
  }

  /** The hash of a class's code, null when there is no such class. */
  static codeHash(classId: u32): H256 | null {
    return WorkClasses.classCodeHash.get(classId);
  }

  /** The account that only the class itself acts for (D24). */
  static account(classId: u32): AccountId {
    return classAccount(classId);
  }

  /** Reads `{ "registrationPolicy": "Root" }`, or "Signed". */
  static genesis(json: JsonReader): void {
    if (!json.enterObject()) return;
    for (let key = json.nextKey(); key !== null; key = json.nextKey()) {
      if (key != 'registrationPolicy') return json.fail('unknown; expected "registrationPolicy"');
      const policy = json.readText();
      if (policy == 'Root') WorkClasses.registrationPolicy.set(RegistrationPolicy.Root);
      else if (policy == 'Signed') WorkClasses.registrationPolicy.set(RegistrationPolicy.Signed);
      else json.fail('expected "Root" or "Signed"');
    }
  }
}
