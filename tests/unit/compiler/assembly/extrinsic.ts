// Signed extensions, wiring to the runtime class, and generated functions, for the compiler's tests.
import { Generated, RuntimeCall } from '../../../../assembly/frame';
import { Era, H256, MultiAddress, MultiSignature, UncheckedExtrinsic } from '../../../../assembly/primitives';
import { Demo } from './demo';
import { Items } from './items';
import { System } from './system';
import { Bytes, decodeFrom, Option, Reader, Result } from '../../../../assembly/scale';

/** For how long. */
@extension('CheckMortality')
export class CheckMortality {
  value: Era = new Era();
  static implicit: H256;
}

/** In which order. */
@extension('CheckNonce')
export class CheckNonce {
  @compact() value: u32 = 0;
}

/** In their order. */
@extensions()
export class Extra {
  mortality: CheckMortality = new CheckMortality();
  nonce: CheckNonce = new CheckNonce();
}

/** Functions of the runtime for lower layers. */
export class Hooks {
  @wired() static answer(half: u32): u64 {
    return unreachable();
  }
}

@runtime(System, Demo, Items)
@order('inherents', Demo)
class Wiring {
  static answer(half: u32): u64 {
    return <u64>half * 2;
  }
}

@api('Metadata', 2)
export class Metadata {
  /** Version 14. */
  static metadata(): Bytes {
    const encoded = Generated.metadata(14);
    return encoded === null ? [] : encoded;
  }
  static metadataAtVersion(version: u32): Bytes | null {
    return Generated.metadata(version);
  }
  static metadataVersions(): Array<u32> {
    return Generated.metadataVersions();
  }
}

@api('Wired', 3)
export class Wired {
  static answer(half: u32): u64 {
    return Hooks.answer(half);
  }
  static apis(): Bytes {
    return Generated.apiVersions();
  }
  static inherents(): Array<u64> {
    const list = new Array<u64>();
    for (let i = 0; i < Generated.inherentCount(); i++) list.push(Generated.inherentIdentifier(i));
    return list;
  }
  static inherent(place: i32, data: Bytes): Option<RuntimeCall> {
    const call = Generated.inherentCall(place, data);
    return call === null
      ? new Option<RuntimeCall>(false, new RuntimeCall(255, 255, -1))
      : new Option<RuntimeCall>(true, call);
  }
  /** Decodes address, signature and extra of an extrinsic. */
  static nonce(signed: Bytes): Result<u32, Bytes> {
    const reader = Reader.of(signed);
    decodeFrom<MultiAddress>(reader);
    decodeFrom<MultiSignature>(reader);
    const extra = decodeFrom<Extra>(reader);
    return new Result<u32, Bytes>(reader.done, extra.nonce.value, signed);
  }
  /** Twice the same. */
  static extrinsic(uxt: UncheckedExtrinsic): Array<UncheckedExtrinsic> {
    return [uxt, uxt];
  }
  private static unseen(): void {}
}
