// What an importer may have against an inherent of a block (sp_inherents::IsFatalError).
import { Bytes } from '../scale';

/** Why an inherent does not agree with what this node knows. */
export class InherentError {
  constructor(
    /** Whether the block must be refused. */
    public readonly fatal: bool,
    /** The error as the inherent's own type encodes it. */
    public readonly encoded: Bytes,
  ) {}
}
