// Calls of WorkClasses.
import { DispatchResult, Origin, Root } from '../../frame';
import { H256 } from '../../primitives';
import { WorkItemWeightRequirements } from '../../primitives/corejam';
import { doRegister, doSetRegistrationPolicy } from './registration';
import { RegistrationPolicy, WorkClasses } from './state';

@calls(WorkClasses)
export class WorkClassesCalls {
  /** Register a class. Its code must be in the Storage pallet. */
  @call(0, 150_000_000)
  static register(origin: Origin, codeHash: H256, requirements: WorkItemWeightRequirements): DispatchResult {
    return doRegister(origin, codeHash, requirements);
  }

  /** Set who may register classes. */
  @call(1, 40_000_000)
  static setRegistrationPolicy(_origin: Root, policy: RegistrationPolicy): DispatchResult {
    return doSetRegistrationPolicy(policy);
  }
}
