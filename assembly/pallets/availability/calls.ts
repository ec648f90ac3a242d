// Calls of Availability.
import { DispatchResult, None, OK } from '../../frame';
import { SignedBitfield } from '../../primitives/corejam';
import { doBitfields } from './bitfields';
import { Availability } from './state';
import { bitfieldsWeight } from './turns';

@calls(Availability)
export class AvailabilityCalls {
  /**
   * Count bitfields: at most one per validator, signed over the parent block, with a bit that is not counted yet. Then
   * drop reports that timed out.
   */
  @inherent('cjavail0')
  @call(0, (bitfields: Array<SignedBitfield>): u64 => bitfieldsWeight(<u32>bitfields.length))
  static bitfields(_origin: None, bitfields: Array<SignedBitfield>): DispatchResult {
    doBitfields(bitfields);
    return OK;
  }
}
