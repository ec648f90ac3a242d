// Making a block: initialize it, apply the inherents, then transactions while they fit, finalize it, seal it.
//
// Everything runs on one overlay over the parent's state. Each extrinsic has a storage transaction of its own there, so
// that one that does not fit leaves no trace. The same parent, pool, providers and clock give the same block and seal.
//
// Time: a block takes the present slot or the one after its parent's, whichever is later, and its timestamp is the
// start of that slot. With instant sealing, blocks come faster than slots, and Aura requires a slot for each block: the
// time of a development chain then runs ahead of the clock.
import { toHex } from '../bytes/index.js';
import { RuntimeTrap, type SignatureCache } from '../executor/index.js';
import { Overlay } from '../state/index.js';
import { authorOf, readAuthorities, seal, slotItem } from './aura.js';
import type { Chain, NewBlock } from './chain.js';
import { BlockNotMade } from './errors.js';
import { decodeExtrinsics, decodeHeader, encodeHeader, hashHeader, slotOf } from './header.js';
import { beginsWith, encodeInherentData, timestampItem } from './inherents.js';
import type { KeyRing } from './keys.js';
import type { Included, TransactionPool } from './pool/index.js';
import { callAndRollBack, stateVersionOf, type ChainRuntime, type Runtimes } from './runtimes.js';
import type { Logger } from './log.js';
import type { BlockRef, Clock, Header, InherentItem, InherentProvider } from './types.js';
import { decodeApplied, type Applied } from './validity.js';

/** Bounds of one block's making. */
export interface AuthorLimits {
  /** No transaction is applied after this long. */
  buildMsMax: number;
  /**
   * Once this many transactions did not fit, no other is tried after half of `buildMsMax`. Until then smaller ones are
   * tried, so that a few heavy ones at the head of the pool don't keep them out.
   */
  misfitsMax: number;
  /**
   * A transaction is rejected once it did not fit this many successive blocks with neither another transaction nor a
   * package inherent. Packages that wait in the cores' queues fill at most the first few of those.
   */
  misfitsOfOneMax: number;
}

export const DEFAULT_AUTHOR_LIMITS: AuthorLimits = { buildMsMax: 250, misfitsMax: 8, misfitsOfOneMax: 8 };

const FINALIZE = 'BlockBuilder_finalize_block';

/** What the author needs of the node. */
export interface AuthorParts {
  chain: Chain;
  runtimes: Runtimes;
  signatures: SignatureCache;
  pool: TransactionPool;
  keys: KeyRing;
  clock: Clock;
  log: Logger;
  providers: readonly InherentProvider[];
  limits: AuthorLimits;
}

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

/** A block under construction. */
class Building {
  readonly extrinsics: Uint8Array[] = [];

  constructor(
    readonly parts: AuthorParts,
    readonly runtime: ChainRuntime,
    readonly overlay: Overlay,
  ) {}

  call(method: string, args: Uint8Array): Uint8Array {
    return this.runtime.call(method, args, this.overlay, this.parts.runtimes.context);
  }

  /** Applies an extrinsic, and rolls its writes back unless it is included. Throws RuntimeTrap. */
  apply(extrinsic: Uint8Array): Applied {
    this.overlay.begin();
    let applied: Applied | undefined;
    try {
      applied = decodeApplied(this.call('BlockBuilder_apply_extrinsic', extrinsic));
      return applied;
    } finally {
      if (applied?.ok === true) {
        this.overlay.commit();
        this.extrinsics.push(extrinsic);
      } else {
        this.overlay.rollback();
      }
    }
  }
}

/**
 * Applies the inherents, provider by provider: each provider sees the effect of those before it. Returns whether a
 * provider made any.
 */
function applyInherents(building: Building, parent: BlockRef, slot: bigint, timestampMs: bigint): boolean {
  const { parts, runtime, overlay } = building;
  const given: InherentItem[] = [];
  let made: Uint8Array[] = [];
  const add = (name: string, item: InherentItem): void => {
    const data = encodeInherentData([...given, item]);
    const answer = callAndRollBack(runtime, overlay, 'BlockBuilder_inherent_extrinsics', data, parts.runtimes.context);
    const extrinsics = decodeExtrinsics(answer);
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
    call: (method: string, args: Uint8Array) => callAndRollBack(runtime, overlay, method, args, parts.runtimes.context),
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

/** Applies transactions of the pool, best first, until time or room runs out. Returns whether some are left. */
function applyTransactions(building: Building, startedMs: number, hasPackages: boolean, included: Included[]): boolean {
  const { pool, clock, limits, log } = building.parts;
  const candidates = pool.candidates();
  let misfits = 0;
  for (let entry = candidates.next(); entry !== undefined; entry = candidates.next()) {
    if (clock.nowMs() - startedMs >= limits.buildMsMax) return true;
    let applied: Applied;
    try {
      applied = building.apply(entry.bytes);
    } catch (error) {
      if (!(error instanceof RuntimeTrap)) throw error;
      log.warn(`transaction ${entry.hash} is rejected: ${error.message}`);
      candidates.skip();
      pool.reject(entry.hash);
      continue;
    }
    if (applied.ok) {
      included.push({ hash: entry.hash, provides: entry.provides });
      continue;
    }
    candidates.skip();
    const { name, message } = applied.error;
    if (name === 'Future') continue;
    if (name === 'ExhaustsResources') {
      // If packages or other transactions took the room, it waits. If it was alone in the block, it may never fit.
      entry.misfits = included.length === 0 && !hasPackages ? entry.misfits + 1 : 0;
      if (entry.misfits < limits.misfitsOfOneMax) {
        if (++misfits >= limits.misfitsMax && clock.nowMs() - startedMs >= limits.buildMsMax / 2) return true;
        continue;
      }
    }
    log.debug(`transaction ${entry.hash} is rejected: ${message}`);
    pool.reject(entry.hash);
  }
  return misfits > 0;
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
  const startedMs = clock.nowMs();
  const parent = chain.best();
  const state = chain.states.at(parent.header.stateRoot);
  const runtime = runtimes.at(state);
  const overlay = new Overlay(state);

  const authorities = readAuthorities(runtime, overlay, runtimes.context);
  const { slot, timestampMs } = nextSlot(parent.header, authorities.slotDurationMs, startedMs);
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
  const more = applyTransactions(building, startedMs, hasPackages, included);
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
