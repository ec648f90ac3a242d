// Trying a transaction on the state after a block: a block is initialized, the transaction applied, and all writes are
// discarded.
import { err, ok, type Result } from '../bytes/index.js';
import { RuntimeTrap, UnknownEntryPoint } from '../executor/index.js';
import { Overlay, type StateView } from '../state/index.js';
import { slotItem } from './aura.js';
import { encodeHeader, slotOf } from './header.js';
import type { ChainRuntime, Runtimes } from './runtimes.js';
import type { BlockRef, Header } from './types.js';

/** The runtime's ApplyExtrinsicResult as SCALE, or why the call failed. */
export function dryRun(
  runtimes: Runtimes,
  runtime: ChainRuntime,
  state: StateView,
  block: BlockRef,
  extrinsic: Uint8Array,
): Result<Uint8Array, RuntimeTrap | UnknownEntryPoint> {
  const overlay = new Overlay(state);
  const header: Header = {
    parentHash: block.hash,
    number: block.number + 1,
    stateRoot: new Uint8Array(32),
    extrinsicsRoot: new Uint8Array(32),
    digest: [slotItem((slotOf(block.header) ?? 0n) + 1n)],
  };
  try {
    runtime.call('Core_initialize_block', encodeHeader(header), overlay, runtimes.questions);
    return ok(runtime.call('BlockBuilder_apply_extrinsic', extrinsic, overlay, runtimes.questions));
  } catch (error) {
    if (error instanceof RuntimeTrap || error instanceof UnknownEntryPoint) return err(error);
    throw error;
  }
}
