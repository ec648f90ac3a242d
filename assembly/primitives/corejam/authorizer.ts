// Who decides whether a package may use a core. Spec: RFC-0031 § Collection and `is_authorized`.
import { H256 } from '..';
import { Bytes, emptyBytes } from '../../scale';
import { MAX_AUTH_PARAM_SIZE } from './limits';

/** A parameterized procedure: its code lies in the Storage pallet. */
@scale() export class Authorizer {
  /** Hash of the module that has `is_authorized`. */
  codeHash: H256 = new H256();
  /** What the module is given beside the package. */
  @bounded(MAX_AUTH_PARAM_SIZE) param: Bytes = emptyBytes();
}
