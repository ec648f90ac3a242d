// Random keys and values of tries.
import { Random } from '../../random.js';

export class TrieRandom extends Random {
  /** A key that often shares a prefix with others, is sometimes a prefix of another, and is sometimes long. */
  key(): Uint8Array {
    if (this.chance(0.05)) return this.bytes(this.below(200));
    const byte = () => (this.chance(0.7) ? this.pick([0, 1, 0x10, 0x11, 0xff]) : this.below(256));
    return Uint8Array.from({ length: this.below(6) }, byte);
  }

  /** A value: often short, often around the 32 bytes above which it is hashed, sometimes long. */
  value(): Uint8Array {
    if (this.chance(0.02)) return this.bytes(70 + this.below(20_000));
    return this.bytes(this.pick([this.below(4), 31 + this.below(3), this.below(100)]));
  }
}
