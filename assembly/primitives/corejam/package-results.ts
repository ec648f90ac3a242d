// The argument of `accumulate`: the results of one class, by package. Spec: RFC-0031 § Accumulate; D1.
import { H256 } from '..';
import { Authorization, AuthorizationBulk } from './package';
import { WorkResult } from './report';

/** The result of one item: SCALE (H256, WorkResult). */
@scale()
export class ItemResult {
  /** `blake2_256(SCALE(WorkItem))`. */
  itemHash: H256 = new H256();
  result: WorkResult = new WorkResult();

  static of(result: WorkResult): ItemResult {
    const item = new ItemResult();
    item.itemHash = result.itemHash;
    item.result = result;
    return item;
  }
}

/** The results of one package: SCALE (Authorization, Vec<ItemResult>). */
@scale()
export class PackageResults {
  /** The package's authorization. */
  authorization: Authorization = new AuthorizationBulk();
  /** Results of its items of this class, in item order. */
  items: Array<ItemResult> = [];
}
