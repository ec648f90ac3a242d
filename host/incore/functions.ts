// What the host offers to guests in-core, beside the environment that every guest has (host/executor).
//
// Spec: spec-decisions, entry points and host functions; RFC-0031 § Refine; D12 (none is u64::MAX), D18, D27. Everything is
// answered as of the package's context block. Names that belong to other entry points link and trap (host/executor).
// A view says what is answered, and `functionsOf` how: a child process has a view of its own (worker.ts).
import { STATE_ROOT_BLOCKS, type WorkPackage } from '../contract/index.js';
import { giveAtToGuest, giveToGuest, guestFunction, NONE } from '../executor/index.js';
import type { GuestContext, HostFunction } from '../vm/index.js';
import type { BlockId, InCoreChain } from './chain.js';
import { packageMessage } from './messages.js';
import type { GuestView } from './runner.js';

/** Names of what only in-core guests are served. */
export const IN_CORE = {
  message: 'ext_corejam_package_message_version_1',
  lookup: 'ext_corejam_lookup_version_1',
  stateRoot: 'ext_corejam_state_root_version_1',
} as const;

/** What `is_authorized` of a package may see. */
export function authorizeView(workPackage: WorkPackage): GuestView {
  let message: Uint8Array | undefined; // hashed once, however often it is asked for: D18 gives it so that nobody hashes 5 MiB
  return { message: () => (message ??= packageMessage(workPackage)) };
}

/** What `refine` may see: what `is_authorized` may, and the chain. */
export function refineView(workPackage: WorkPackage, chain: InCoreChain, context: BlockId): GuestView {
  return {
    ...authorizeView(workPackage),
    chain: {
      height: context.number,
      stateRoot: (height) => chain.stateRoot(context.hash, height),
      lookup: (hash) => chain.lookup(context.hash, hash),
    },
  };
}

/** The host functions that answer from a view. */
export function functionsOf({ message, chain }: GuestView): Record<string, HostFunction> {
  const ofMessage = serving(IN_CORE.message, (guest) => giveAtToGuest(guest, message()));
  if (chain === undefined) return ofMessage;
  return {
    ...ofMessage,
    ...serving(IN_CORE.lookup, (guest, hash) => giveOption(guest, chain.lookup(guest.read(Number(hash), 32)))),
    ...serving(IN_CORE.stateRoot, (guest, height) => {
      const asked = Number(height);
      return giveOption(guest, inReach(asked, chain.height) ? chain.stateRoot(asked) : undefined);
    }),
  };
}

/** Whether a guest may ask for the state root of this height. */
export function inReach(height: number, contextHeight: number): boolean {
  return height <= contextHeight && height >= contextHeight - STATE_ROOT_BLOCKS;
}

function serving(name: string, call: HostFunction['call']): Record<string, HostFunction> {
  return { [name]: guestFunction(name, call) };
}

function giveOption(guest: GuestContext, bytes: Uint8Array | undefined): bigint {
  return bytes === undefined ? NONE : giveToGuest(guest, bytes);
}
