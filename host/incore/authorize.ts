// Collection: whether a package may use a core. The core's Authorizer decides, within 10 ms of weight.
//
// Spec: RFC-0031 § Collection and `is_authorized`; D1 (size), D7 and D27 (all as of the context block), D11, D18.
// Instantaneous Coretime (D3, D9) is not implemented: such packages are refused.
import { encode, ok, type Result, toHex, tryDecode, Writer } from '../bytes/index.js';
import {
  AUTHORIZE_WEIGHT_PS,
  MAX_AUTHORIZATION_SIZE,
  MAX_ENCODED_PACKAGE_SIZE,
  RECENT_BLOCKS,
  type WorkPackage,
  writeAuthorization,
  writeWorkPackage,
} from '../contract/index.js';
import type { BlockId, InCoreChain } from './chain.js';
import { authorizeView, functionsOf } from './functions.js';
import { decodePackage, packageHash } from './messages.js';
import { refuse } from './refusal.js';
import type { Refusal } from './refusal.js';
import { runOrRefuse } from './runner.js';
import type { GuestRunner, GuestView } from './runner.js';

/** A decoded package with its hash. */
export interface Collected {
  /** SCALE(EncodedWorkPackage). */
  encoded: Uint8Array;
  /** 32 bytes. */
  hash: Uint8Array;
  workPackage: WorkPackage;
  /** The view of `is_authorized`: one for all cores that it is tried on, since the message is hashed once. */
  view: GuestView;
}

/** A package for which `is_authorized` returned true. */
export interface Authorized extends Collected {
  core: number;
  authId: number;
  context: BlockId;
  /** Weight used by `is_authorized`, in picoseconds. */
  weight: bigint;
}

/**
 * Decodes a submitted package. Refuses one that exceeds a limit, or has trailing bytes; and, before it is decoded, what
 * `ensureNew` refuses, so that one which comes again and again costs no more than its hash.
 */
export function collect(
  encoded: Uint8Array,
  ensureNew: (hash: Uint8Array) => Result<void, Refusal> = () => ok(undefined),
): Result<Collected, Refusal> {
  if (encoded.length > MAX_ENCODED_PACKAGE_SIZE) {
    return refuse(
      'tooLarge',
      `the package has ${encoded.length} bytes; at most ${MAX_ENCODED_PACKAGE_SIZE} are allowed`,
    );
  }
  const hash = packageHash(encoded);
  const isNew = ensureNew(hash);
  if (!isNew.ok) return isNew;
  const decoded = decodePackage(encoded);
  if (!decoded.ok) return refuse('undecodable', `the package can't be decoded: ${decoded.error.message}`);
  const workPackage = decoded.value;
  const size = encode(writeAuthorization, workPackage.authorization).length;
  if (size > MAX_AUTHORIZATION_SIZE) {
    return refuse(
      'authorizationTooLarge',
      `the encoded authorization has ${size} bytes; at most ${MAX_AUTHORIZATION_SIZE} are allowed, longer evidence goes into an item`,
    );
  }
  if (workPackage.authorization.kind === 'instantaneous') {
    return refuse(
      'instantaneousUnsupported',
      'Instantaneous Coretime is not sold on this chain yet: use a Bulk authorization',
    );
  }
  return ok({ encoded, hash, workPackage, view: authorizeView(workPackage) });
}

/** Returns the package's context block if the next block may still report the package. */
export function ensureRecent(chain: InCoreChain, workPackage: WorkPackage): Result<BlockId, Refusal> {
  const context = chain.block(workPackage.context.headerHash);
  if (context === undefined) {
    return refuse('unknownContext', `the context ${toHex(workPackage.context.headerHash)} is no block of this chain`);
  }
  const next = chain.best().number + 1;
  if (next - context.number >= RECENT_BLOCKS) {
    return refuse(
      'contextNotRecent',
      `the context is block ${context.number}, and the next block is ${next}: a context must be less than ${RECENT_BLOCKS} blocks old`,
    );
  }
  return ok(context);
}

/** Whether a chain of so many cores has this one. */
export function ensureCore(core: number, cores: number): Result<void, Refusal> {
  if (core < cores) return ok(undefined);
  return refuse('unknownCore', `there is no core ${core}: this chain has ${cores}, counted from 0`);
}

/** Runs the Authorizer of `core`, as of the context block. */
export async function authorize(
  chain: InCoreChain,
  runGuest: GuestRunner,
  collected: Collected,
  core: number,
): Promise<Result<Authorized, Refusal>> {
  const { workPackage } = collected;
  const recent = ensureRecent(chain, workPackage);
  if (!recent.ok) return recent;
  const context = recent.value;
  const cores = chain.cores(context.hash);
  const exists = ensureCore(core, cores);
  if (!exists.ok) return exists;
  const assigned = chain.authorizer(context.hash, core);
  if (assigned === undefined) {
    return refuse('coreUnassigned', `core ${core} has no Authorizer assigned at block ${context.number}`);
  }
  const { codeHash, param } = assigned.authorizer;
  const code = chain.lookup(context.hash, codeHash);
  if (code === undefined) {
    return refuse(
      'authorizerCodeMissing',
      `the code of Authorizer ${assigned.id} (${toHex(codeHash)}) is not in Storage at block ${context.number}`,
    );
  }
  const writer = new Writer(collected.encoded.length + param.length + 64).bytes(param);
  writeWorkPackage(writer, workPackage);
  let said = '';
  const { view } = collected;
  const run = await runOrRefuse(
    runGuest,
    {
      code,
      codeHash,
      entry: 'is_authorized',
      args: writer.u16(core).finish(),
      weight: AUTHORIZE_WEIGHT_PS,
      outputBytesMax: 1, // a bool
      functions: functionsOf(view),
      view,
      log: (_level, _target, message) => void (said = `: ${message}`),
    },
    `Authorizer ${assigned.id} of core ${core}`,
  );
  if (!run.ok) return run;
  const result = run.value;
  if (result.outcome !== 'returned') {
    return refuse('authorizerFailed', `Authorizer ${assigned.id} of core ${core} failed (${result.reason})${said}`);
  }
  const answer = tryDecode((reader) => reader.bool(), result.output);
  if (!answer.ok) {
    return refuse('authorizerFailed', `Authorizer ${assigned.id} of core ${core} returned no bool`);
  }
  if (!answer.value)
    return refuse('notAuthorized', `Authorizer ${assigned.id} of core ${core} refused the package${said}`);
  return ok({ ...collected, core, authId: assigned.id, context, weight: result.weightUsed });
}
