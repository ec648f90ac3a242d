// Why balance is held: frame_support's RuntimeHoldReason, with one variant for each pallet that holds balance. Their
// indices are those of the pallets. Balances is below these pallets, so the type is here.
import { Balance, U128 } from '../../primitives';

/**
 * Reasons of Storage.
 * @path pallet_storage::pallet::HoldReason
 */
export enum StorageHoldReason {
  /** Deposits of requests. */
  Request,
}

/**
 * Reasons of Authorizations.
 * @path pallet_authorizations::pallet::HoldReason
 */
export enum AuthorizationsHoldReason {
  /** Deposits of registered Authorizers. */
  Registration,
}

/**
 * Reasons of WorkClasses.
 * @path pallet_work_classes::pallet::HoldReason
 */
export enum WorkClassesHoldReason {
  /** Deposits of registered classes. */
  Registration,
}

/**
 * Reasons of Accumulation.
 * @path pallet_accumulation::pallet::HoldReason
 */
export enum AccumulationHoldReason {
  /** The deposit for a class's child trie, on the class's account (D25). */
  WorkStorage,
}

/** Why balance is held. */
@variants('corejam_runtime::RuntimeHoldReason')
export class RuntimeHoldReason {
  /** Deposits of requests of preimages. */
  static storageRequest(): RuntimeHoldReason {
    return new RuntimeHoldReasonStorage();
  }

  /** Deposits of registered Authorizers. */
  static authorizerRegistration(): RuntimeHoldReason {
    return new RuntimeHoldReasonAuthorizations();
  }

  /** Deposits of registered Work Classes. */
  static classRegistration(): RuntimeHoldReason {
    return new RuntimeHoldReasonWorkClasses();
  }

  /** The deposit for a class's child trie. */
  static workStorage(): RuntimeHoldReason {
    return new RuntimeHoldReasonAccumulation();
  }
}

/** Held by Storage. */
@variant(12)
export class RuntimeHoldReasonStorage extends RuntimeHoldReason {
  value: StorageHoldReason = StorageHoldReason.Request;
}

/** Held by Authorizations. */
@variant(13)
export class RuntimeHoldReasonAuthorizations extends RuntimeHoldReason {
  value: AuthorizationsHoldReason = AuthorizationsHoldReason.Registration;
}

/** Held by WorkClasses. */
@variant(14)
export class RuntimeHoldReasonWorkClasses extends RuntimeHoldReason {
  value: WorkClassesHoldReason = WorkClassesHoldReason.Registration;
}

/** Held by Accumulation. */
@variant(17)
export class RuntimeHoldReasonAccumulation extends RuntimeHoldReason {
  value: AccumulationHoldReason = AccumulationHoldReason.WorkStorage;
}

/** The number of reasons. */
@bound(4) export class HoldReasons {}

/** An account's balance that is held for one reason. */
@scale('frame_support::traits::tokens::misc::IdAmount')
export class HeldAmount {
  id: RuntimeHoldReason = new RuntimeHoldReasonStorage();
  amount: Balance = U128.zero();
}
