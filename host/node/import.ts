// Importing a block of another node: an importer's checks, in order, and the block's execution.
//
// A refused block has no effect. Core_execute_block makes the runtime's own checks: extrinsics root, inherents first,
// digest and state root; the state root is compared here once more.
import { concat, equal, err, ok, ScaleError, toHex, type Result } from '../bytes/index.js';
import { RuntimeTrap, UnknownEntryPoint, type CallContext, type SignatureCache } from '../executor/index.js';
import { Overlay } from '../state/index.js';
import { readAuthorities, unseal, type Authorities } from './aura.js';
import type { Chain, NewBlock } from './chain.js';
import type { BlockRefusal, BlockRefusalKind } from './errors.js';
import { decodeBlock, encodeBlock, hashHeader, slotOf } from './header.js';
import { decodeVerdict, encodeInherentData, timestampItem } from './inherents.js';
import { callAndRollBack, stateVersionOf, type ChainRuntime, type Runtimes } from './runtimes.js';
import type { Block, BlockRef, Header } from './types.js';

/** What the importer needs of the node. */
export interface ImportParts {
  chain: Chain;
  runtimes: Runtimes;
  signatures: SignatureCache;
  /** The present time in milliseconds, against which the runtime checks the block's timestamp. */
  nowMs(): number;
  /** Whether a block's time may be ahead of the clock, as on a development chain (see author.ts). */
  timeMayRunAhead: boolean;
}

/** A block executed and found valid, not yet written. */
export interface ExecutedBlock extends NewBlock {
  readonly runtime: ChainRuntime;
}

const refuse = (kind: BlockRefusalKind, message: string): Result<never, BlockRefusal> => err({ kind, message });

/** Decodes a block from another node. */
export function decodeIncoming(bytes: Uint8Array): Result<Block, BlockRefusal> {
  try {
    return ok(decodeBlock(bytes));
  } catch (error) {
    if (!(error instanceof ScaleError)) throw error;
    return refuse('undecodable', `the bytes are no block: ${error.message}`);
  }
}

/** The block's parent, which must be the best block. */
function parentOf(chain: Chain, hash: Uint8Array, header: Header): Result<BlockRef, BlockRefusal> {
  if (chain.block(hash) !== undefined) {
    return refuse('known', `block ${header.number} (${toHex(hash)}) is already in the chain`);
  }
  const parent = chain.block(header.parentHash);
  if (parent === undefined) {
    return refuse(
      'unknownParent',
      `block ${header.number} names the parent ${toHex(header.parentHash)}, which this chain does not have`,
    );
  }
  if (header.number !== parent.number + 1) {
    return refuse('number', `block ${header.number} can't follow its parent, which has number ${parent.number}`);
  }
  const best = chain.best();
  if (!equal(parent.hash, best.hash)) {
    return refuse('fork', `block ${header.number} forks off below block ${best.number}, which is final`);
  }
  return ok(parent);
}

/** Has the runtime check the block's inherents: the timestamp against the clock. */
function checkInherents(
  parts: ImportParts,
  runtime: ChainRuntime,
  overlay: Overlay,
  block: Block,
  slotDurationMs: bigint,
): Result<void, BlockRefusal> {
  const { number } = block.header;
  const now = BigInt(parts.nowMs());
  const slotStart = (slotOf(block.header) ?? 0n) * slotDurationMs;
  const reference = parts.timeMayRunAhead && slotStart > now ? slotStart : now;
  const args = concat(encodeBlock(block), encodeInherentData([timestampItem(reference)]));
  let answer: Uint8Array;
  try {
    answer = callAndRollBack(runtime, overlay, 'BlockBuilder_check_inherents', args, parts.runtimes.context);
  } catch (error) {
    if (!(error instanceof RuntimeTrap)) throw error;
    return refuse('inherents', `the inherents of block ${number} can't be checked: ${error.message}`);
  }
  const verdict = decodeVerdict(answer);
  if (verdict.ok) return ok(undefined);
  const complaints = verdict.errors.map(({ identifier, data }) => `${identifier} (${toHex(data)})`).join(', ');
  const which = complaints === '' ? 'it names none of them' : complaints;
  return refuse('inherents', `the runtime refuses the inherents of block ${number}: ${which}`);
}

/** Executes a block without its seal on its parent's state, and compares the state root. */
export function execute(
  context: CallContext,
  runtime: ChainRuntime,
  overlay: Overlay,
  block: Block,
): Result<void, BlockRefusal> {
  try {
    runtime.call('Core_execute_block', encodeBlock(block), overlay, context);
  } catch (error) {
    if (!(error instanceof RuntimeTrap)) throw error;
    return refuse('execution', `block ${block.header.number} can't be executed: ${error.message}`);
  }
  const root = overlay.root(stateVersionOf(runtime));
  if (!equal(root, block.header.stateRoot)) {
    const claimed = toHex(block.header.stateRoot);
    const message = `the header of block ${block.header.number} has state root ${claimed}, and the block gives ${toHex(root)}`;
    return refuse('stateRoot', message);
  }
  return ok(undefined);
}

/** Checks and executes a block on the best one. */
export function importBlock(parts: ImportParts, block: Block): Result<ExecutedBlock, BlockRefusal> {
  const { chain, runtimes, signatures } = parts;
  const hash = hashHeader(block.header);
  const parent = parentOf(chain, hash, block.header);
  if (!parent.ok) return parent;
  const parentHeader = parent.value.header;
  const state = chain.states.at(parentHeader.stateRoot);
  const runtime = runtimes.at(state);
  const overlay = new Overlay(state);
  let authorities: Authorities;
  try {
    authorities = readAuthorities(runtime, overlay, runtimes.context);
  } catch (error) {
    if (error instanceof UnknownEntryPoint) {
      return err({ kind: 'author', message: `block ${block.header.number} can't be checked: ${error.message}` });
    }
    throw error;
  }
  const header = unseal(block.header, parentHeader, authorities, signatures);
  if (!header.ok) return header;
  const unsealed = { header: header.value, extrinsics: block.extrinsics };
  const inherents = checkInherents(parts, runtime, overlay, unsealed, authorities.slotDurationMs);
  if (!inherents.ok) return inherents;
  const executed = execute(runtimes.context, runtime, overlay, unsealed);
  if (!executed.ok) return executed;
  return ok({
    hash,
    header: block.header,
    extrinsics: block.extrinsics,
    overlay,
    runtime,
    stateVersion: stateVersionOf(runtime),
  });
}
