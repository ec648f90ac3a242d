// Who requests a preimage. Spec: RFC-0031 § Relay-chain Storage Pallet; D21.
import { AccountId } from '../../primitives';

/** An account, or a part of the chain that is trusted and pays no deposit. */
@variants() export class Requester {
  /** Whether a deposit stays with the end of this requester's last request. */
  get keepsDeposit(): bool {
    return true;
  }

  /** An account. */
  static account(who: AccountId): Requester {
    const requester = new RequesterAccount();
    requester.who = who;
    return requester;
  }

  /** Root. */
  static root(): Requester {
    return new RequesterRoot();
  }

  /** A Work Class, for its code. */
  static class(id: u32): Requester {
    const requester = new RequesterClass();
    requester.id = id;
    return requester;
  }

  /** An Authorizer, for its code. */
  static authorizer(id: u32): Requester {
    const requester = new RequesterAuthorizer();
    requester.id = id;
    return requester;
  }
}

/** An account, with a deposit. */
@variant(0) export class RequesterAccount extends Requester {
  /** The depositor. */
  who: AccountId = new AccountId();
}

/** Root. */
@variant(1) export class RequesterRoot extends Requester {
  override get keepsDeposit(): bool {
    return false;
  }
}

/** A Work Class. */
@variant(2) export class RequesterClass extends Requester {
  /** The class. */
  id: u32 = 0;

  override get keepsDeposit(): bool {
    return false;
  }
}

/** A registered Authorizer. Its registration has the deposit for its code (D23). */
@variant(3) export class RequesterAuthorizer extends Requester {
  /** Its AuthId. */
  id: u32 = 0;
}
