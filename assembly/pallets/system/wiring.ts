// What pallets and the executive use of the whole runtime, without importing upwards. The compiler generates the
// bodies: hook points run the hooks of their name in the order of runtime.ts, wired methods call the runtime class.
import { Sr25519Public } from '../../primitives';
import { RuntimeVersion } from './types';

/** The runtime, for the layers below it. */
export class Wiring {
  /** Name and versions. */
  @wired() static version(): RuntimeVersion {
    return unreachable();
  }

  /** Public keys of the block authors; slot s belongs to key s modulo their number. */
  @wired() static authorities(): Array<Sr25519Public> {
    return unreachable();
  }

  /** What is wrong with the state that a genesis document led to; empty if nothing is. */
  @wired() static genesisError(): string {
    return unreachable();
  }

  /** Runs migrations, in the first block of a new specVersion, before `onInitialize`. Returns the weight, in ps. */
  @hookPoint() static onRuntimeUpgrade(): u64 {
    return unreachable();
  }

  /** Runs at the start of block `number`. Returns the weight in picoseconds. */
  @hookPoint() static onInitialize(_number: u32): u64 {
    return unreachable();
  }

  /** Runs once per block, after the last inherent. Returns the weight to reserve for the block's end, in ps. */
  @hookPoint() static afterInherents(_number: u32): u64 {
    return unreachable();
  }

  /** Runs at the end of block `number`, after its last extrinsic. */
  @hookPoint() static onFinalize(_number: u32): void {
    return unreachable();
  }
}
