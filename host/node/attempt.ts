// One attempt at the next block: initialize it, apply the inherents, then transactions while they fit (filling.ts), and
// finish it.
//
// Everything runs on one overlay over the parent's state. Each extrinsic has a storage transaction of its own there, so
// that one that does not fit leaves no trace. A finished block is one that every node can execute, and after which a next
// block can begin: a block is final at once, so what stops its successor would stop the chain for good.
import { equal, err, ok, ScaleError, type Result } from '../bytes/index.js';
import { InvalidRuntime, RuntimeTrap, UnknownEntryPoint } from '../executor/index.js';
import { Overlay, type StateView } from '../state/index.js';
import { readAuthorities, slotItem } from './aura.js';
import { Building, type AuthorParts } from './building.js';
import { BlockNotMade } from './errors.js';
import { applyThese, applyTransactions } from './filling.js';
import { decodeExtrinsics, decodeHeader, encodeHeader, hashHeader } from './header.js';
import { execute } from './import.js';
import { beginsWith, encodeInherentData, timestampItem } from './inherents.js';
import type { Entry } from './pool/index.js';
import { CODE_KEY, stateVersionOf, type ChainRuntime } from './runtimes.js';
import type { BlockRef, Header, InherentItem } from './types.js';

/** Where the next block goes: on which parent, and into which slot. */
export interface Place {
  readonly parent: BlockRef;
  readonly state: StateView;
  readonly runtime: ChainRuntime;
  readonly slot: bigint;
  readonly slotDurationMs: bigint;
}

/** An inherent besides the timestamp, with the name of its provider. */
interface Provided {
  readonly name: string;
  readonly item: InherentItem;
}

/** What a block has besides the timestamp. */
export interface Contents {
  readonly inherents: readonly Provided[];
  readonly transactions: readonly Entry[];
}

/** A finished block without its seal, not yet written. */
export interface Draft {
  readonly building: Building;
  readonly header: Header;
  /** The transactions of the pool that are in it. */
  readonly included: Entry[];
  /** Whether the pool has transactions left that this block had no room for. */
  readonly more: boolean;
}

/** A block that can't be finished. */
export interface Unfinished {
  readonly reason: string;
  readonly cause: Error;
  /** What it had. */
  readonly contents: Contents;
}

const openingHeader = (parentHash: Uint8Array, number: number, slot: bigint): Uint8Array =>
  encodeHeader({
    parentHash,
    number,
    stateRoot: new Uint8Array(32),
    extrinsicsRoot: new Uint8Array(32),
    digest: [slotItem(slot)],
  });

/** Adds inherents to a block, item by item: each provider sees the effect of those before it. */
class Inherents {
  readonly #building: Building;
  readonly #given: InherentItem[] = [];
  #made: Uint8Array[] = [];

  constructor(building: Building) {
    this.#building = building;
  }

