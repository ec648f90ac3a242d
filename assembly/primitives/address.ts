// Who an extrinsic comes from and how it is signed: MultiAddress and MultiSignature of sp_runtime.
import { Bytes } from '../scale';
import { AccountId, Bytes20, Bytes32, Signature64, Signature65 } from './fixed';

/** An account, in one of the ways a client may name it. This chain looks up `Id` alone. */
@variants('sp_runtime::multiaddress::MultiAddress')
export class MultiAddress {
  /** The account that `this` names, null where this chain can't tell. */
  account(): AccountId | null {
    return this instanceof MultiAddressId ? (this as MultiAddressId).value : null;
  }

  /** The address of an account. */
  static id(account: AccountId): MultiAddress {
    const address = new MultiAddressId();
    address.value = account;
    return address;
  }
}

/** The account itself. */
@variant(0)
export class MultiAddressId extends MultiAddress {
  value: AccountId = new AccountId();
}

/** A number given to an account; this chain gives none, so there is nothing to say. */
@variant(1)
export class MultiAddressIndex extends MultiAddress {}

/** Bytes of any length. */
@variant(2)
export class MultiAddressRaw extends MultiAddress {
  value: Bytes = [];
}

/** 32 bytes that are no account of this chain. */
@variant(3)
export class MultiAddressAddress32 extends MultiAddress {
  value: Bytes32 = new Bytes32();
}

/** 20 bytes: an address of Ethereum's kind. */
@variant(4)
export class MultiAddressAddress20 extends MultiAddress {
  value: Bytes20 = new Bytes20();
}

/** A signature of one of three kinds. `io` knows how to check it. */
@variants('sp_runtime::MultiSignature')
export class MultiSignature {}

/** Of an ed25519 key, which is the account. */
@variant(0)
export class MultiSignatureEd25519 extends MultiSignature {
  value: Signature64 = new Signature64();
}

/** Of an sr25519 key, which is the account. */
@variant(1)
export class MultiSignatureSr25519 extends MultiSignature {
  value: Signature64 = new Signature64();
}

/** Of a secp256k1 key, whose BLAKE2-256 hash is the account. */
@variant(2)
export class MultiSignatureEcdsa extends MultiSignature {
  value: Signature65 = new Signature65();
}
