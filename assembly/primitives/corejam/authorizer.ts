// Authorizers decide which packages may use a core. Spec: RFC-0031 § Collection and `is_authorized`.
import { H256 } from '..';
import { Bytes, emptyBytes } from '../../scale';
import { MAX_AUTH_PARAM_SIZE } from './limits';

/** Code in the Storage pallet, with a parameter. */
@scale() export class Authorizer {
  /** Hash of the module that has `is_authorized`. */
  codeHash: H256 = new H256();
  /** Parameter of `is_authorized`. */
  @bounded(MAX_AUTH_PARAM_SIZE) param: Bytes = emptyBytes();
}
