// Origins of calls. The type of a call's first parameter is the origin that it accepts: `Signed`, `Root`, `None`, or
// `Origin` for any. Generated code returns BadOrigin for all others. Pallets may derive their own origins.
import { AccountId } from '../primitives';

/** Any origin. */
export class Origin {
  /** Whether this is the root origin. */
  get isRoot(): bool {
    return this instanceof Root;
  }

  /** The account that signed; null for other origins. */
  get signer(): AccountId | null {
    return this instanceof Signed ? changetype<Signed>(this).account : null;
  }
}

/** The chain itself, by Sudo for example. */
export class Root extends Origin {}

/** Unsigned: inherents. */
export class None extends Origin {}

/** A signed extrinsic. */
export class Signed extends Origin {
  constructor(
    /** The signer. */
    public account: AccountId,
  ) {
    super();
  }
}
