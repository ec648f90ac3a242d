// What lower floors need of the runtime as a whole: the compiler puts calls into runtime.ts in place of these bodies, so
// that nothing imports upward.
import { JsonReader } from '../../json';
import { Sr25519Public } from '../../primitives';
import { RuntimeVersion } from './types';

/** The runtime, seen from below. */
export class Wiring {
  /** Name and versions. */
  @wired() static version(): RuntimeVersion {
    return unreachable();
  }

  /** Runs every pallet's `onInitialize`, in the order of runtime.ts; answers their weight in picoseconds. */
  @wired() static onInitialize(_number: u32): u64 {
    return unreachable();
  }

  /** Runs once a block after its inherents; answers the weight in picoseconds to reserve for the end of the block. */
  @wired() static afterInherents(): u64 {
    return unreachable();
  }

  /** Runs every pallet's `onFinalize`, in the order of runtime.ts. */
  @wired() static onFinalize(_number: u32): void {
    return unreachable();
  }

  /** Runs migrations in the first block of a new specVersion; answers their weight in picoseconds. */
  @wired() static onRuntimeUpgrade(): u64 {
    return unreachable();
  }

  /** Hands the member `key` of a genesis document to its pallet; false where no pallet has that name. */
  @wired() static genesis(_key: string, _json: JsonReader): bool {
    return unreachable();
  }

  /** Fills in what the genesis document left out, once all of it was read. */
  @wired() static afterGenesis(): void {
    return unreachable();
  }

  /** Public keys of the block authors: slot modulo their number tells whose turn it is. */
  @wired() static authorities(): Array<Sr25519Public> {
    return unreachable();
  }
}
