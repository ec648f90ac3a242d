// Calls of Reporting.
import { DispatchResult, None, OK } from '../../frame';
import { Attestation } from '../../primitives/corejam';
import { doReport } from './report';
import { Reporting } from './state';
import { attestationsWeight } from './space';

@calls(Reporting)
export class ReportingCalls {
  /** Register reports. Each must pass Initial Validation, and no class may prune any of them. */
  @inherent('cjreport')
  @call(0, (attestations: Array<Attestation>): u64 => attestationsWeight(attestations))
  static report(_origin: None, attestations: Array<Attestation>): DispatchResult {
    doReport(attestations);
    return OK;
  }
}
