// Calls of Availability.
import { DispatchResult, None, OK } from '../../frame';
import { SignedBitfield } from '../../primitives/corejam';
import { bitfieldsWeight, doBitfields } from './bitfields';
import { Availability } from './state';

@calls(Availability)
export class AvailabilityCalls {
  /** Count bitfields: at most one per validator, signed over the parent block. Then drop reports that timed out. */
  @inherent('cjavail0')
  @call(0, (bitfields: Array<SignedBitfield>): u64 => bitfieldsWeight(bitfields))
  static bitfields(_origin: None, bitfields: Array<SignedBitfield>): DispatchResult {
    doBitfields(bitfields);
    return OK;
  }
}
