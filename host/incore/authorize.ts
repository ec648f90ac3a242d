// Collection: may this package use this core now? The core's Authorizer decides, within 10 ms of weight.
//
// Spec: RFC-0031 § Collection and `is_authorized`; D1 (size), D7 and D27 (all as of the context block), D11, D18.
// Instantaneous Coretime (D3, D9) needs the Coretime pallet's credits and is refused with that reason.
import { Reader, ScaleError, toHex, Writer } from '../bytes/index.js';
import type { BlockId, InCoreChain } from './chain.js';
import { decodePackage, encodeAuthorization, packageHash, writePackage } from './codec.js';
import { authorizeView, functionsOf } from './functions.js';
import { isRefusal, refuse } from './refusal.js';
import type { Refusal } from './refusal.js';
import { runOrRefuse } from './runner.js';
import type { GuestRunner } from './runner.js';
import { AUTHORIZE_WEIGHT_PS, MAX_AUTHORIZATION_BYTES, MAX_WORK_PACKAGE_BYTES, RECENT_BLOCKS } from './types.js';
import type { WorkPackage } from './types.js';

/** A package that can be read, with its name. */
export interface Collected {
  /** SCALE(EncodedWorkPackage). */
  encoded: Uint8Array;
  /** 32 bytes. */
  hash: Uint8Array;
  workPackage: WorkPackage;
}

/** What `is_authorized` said yes to. */
export interface Authorized extends Collected {
  core: number;
  authId: number;
  context: BlockId;
  /** What `is_authorized` used, in picoseconds. */
  weight: bigint;
}

/** Reads a submitted package: its bounds, and that every byte of it means something. */
export function collect(encoded: Uint8Array): Collected | Refusal {
  // A version, a compact length and the bytes.
  if (encoded.length > MAX_WORK_PACKAGE_BYTES + 8) {
    return refuse('tooLarge', `the package has ${encoded.length} bytes; at most ${MAX_WORK_PACKAGE_BYTES} are allowed`);
  }
  let workPackage: WorkPackage;
  try {
    workPackage = decodePackage(encoded);
  } catch (error) {
    if (error instanceof ScaleError) return refuse('undecodable', `the package can't be decoded: ${error.message}`);
    throw error;
  }
  const size = encodeAuthorization(workPackage.authorization).length;
  if (size > MAX_AUTHORIZATION_BYTES) {
    return refuse(
      'authorizationTooLarge',
      `the encoded authorization has ${size} bytes; at most ${MAX_AUTHORIZATION_BYTES} are allowed, longer evidence goes into an item`,
    );
  }
  if (workPackage.authorization.kind === 'instantaneous') {
    return refuse(
      'instantaneousUnsupported',
      'Instantaneous Coretime is not sold on this chain yet: use a Bulk authorization',
    );
  }
  return { encoded, hash: packageHash(encoded), workPackage };
}

/** The package's context block, if a block on top of the best one may still report it. */
export function ensureRecent(chain: InCoreChain, workPackage: WorkPackage): BlockId | Refusal {
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
  return context;
}

/** Asks the Authorizer of `core`. */
export async function authorize(
  chain: InCoreChain,
  runGuest: GuestRunner,
  collected: Collected,
  core: number,
): Promise<Authorized | Refusal> {
  const { workPackage } = collected;
  const context = ensureRecent(chain, workPackage);
  if ('refused' in context) return context;
  const cores = chain.cores(context.hash);
  if (core >= cores) return refuse('unknownCore', `there is no core ${core}: this chain has ${cores}, counted from 0`);
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
  writePackage(writer, workPackage);
  let said = '';
  const view = authorizeView(workPackage);
  const result = await runOrRefuse(
    runGuest,
    {
      code,
      codeHash,
      entry: 'is_authorized',
      args: writer.u16(core).finish(),
      weight: AUTHORIZE_WEIGHT_PS,
      functions: functionsOf(view),
      view,
      log: (_level, _target, message) => void (said = `: ${message}`),
    },
    `Authorizer ${assigned.id} of core ${core}`,
  );
  if (isRefusal(result)) return result;
  if (result.outcome !== 'returned') {
    return refuse(
      'authorizerFailed',
      `Authorizer ${assigned.id} of core ${core} did not answer (${result.reason})${said}`,
    );
  }
  const answer = readBool(result.output);
  if (answer === undefined)
    return refuse('authorizerFailed', `Authorizer ${assigned.id} of core ${core} answered no bool`);
  if (!answer) return refuse('notAuthorized', `Authorizer ${assigned.id} of core ${core} refused the package${said}`);
  return { ...collected, core, authId: assigned.id, context, weight: result.weightUsed };
}

function readBool(output: Uint8Array): boolean | undefined {
  const reader = new Reader(output);
  try {
    const answer = reader.bool();
    reader.end();
    return answer;
  } catch (error) {
    if (error instanceof ScaleError) return undefined;
    throw error;
  }
}
