// Making a block: initialize it, apply the inherents, then transactions while they fit (filling.ts), finalize it, seal it.
//
// Everything runs on one overlay over the parent's state. Each extrinsic has a storage transaction of its own there, so
// that one that does not fit leaves no trace. The same parent, pool, providers and clock give the same block and seal.
//
// Time: a block takes the present slot or the one after its parent's, whichever is later, and its timestamp is the
// start of that slot. With instant sealing, blocks come faster than slots, and Aura requires a slot for each block: the
// time of a development chain then runs ahead of the clock.
import { toHex } from '../bytes/index.js';
import { RuntimeTrap } from '../executor/index.js';
import { Overlay } from '../state/index.js';
import { authorOf, readAuthorities, seal, slotItem } from './aura.js';
import { Building, type AuthorParts } from './building.js';
import type { NewBlock } from './chain.js';
import { BlockNotMade } from './errors.js';
import { applyTransactions } from './filling.js';
import { decodeExtrinsics, decodeHeader, encodeHeader, hashHeader, slotOf } from './header.js';
import { beginsWith, encodeInherentData, timestampItem } from './inherents.js';
import type { Included } from './pool/index.js';
import { stateVersionOf, type ChainRuntime } from './runtimes.js';
import type { BlockRef, Header, InherentItem } from './types.js';

const FINALIZE = 'BlockBuilder_finalize_block';

/** A block made and sealed, not yet written. */
export interface BuiltBlock extends NewBlock {
  readonly runtime: ChainRuntime;
  /** The header without its seal, to execute the block again. */
  unsealed: Header;
  /** The included transactions of the pool, with the tags they provide. */
  included: Included[];
  /** Whether the pool has transactions left that this block had no room for. */
  more: boolean;
}

/**
 * Applies the inherents, provider by provider: each provider sees the effect of those before it. Returns whether a
 * provider made any.
 */
function applyInherents(building: Building, parent: BlockRef, slot: bigint, timestampMs: bigint): boolean {
  const { parts, overlay } = building;
  const given: InherentItem[] = [];
  let made: Uint8Array[] = [];
  const add = (name: string, item: InherentItem): void => {
    const data = encodeInherentData([...given, item]);
    const extrinsics = decodeExtrinsics(building.ask('BlockBuilder_inherent_extrinsics', data));
    // The runtime returns inherents in its own order; those already applied must still come first.
    if (!beginsWith(extrinsics, made))
      throw new BlockNotMade(`the runtime puts the inherent of ${name} before one that is already applied`);
    for (const extrinsic of extrinsics.slice(made.length)) {
      const applied = building.apply(extrinsic);
      if (applied.ok && applied.value.dispatched) continue;
      const reason = applied.ok ? 'its dispatch failed' : applied.error.message;
      throw new BlockNotMade(`the runtime refused the inherent of ${name}: ${reason}`);
    }
    given.push(item);
    made = extrinsics;
  };
  add('timestamp', timestampItem(timestampMs));
  const mandatory = building.extrinsics.length;
  const view = {
    number: parent.number + 1,
    parent,
    slot,
    timestampMs,
    call: (method: string, args: Uint8Array) => building.ask(method, args),
  };
  for (const provider of parts.providers) {
    const before = building.extrinsics.length;
    overlay.begin();
    try {
      const item = provider.provide(parent, view);
      if (item !== undefined) add(provider.name, item);
      overlay.commit();
    } catch (error) {
      // Only the timestamp is mandatory; a failure of its inherent is thrown above.
      overlay.rollback();
      building.extrinsics.length = before;
      parts.log.error(
        `the inherent of ${provider.name} is left out of block ${view.number}: ${(error as Error).message}`,
      );
    }
  }
  return building.extrinsics.length > mandatory;
}

/** The slot of the next block, and its timestamp: the start of the slot, so that blocks are at least a slot apart. */
function nextSlot(parent: Header, slotDurationMs: bigint, nowMs: number): { slot: bigint; timestampMs: bigint } {
  const present = BigInt(nowMs) / slotDurationMs;
  const parentSlot = slotOf(parent);
  const slot = parentSlot !== undefined && parentSlot >= present ? parentSlot + 1n : present;
  return { slot, timestampMs: slot * slotDurationMs };
}

/**
 * Builds the next block on the best one. Throws BlockNotMade.
 *
 * Accumulation, which the providers' inherents cause, runs when the block is finalized. If the runtime traps there, the
 * block is built again without the providers, so that no package can stop the chain.
 */
export function buildBlock(parts: AuthorParts): BuiltBlock {
  try {
    return attempt(parts);
  } catch (error) {
    if (!(error instanceof RuntimeTrap)) throw error;
    if (error.method !== FINALIZE || parts.providers.length === 0) {
      throw new BlockNotMade(error.message, { cause: error });
    }
    parts.log.error(`block ${parts.chain.best().number + 1} is made without package inherents: ${error.message}`);
    return buildBlock({ ...parts, providers: [] });
  }
}

function attempt(parts: AuthorParts): BuiltBlock {
  const { chain, runtimes, clock, keys } = parts;
  const nowMs = clock.nowMs();
  const parent = chain.best();
  const state = chain.states.at(parent.header.stateRoot);
  const runtime = runtimes.at(state);
  const overlay = new Overlay(state);

  const authorities = readAuthorities(runtime, overlay, runtimes.context);
  const { slot, timestampMs } = nextSlot(parent.header, authorities.slotDurationMs, nowMs);
  const author = authorOf(slot, authorities);
  const pair = keys.find(author);
  if (pair === undefined)
    throw new BlockNotMade(`slot ${slot} belongs to ${toHex(author)}, whose key this node does not have`);

  const building = new Building(parts, runtime, overlay);
  const opening: Header = {
    parentHash: parent.hash,
    number: parent.number + 1,
    stateRoot: new Uint8Array(32),
    extrinsicsRoot: new Uint8Array(32),
    digest: [slotItem(slot)],
  };
  building.call('Core_initialize_block', encodeHeader(opening));
  const hasPackages = applyInherents(building, parent, slot, timestampMs);
  const included: Included[] = [];
  const more = applyTransactions(building, hasPackages, included);
  const unsealed = decodeHeader(building.call(FINALIZE, new Uint8Array()));
  const header = seal(unsealed, pair);
  return {
    hash: hashHeader(header),
    header,
    unsealed,
    extrinsics: building.extrinsics,
    overlay,
    runtime,
    stateVersion: stateVersionOf(runtime),
    included,
    more,
  };
}
