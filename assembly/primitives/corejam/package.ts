// Work Packages: items, context, and the evidence that they may use a core.
// Spec: RFC-0031 § Overview, § Collection and `is_authorized`; D1, D2, D3.
import { AccountId, H256, MultiSignature, MultiSignatureSr25519 } from '..';
import { Bytes, BoundedBytes, emptyBytes } from '../../scale';
import { MAX_WORK_ITEMS, MAX_WORK_PACKAGE_SIZE } from './limits';

/** Maximum length of an encoded package: 5 MiB. */
@bound(MAX_WORK_PACKAGE_SIZE) class MaxWorkPackageSize {}

/** Evidence that a package may use a core, by kind of Coretime. */
@variants() export class Authorization {}

/** Instantaneous Coretime: an account signs the package and pays (D3). */
@variant(0) export class AuthorizationInstantaneous extends Authorization {
  /** The payer. */
  account: AccountId = new AccountId();
  /** Over `blake2_256(SCALE(("CJ-INST", version, account, context, items)))`. */
  signature: MultiSignature = new MultiSignatureSr25519();
}

/** Bulk Coretime: checked by the core's Authorizer. */
@variant(1) export class AuthorizationBulk extends Authorization {
  /** Evidence for the Authorizer. */
  evidence: Bytes = emptyBytes();
}

/** The block a package was built on, and its prerequisite. */
@scale() export class Context {
  /** A Recent block: determines Authorizer and validators (D7). */
  headerHash: H256 = new H256();
  /** The package that must be Registered before (D2). */
  prerequisite: H256 | null = null;
}

/** Work for a class. */
@scale() export class WorkItem {
  /** The Work Class. */
  class: u32 = 0;
  /** Input of `refine`. */
  payload: Bytes = emptyBytes();
}

/** A package: authorization, context and up to four items. */
@scale() export class WorkPackage {
  /** Evidence to use the core. */
  authorization: Authorization = new AuthorizationBulk();
  /** The context. */
  context: Context = new Context();
  /** The items. */
  @bounded(MAX_WORK_ITEMS) items: Array<WorkItem> = [];
}

/** An encoded package. Version 0 is SCALE(WorkPackage). */
@scale() export class EncodedWorkPackage {
  /** The format of `encoded`. */
  version: u32 = 0;
  /** The package. */
  encoded: BoundedBytes<MaxWorkPackageSize> = emptyBytes();
}