  add(name: string, item: InherentItem): void {
    const data = encodeInherentData([...this.#given, item]);
    const extrinsics = decodeExtrinsics(this.#building.ask('BlockBuilder_inherent_extrinsics', data));
    // The runtime returns inherents in its own order; those already applied must still come first.
    if (!beginsWith(extrinsics, this.#made))
      throw new BlockNotMade(`the runtime puts the inherent of ${name} before one that is already applied`);
    for (const extrinsic of extrinsics.slice(this.#made.length)) {
      const applied = this.#building.apply(extrinsic);
      if (applied.ok && applied.value.dispatched) continue;
      const reason = applied.ok ? 'its dispatch failed' : applied.error.message;
      throw new BlockNotMade(`the runtime refused the inherent of ${name}: ${reason}`);
    }
    this.#given.push(item);
    this.#made = extrinsics;
  }

  /** Adds what `provide` returns, if anything. Only the timestamp is mandatory: a failure here is logged. */
  tryToAdd(name: string, number: number, provide: () => InherentItem | undefined): InherentItem | undefined {
    const { overlay, extrinsics, log } = this.#building;
    const before = extrinsics.length;
    overlay.begin();
    try {
      const item = provide();
      if (item !== undefined) this.add(name, item);
      overlay.commit();
      return item;
    } catch (error) {
      overlay.rollback();
      extrinsics.length = before;
      log.error(`the inherent of ${name} is left out of block ${number}: ${(error as Error).message}`);
      return undefined;
    }
  }
}

/** Applies the inherents of this node's providers, after the timestamp. Returns those that are in the block. */
function applyProviders(building: Building, inherents: Inherents, place: Place): Provided[] {
  const { parent, slot, slotDurationMs } = place;
  const view = {
    number: parent.number + 1,
    parent,
    slot,
    timestampMs: slot * slotDurationMs,
    call: (method: string, args: Uint8Array) => building.ask(method, args),
  };
  const provided: Provided[] = [];
  for (const provider of building.parts.providers) {
    const item = inherents.tryToAdd(provider.name, view.number, () => provider.provide(parent, view));
    if (item !== undefined) provided.push({ name: provider.name, item });
  }
  return provided;
}

/**
 * Whether `error` came of what is in the block. Other errors are faults of this host, which a block with other contents
 * would not avoid.
 */
const isOfTheBlock = (error: unknown): error is Error =>
  error instanceof RuntimeTrap ||
  error instanceof InvalidRuntime ||
  error instanceof UnknownEntryPoint ||
  error instanceof BlockNotMade ||
  error instanceof ScaleError;

/**
 * Makes the next block with these contents, or with those of this node's providers and pool. Throws BlockNotMade or
 * RuntimeTrap where a block can't even begin.
 */
export function attempt(parts: AuthorParts, place: Place, contents?: Contents): Result<Draft, Unfinished> {
  const { parent, runtime, slot, slotDurationMs } = place;
  const building = new Building(parts, runtime, new Overlay(place.state));
  building.call('Core_initialize_block', openingHeader(parent.hash, parent.number + 1, slot));
  const inherents = new Inherents(building);
  inherents.add('timestamp', timestampItem(slot * slotDurationMs));
  const mandatory = building.extrinsics.length;
  const included: Entry[] = [];
  let provided: readonly Provided[] = [];
  let more = false;
  if (contents === undefined) {
    provided = applyProviders(building, inherents, place);
    more = applyTransactions(building, building.extrinsics.length > mandatory, included);
  } else {
    provided = contents.inherents.filter(
      ({ name, item }) => inherents.tryToAdd(name, parent.number + 1, () => item) !== undefined,
    );
    applyThese(building, contents.transactions, included);
  }
  try {
    const header = finish(building, place, building.extrinsics.length > mandatory);
    return ok({ building, header, included, more });
  } catch (error) {
    if (!isOfTheBlock(error)) throw error;
    return err({ reason: error.message, cause: error, contents: { inherents: provided, transactions: included } });
  }
}

/** Finishes a block. Returns its header without the seal. Throws an error that `isOfTheBlock` if that can't be done. */
function finish(building: Building, place: Place, hasOptional: boolean): Header {
  const { parts, runtime, extrinsics } = building;
  const header = decodeHeader(building.call('BlockBuilder_finalize_block', new Uint8Array()));
  let after = building.overlay;
  if (parts.executeOwnBlocks) {
    after = new Overlay(place.state);
    const executed = execute(building.context, runtime, after, { header, extrinsics });
    if (!executed.ok) throw new BlockNotMade(executed.error.message);
  }
  if (hasOptional) ensureSuccessor(building, place, header, after);
  return header;
}

/**
 * Tries to begin the block after this one, with the code that this one leaves. What that takes, transactions can destroy
 * through sudo: the code, the authorities, values that the hooks read. `overlay` has the block's state. That of its second
 * execution is best: after the trial, a state has to be sealed anew.
 */
function ensureSuccessor(building: Building, place: Place, header: Header, overlay: Overlay): void {
  const { parts } = building;
  const isUpgrade = overlay.changes().some(([key]) => equal(key, CODE_KEY));
  const slot = place.slot + 1n;
  overlay.begin();
  try {
    const runtime = isUpgrade ? parts.runtimes.loadCode(overlay.get(CODE_KEY)) : building.runtime;
    stateVersionOf(runtime);
    const { slotDurationMs } = readAuthorities(runtime, overlay, parts.runtimes.questions);
    // It is never finished, so what it logs is discarded.
    const next = new Building(parts, runtime, overlay);
    next.call('Core_initialize_block', openingHeader(hashHeader(header), header.number + 1, slot));
    new Inherents(next).add('timestamp', timestampItem(slot * slotDurationMs));
  } catch (error) {
    if (isOfTheBlock(error)) throw new BlockNotMade(`no block could follow it: ${error.message}`, { cause: error });
    throw error;
  } finally {
    overlay.rollback();
  }
}
