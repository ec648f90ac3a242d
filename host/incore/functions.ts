// Host functions of in-core guests, in addition to those of every guest (host/executor).
//
// Spec: docs/decisions/0001-specification.md § Entry points and host functions (Wasm); RFC-0031 § Refine; D12 (none is
// u64::MAX), D18, D27. Those that read the chain read it as of the package's context
// block. Functions of other entry points link and
// trap (host/executor). A GuestView provides the data; a child process makes its own (worker.ts).
import { STATE_ROOT_BLOCKS, type WorkPackage } from '../contract/index.js';
import {
  giveAtToGuest,
  giveReadToGuest,
  giveToGuest,
  guestFunction,
  NONE,
  type NodeServed,
} from '../executor/index.js';
import type { GuestContext, HostFunction } from '../vm/index.js';
import type { BlockId, InCoreChain } from './chain.js';
import { packageMessage } from './messages.js';
import type { GuestView } from './runner.js';

/** Names of the host functions that the node serves, by what they read. */
export const IN_CORE = {
  message: 'ext_corejam_package_message_version_1',
  lookup: 'ext_corejam_lookup_version_1',
  stateRoot: 'ext_corejam_state_root_version_1',
} as const satisfies Record<string, NodeServed>;

/** The view of `is_authorized`. */
export function authorizeView(workPackage: WorkPackage): GuestView {
  let message: Uint8Array | undefined; // the package may have 5 MiB: hashed at most once
  return { message: () => (message ??= packageMessage(workPackage)) };
}

/** The view of `refine`: that of `is_authorized`, and the chain. */
export function refineView(authorizing: GuestView, chain: InCoreChain, context: BlockId): GuestView {
  return {
    ...authorizing,
    chain: {
      height: context.number,
      stateRoot: (height) => chain.stateRoot(context.hash, height),
      lookup: preimages(
        (hash) => chain.lookupLength(context.hash, hash),
        (hash) => chain.lookup(context.hash, hash),
      ),
    },
  };
}

/** The host functions over a view; those that read the chain only if the view has it. */
export function functionsOf({ message, chain }: GuestView): Readonly<Partial<Record<NodeServed, HostFunction>>> {
  const ofMessage = serving(IN_CORE.message, (guest) => giveAtToGuest(guest, message()));
  if (chain === undefined) return ofMessage;
  return {
    ...ofMessage,
    ...serving(IN_CORE.lookup, (guest, hash) => {
      const preimage = chain.lookup(guest.read(Number(hash), 32));
      return preimage === undefined ? NONE : giveReadToGuest(guest, preimage.length, () => preimage.read());
    }),
    ...serving(IN_CORE.stateRoot, (guest, height) => {
      const asked = Number(height);
      return giveOption(guest, inReach(asked, chain.height) ? chain.stateRoot(asked) : undefined);
    }),
  };
}

/** Finds preimages by their lengths first: a guest is charged for one, and allocates it, before it is read. */
export function preimages(
  lengthOf: (hash: Uint8Array) => number | undefined,
  read: (hash: Uint8Array) => Uint8Array | undefined,
): NonNullable<GuestView['chain']>['lookup'] {
  return (hash) => {
    const length = lengthOf(hash);
    return length === undefined ? undefined : { length, read: () => given(read(hash), 'a preimage that has a length') };
  };
}

/** Throws if the value is missing: those who serve a guest then disagree on what it can request. */
export function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the guest requests ${what}, which is missing`);
  return value;
}

/** Whether a guest may read the state root of this height: D27. */
export function inReach(height: number, contextHeight: number): boolean {
  return height <= contextHeight && height >= contextHeight - STATE_ROOT_BLOCKS;
}

function giveOption(guest: GuestContext, bytes: Uint8Array | undefined): bigint {
  return bytes === undefined ? NONE : giveToGuest(guest, bytes);
}

function serving(name: NodeServed, call: HostFunction['call']): Partial<Record<NodeServed, HostFunction>> {
  return { [name]: guestFunction(name, call) };
}
