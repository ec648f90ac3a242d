// Who calls. A call's first parameter says whom it takes: `Signed`, `Root`, `None`, or `Origin` for anyone; the compiler
// answers BadOrigin for all others before the call runs. Pallets may derive origins of their own.
import { AccountId } from '../primitives';

/** Anyone. */
export class Origin {
  /** Whether this is the chain itself, acting by sudo or the like. */
  get isRoot(): bool {
    return this instanceof Root;
  }

  /** The account that signed, null for all others. */
  get signer(): AccountId | null {
    return this instanceof Signed ? changetype<Signed>(this).account : null;
  }
}

/** The chain itself. */
export class Root extends Origin {}

/** Nobody: inherents. */
export class None extends Origin {}

/** An account, by its signature. */
export class Signed extends Origin {
  constructor(
    /** Who signed. */
    public account: AccountId,
  ) {
    super();
  }
}
