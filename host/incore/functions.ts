// What the host offers to guests in-core, beside the environment that every guest has (host/executor).
//
// Spec: spec-decisions, entry points and host functions; RFC-0031 § Refine; D12 (none is u64::MAX), D18, D27. Everything is
// answered as of the package's context block. Names that belong to other entry points link and trap (host/executor).
import { giveAtToGuest, giveToGuest, GUEST_FUNCTIONS, NONE, priceOf } from '../executor/index.js';
import type { GuestContext, HostFunction } from '../vm/index.js';
import type { InCoreChain } from './chain.js';
import { packageMessage } from './codec.js';
import { STATE_ROOT_BLOCKS } from './types.js';
import type { WorkPackage } from './types.js';

const MESSAGE = 'ext_corejam_package_message_version_1';
const LOOKUP = 'ext_corejam_lookup_version_1';
const STATE_ROOT = 'ext_corejam_state_root_version_1';

function serving(name: string, call: HostFunction['call']): Record<string, HostFunction> {
  return { [name]: { ...GUEST_FUNCTIONS[name], price: priceOf(name), call } };
}

/** The host functions of one package's `is_authorized`. */
export function authorizeFunctions(workPackage: WorkPackage): Record<string, HostFunction> {
  let message: Uint8Array | undefined; // hashed once, however often it is asked for: D18 gives it so that nobody hashes 5 MiB
  return serving(MESSAGE, (guest) => giveAtToGuest(guest, message ??= packageMessage(workPackage)));
}

/** The host functions of one package's `refine`: what `is_authorized` has, and the view of the chain. */
export function refineFunctions(workPackage: WorkPackage, chain: InCoreChain, contextHeight: number): Record<string, HostFunction> {
  const at = workPackage.context.headerHash;
  return {
    ...authorizeFunctions(workPackage),
    ...serving(LOOKUP, (guest, hash) => giveOption(guest, chain.lookup(at, guest.read(Number(hash), 32)))),
    ...serving(STATE_ROOT, (guest, height) => {
      const asked = Number(height);
      const inReach = asked <= contextHeight && asked >= contextHeight - STATE_ROOT_BLOCKS;
      return giveOption(guest, inReach ? chain.stateRoot(at, asked) : undefined);
    }),
  };
}

function giveOption(guest: GuestContext, bytes: Uint8Array | undefined): bigint {
  return bytes === undefined ? NONE : giveToGuest(guest, bytes);
}
