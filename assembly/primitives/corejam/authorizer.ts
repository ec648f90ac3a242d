// Who decides whether a package may use a core. Spec: RFC-0031 § Collection and `is_authorized`.
import { H256 } from '..';
import { Bytes, emptyBytes } from '../../scale';

/** A parameterized procedure: its code lies in the Storage pallet. */
@scale() export class Authorizer {
  /** Hash of the module that has `is_authorized`. */
  codeHash: H256 = new H256();
  /** What the module is given beside the package. */
  @bounded(1024) param: Bytes = emptyBytes();
}
