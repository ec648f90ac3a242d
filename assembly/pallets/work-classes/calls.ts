// Calls of WorkClasses.
import { DispatchResult, Origin, Root } from '../../frame';
import { H256 } from '../../primitives';
import { LONGEST_PREPARING_PS, WorkItemWeightRequirements } from '../../primitives/corejam';
import { doRegister, doSetRegistrationPolicy } from './registration';
import { RegistrationPolicy, WorkClasses } from './state';
import { WorkClassesWeights } from './weights';

@calls(WorkClasses, WorkClassesWeights)
export class WorkClassesCalls {
  /** Register a class. Its code must be in the Storage pallet, and is prepared: it must be able to run, and a call of it has a price. */
  @call(0, (): u64 => WorkClassesWeights.register() + LONGEST_PREPARING_PS)
  static register(origin: Origin, codeHash: H256, requirements: WorkItemWeightRequirements): DispatchResult {
    return doRegister(origin, codeHash, requirements);
  }

  /** Set who may register classes. */
  @call(1)
  static setRegistrationPolicy(_origin: Root, policy: RegistrationPolicy): DispatchResult {
    return doSetRegistrationPolicy(policy);
  }
}
