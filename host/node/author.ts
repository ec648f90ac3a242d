// The author: the next block, made and sealed. attempt.ts makes blocks; culprits.ts finds what makes one impossible.
//
// The same parent, pool, providers and clock give the same block and seal.
//
// Time: a block takes the present slot or the one after its parent's, whichever is later, and its timestamp is the
// start of that slot. With instant sealing, blocks come faster than slots, and Aura requires a slot for each block: the
// time of a development chain then runs ahead of the clock. At an interval, and on other chains, the node waits for the
// next slot (`nextSlotMs`).
import { toHex } from '../bytes/index.js';
import { RuntimeTrap, UnknownEntryPoint } from '../executor/index.js';
import { Overlay } from '../state/index.js';
import { attempt, type Place } from './attempt.js';
import { authorOf, readAuthorities, seal } from './aura.js';
import type { AuthorParts } from './building.js';
import type { NewBlock } from './chain.js';
import { withoutCulprits } from './culprits.js';
import { BlockNotMade } from './errors.js';
import { hashHeader, slotOf } from './header.js';
import type { KeyPair } from './keys.js';
import type { Included } from './pool/index.js';
import { stateVersionOf, type ChainRuntime } from './runtimes.js';
import type { Header } from './types.js';

/** A block made and sealed, not yet written. */
export interface BuiltBlock extends NewBlock {
  readonly runtime: ChainRuntime;
  /** The included transactions of the pool, with the tags they provide. */
  readonly included: readonly Included[];
  /** Whether the pool has transactions left that this block had no room for. */
  readonly more: boolean;
  /** Does to the pool and to the log what making the block found out; to be called once it is written. */
  written(): void;
}

/** The slot of the next block: its timestamp is the start of the slot, so that blocks are at least a slot apart. */
function nextSlot(parent: Header, slotDurationMs: bigint, nowMs: number): bigint {
  const present = BigInt(nowMs) / slotDurationMs;
  const parentSlot = slotOf(parent);
  return parentSlot !== undefined && parentSlot >= present ? parentSlot + 1n : present;
}

/** When the slot after the best block's begins: a block that is made earlier has a time ahead of the clock. */
export function nextSlotMs({ chain, runtimes }: Pick<AuthorParts, 'chain' | 'runtimes'>): {
  startMs: number;
  slotDurationMs: number;
} {
  const { header } = chain.best();
  const state = chain.states.at(header.stateRoot);
  const { slotDurationMs } = readAuthorities(runtimes.at(state), new Overlay(state), runtimes.questions);
  const slot = slotOf(header);
  return {
    startMs: slot === undefined ? 0 : Number((slot + 1n) * slotDurationMs),
    slotDurationMs: Number(slotDurationMs),
  };
}

/** Where the next block goes, and the key that seals it. Throws BlockNotMade, RuntimeTrap or InvalidRuntime. */
function nextPlace({ chain, runtimes, clock, keys }: AuthorParts): { place: Place; pair: KeyPair } {
  const nowMs = clock.nowMs();
  const parent = chain.best();
  const state = chain.states.at(parent.header.stateRoot);
  const runtime = runtimes.at(state);
  const authorities = readAuthorities(runtime, new Overlay(state), runtimes.context);
  const { slotDurationMs } = authorities;
  const slot = nextSlot(parent.header, slotDurationMs, nowMs);
  const author = authorOf(slot, authorities);
  const pair = keys.find(author);
  if (pair === undefined)
    throw new BlockNotMade(`slot ${slot} belongs to ${toHex(author)}, whose key this node does not have`);
  return { place: { parent, state, runtime, slot, slotDurationMs }, pair };
}

/**
 * Builds the next block on the best one. Throws BlockNotMade.
 *
 * Neither a transaction nor a package can stop the chain: what makes the block impossible to finish is left out.
 */
export function buildBlock(parts: AuthorParts): BuiltBlock {
  try {
    const { place, pair } = nextPlace(parts);
    const made = attempt(parts, place);
    const {
      building,
      header: unsealed,
      included,
      more,
    } = made.ok ? made.value : withoutCulprits(parts, place, made.error);
    const header = seal(unsealed, pair);
    const { runtime, overlay, extrinsics } = building;
    const stateVersion = stateVersionOf(runtime);
    const hash = hashHeader(header);
    const written = (): void => building.written();
    return { hash, header, extrinsics, overlay, runtime, stateVersion, included, more, written };
  } catch (error) {
    if (error instanceof RuntimeTrap || error instanceof UnknownEntryPoint) {
      throw new BlockNotMade(error.message, { cause: error });
    }
    throw error;
  }
}
