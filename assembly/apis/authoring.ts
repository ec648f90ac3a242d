// AuraApi: which authority authors which block. SessionKeys: the authorities' keys.
import { sr25519Generate } from '../io';
import { ascii, SLOT_DURATION_MS, Sr25519Public, Tag4 } from '../primitives';
import { Bytes, fixed, sliceBytes, Tuple2, Writer } from '../scale';
import { Wiring } from '../pallets/system';

/**
 * Block authors. The header of slot s has an Aura pre-runtime item with s, and as its last item an Aura seal: the
 * sr25519 signature of authority s modulo their number over the header's hash without the seal.
 */
@api('AuraApi', 1)
export class AuraApi {
  /** Length of a slot in milliseconds. */
  static slotDuration(): u64 {
    return SLOT_DURATION_MS;
  }

  /** The block authors, in slot order. */
  static authorities(): Array<Sr25519Public> {
    return Wiring.authorities();
  }
}

/** A validator's session keys: one sr25519 key. */
@api('SessionKeys', 1)
export class SessionKeys {
  /** Generates a key in the host's keystore, from `seed` if given. Returns the encoded public keys. */
  static generateSessionKeys(seed: Bytes | null): Bytes {
    const option = new Writer(64);
    option.bool(seed !== null);
    if (seed !== null) option.vec(seed);
    return sr25519Generate(ascii('aura'), option.finish());
  }

  /** Each public key with its type; none if `encoded` is malformed. */
  static decodeSessionKeys(encoded: Bytes): Array<Tuple2<Bytes, Tag4>> | null {
    if (encoded.length != 32) return null;
    return [new Tuple2<Bytes, Tag4>(sliceBytes(encoded, 0), fixed<Tag4>(ascii('aura')))];
  }
}
