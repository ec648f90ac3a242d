// What the pallets and the executive need of the runtime as a whole. The compiler fills these bodies in: hook points run the hooks
// of their name in the order that runtime.ts gives, wired methods call the runtime class. So nothing imports upwards.
import { Sr25519Public } from '../../primitives';
import { RuntimeVersion } from './types';

/** The runtime, as the floors below it see it. */
export class Wiring {
  /** Name and versions. */
  @wired() static version(): RuntimeVersion {
    return unreachable();
  }

  /** Public keys of the block authors: the author of slot s is number s modulo their count. */
  @wired() static authorities(): Array<Sr25519Public> {
    return unreachable();
  }

  /** Runs in the first block of a new specVersion, before `onInitialize`: migrations. Returns their weight in picoseconds. */
  @hookPoint() static onRuntimeUpgrade(): u64 {
    return unreachable();
  }

  /** Runs at the start of block `number`. Returns the weight in picoseconds. */
  @hookPoint() static onInitialize(_number: u32): u64 {
    return unreachable();
  }

  /** Runs once in a block, after its last inherent. Returns the weight in picoseconds to reserve for the end of the block. */
  @hookPoint() static afterInherents(_number: u32): u64 {
    return unreachable();
  }

  /** Runs at the end of block `number`, after its last extrinsic. */
  @hookPoint() static onFinalize(_number: u32): void {
    return unreachable();
  }
}
