// Senders and signatures of extrinsics: sp_runtime's MultiAddress and MultiSignature.
import { Bytes } from '../scale';
import { AccountId, Bytes20, Bytes32, Signature64, Signature65 } from './fixed';

/** The address of an account. This chain accepts only `Id`. */
@variants('sp_runtime::multiaddress::MultiAddress')
export class MultiAddress {
  /** The account of this address; null if this chain can't look it up. */
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

/** The account id. */
@variant(0)
export class MultiAddressId extends MultiAddress {
  value: AccountId = new AccountId();
}

/** An account index; not supported. */
@variant(1)
export class MultiAddressIndex extends MultiAddress {}

/** Raw bytes; not supported. */
@variant(2)
export class MultiAddressRaw extends MultiAddress {
  value: Bytes = [];
}

/** 32 bytes; not supported. */
@variant(3)
export class MultiAddressAddress32 extends MultiAddress {
  value: Bytes32 = new Bytes32();
}

/** 20 bytes; not supported. */
@variant(4)
export class MultiAddressAddress20 extends MultiAddress {
  value: Bytes20 = new Bytes20();
}

/** A signature of one of three kinds. */
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
