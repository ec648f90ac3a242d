// Era: the lifetime of a signed extrinsic in blocks (sp_runtime::generic::era::Era).
//
// Encoded as one byte 0 if immortal. Otherwise two bytes, little-endian: the low four bits are log2(period) − 1, the
// upper twelve the phase divided by the quantize factor max(period / 4096, 1).
import { Reader, Writer } from '../scale';

/** The lifetime of an extrinsic. */
@custom('sp_runtime::generic::era::Era')
export class Era {
  constructor(
    /** Lifetime in blocks: a power of two from 4 to 65,536; 0 if immortal. */
    public period: u64 = 0,
    /** The block within a period at which the lifetime starts. */
    public phase: u64 = 0,
  ) {}

  /** The immortal era. */
  static immortal(): Era {
    return new Era(0, 0);
  }

  /** Decodes an era. Fails `reader` if it is not canonical. */
  static decodeFrom(reader: Reader): Era {
    const first = <u64>reader.u8();
    if (first == 0) return Era.immortal();
    const encoded = first | ((<u64>reader.u8()) << 8);
    const period = (<u64>2) << (encoded & 15);
    const quantize = max<u64>(period >> 12, 1);
    const phase = (encoded >> 4) * quantize;
    if (period < 4 || phase >= period) {
      reader.fail();
      return Era.immortal();
    }
    return new Era(period, phase);
  }

  /** Encodes the era. */
  encodeTo(writer: Writer): void {
    if (this.period == 0) {
      writer.u8(0);
      return;
    }
    const quantize = max<u64>(this.period >> 12, 1);
    writer.u16((<u16>(ctz<u64>(this.period) - 1)) | (<u16>((this.phase / quantize) << 4)));
  }

  /** The birth block, relative to block `current`; 0, the genesis block, if immortal. */
  birth(current: u64): u64 {
    if (this.period == 0) return 0;
    return ((max<u64>(current, this.phase) - this.phase) / this.period) * this.period + this.phase;
  }

  /** The first block after the lifetime. */
  death(current: u64): u64 {
    return this.period == 0 ? u64.MAX_VALUE : this.birth(current) + this.period;
  }
}
