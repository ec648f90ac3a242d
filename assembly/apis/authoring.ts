// AuraApi: who may make which block. SessionKeys: the keys of those who do.
import { sr25519Generate } from '../io';
import { ascii, SLOT_DURATION_MS, Sr25519Public, Tag4 } from '../primitives';
import { Bytes, fixed, sliceBytes, Tuple2, Writer } from '../scale';
import { Wiring } from '../pallets/system';

/**
 * Block authors. The header of slot s carries an Aura pre-runtime item with s, and as its last item an Aura seal: an
 * sr25519 signature over the header's hash without the seal, by authority s modulo their number. The importer checks the
 * seal and takes it off before the block is executed.
 */
@api('AuraApi', 1)
export class AuraApi {
  /** Length of a slot in milliseconds. */
  static slotDuration(): u64 {
    return SLOT_DURATION_MS;
  }

  /** The authors, in turn. */
  static authorities(): Array<Sr25519Public> {
    return Wiring.authorities();
  }
}

/** The keys of a validator: one, sr25519, for blocks and for work. */
@api('SessionKeys', 1)
export class SessionKeys {
  /** Makes a new key in the host's keystore, of `seed` if one is given: the encoded public keys. */
  static generateSessionKeys(seed: Bytes | null): Bytes {
    const option = new Writer(64);
    option.bool(seed !== null);
    if (seed !== null) option.vec(seed);
    return sr25519Generate(ascii('aura'), option.finish());
  }

  /** Each public key of encoded session keys with its type, none where they are malformed. */
  static decodeSessionKeys(encoded: Bytes): Array<Tuple2<Bytes, Tag4>> | null {
    if (encoded.length != 32) return null;
    return [new Tuple2<Bytes, Tag4>(sliceBytes(encoded, 0), fixed<Tag4>(ascii('aura')))];
  }
}
