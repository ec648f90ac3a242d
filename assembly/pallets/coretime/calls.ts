// Calls of Coretime.
import { DispatchResult, Root } from '../../frame';
import { Option } from '../../scale';
import { doAssign } from './assignments';
import { Coretime } from './state';
import { CoretimeWeights } from './weights';

@calls(Coretime, CoretimeWeights)
export class CoretimeCalls {
  /** Assign a core to a registered Authorizer from this block's state on, or leave it idle. */
  @call(0)
  static assign(_origin: Root, core: u16, authId: Option<u32>): DispatchResult {
    return doAssign(core, authId);
  }
}
