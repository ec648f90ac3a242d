// Registering Work Classes. Spec: RFC-0031 § Refine, § Weight Provisioning; D22, D38.
import { DispatchError, DispatchResult, OK, Origin, useWeight } from '../../frame';
import { H256, U128 } from '../../primitives';
import {
  FIRST_CLASS_ID,
  MAX_GUEST_CODE_SIZE,
  preparingWeight,
  WorkItemWeightRequirements,
} from '../../primitives/corejam';
import { doHold, RuntimeHoldReason } from '../balances';
import { doRequest, lookupPreimage, Requester, Storage } from '../storage';
import { ensureWithinBounds } from './bounds';
import { ClassDeposit, RegistrationPolicy, WorkClasses, WorkClassesError, WorkClassesEvent } from './state';
import { WorkClassesWeights } from './weights';

/** Registers a class under the next id; an account pays a deposit. */
export function doRegister(origin: Origin, codeHash: H256, requirements: WorkItemWeightRequirements): DispatchResult {
  const who = origin.signer;
  const open = WorkClasses.registrationPolicy.get() == RegistrationPolicy.Signed;
  if (!origin.isRoot && (who == null || !open)) return DispatchError.BadOrigin; // D22
  const length = Storage.lengths.tryGet(codeHash);
  useWeight(WorkClassesWeights.register() + preparingWeight(length));
  if (length.isNone) return WorkClassesError.CodeNotStored;
  if (length.value > MAX_GUEST_CODE_SIZE) return WorkClassesError.CodeTooLong;
  const code = lookupPreimage(codeHash);
  if (code == null) return WorkClassesError.CodeNotStored;
  const bounded = ensureWithinBounds(codeHash, code, requirements);
  if (bounded != OK) return bounded;
  const count = WorkClasses.count.get();
  if (count > u32.MAX_VALUE - FIRST_CLASS_ID) return WorkClassesError.OutOfIds;
  const id = FIRST_CLASS_ID + count;
  if (who != null) {
    const deposit = new ClassDeposit();
    deposit.depositor = who;
    deposit.amount = WorkClasses.depositBase.add(WorkClasses.depositPerByte.mul(U128.from(<u64>length.value)));
    const held = doHold(who, RuntimeHoldReason.classRegistration(), deposit.amount);
    if (held != OK) return held;
    WorkClasses.deposits.set(id, deposit);
  }
  // The class requests its code, so that neither the depositor of the code nor root's own requests can remove it.
  if (doRequest(Requester.class(id), codeHash, length.value) != OK) {
    throw new Error('work-classes: the request of stored code was refused');
  }
  WorkClasses.count.set(count + 1);
  WorkClasses.classCodeHash.set(id, codeHash);
  WorkClasses.weightRequirements.set(id, requirements);
  WorkClassesEvent.Registered(id, codeHash, requirements);
  return OK;
}

/** Sets who may register. */
export function doSetRegistrationPolicy(policy: RegistrationPolicy): DispatchResult {
  WorkClasses.registrationPolicy.set(policy);
  WorkClassesEvent.RegistrationPolicySet(policy);
  return OK;
}
