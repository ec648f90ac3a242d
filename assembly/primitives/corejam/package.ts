// What goes in-core: a Work Package, its items, its context, and the evidence that it may use a core.
// Spec: RFC-0031 § Overview, § Collection and `is_authorized`; D1, D2, D3.
import { AccountId, H256, MultiSignature, MultiSignatureSr25519 } from '..';
import { Bytes, BoundedBytes, emptyBytes } from '../../scale';
import { MAX_WORK_ITEMS, MAX_WORK_PACKAGE_SIZE } from './limits';

/** Bound of an encoded package's bytes: 5 MiB. */
@bound(MAX_WORK_PACKAGE_SIZE) class MaxWorkPackageSize {}

/** The evidence by which a package may use a core; one variant for each kind of Coretime. */
@variants() export class Authorization {}

/** Instantaneous Coretime, paid by an account that signs the package (D3). */
@variant(0) export class AuthorizationInstantaneous extends Authorization {
  /** Who pays. */
  account: AccountId = new AccountId();
  /** By `account`, over `blake2_256(SCALE(("CJ-INST", version, account, context, items)))`. */
  signature: MultiSignature = new MultiSignatureSr25519();
}

/** Bulk Coretime: whatever the core's Authorizer asks for. */
@variant(1) export class AuthorizationBulk extends Authorization {
  /** Evidence; its meaning is the Authorizer's. */
  evidence: Bytes = emptyBytes();
}

/** Where in the chain a package was built, and which package must come first. */
@scale() export class Context {
  /** A recent block: it fixes the core's authorizer and validators (D7). */
  headerHash: H256 = new H256();
  /** The package that must have been Registered before this one, if any (D2). */
  prerequisite: H256 | null = null;
}

/** One piece of work for one class. */
@scale() export class WorkItem {
  /** The Work Class that knows what `payload` means. */
  class: u32 = 0;
  /** Input of `refine`. */
  payload: Bytes = emptyBytes();
}

/** What a builder submits: authorization, context and up to four items. */
@scale() export class WorkPackage {
  /** Why it may use the core. */
  authorization: Authorization = new AuthorizationBulk();
  /** Where it was built. */
  context: Context = new Context();
  /** What is to be done. */
  @bounded(MAX_WORK_ITEMS) items: Array<WorkItem> = [];
}

/** A package on the wire. Version 0 is SCALE(WorkPackage), every byte consumed. */
@scale() export class EncodedWorkPackage {
  /** How `encoded` is to be read. */
  version: u32 = 0;
  /** The package. */
  encoded: BoundedBytes<MaxWorkPackageSize> = emptyBytes();
}
