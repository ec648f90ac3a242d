// The error of an inherent that an importer's check refuses (sp_inherents::IsFatalError).
import { Bytes } from '../scale';

/** Why an inherent fails the check against this node's data. */
export class InherentError {
  constructor(
    /** Whether the block must be refused. */
    public readonly fatal: bool,
    /** The encoded error, of the inherent's own error type. */
    public readonly encoded: Bytes,
  ) {}
}
