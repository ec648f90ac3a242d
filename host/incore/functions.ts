// What the host offers to guests in-core, beside the environment that every guest has (host/executor).
//
// Spec: spec-decisions, entry points and host functions; RFC-0031 § Refine; D12 (none is u64::MAX), D18, D27. Everything is
// answered as of the package's context block. Names that belong to other entry points link and trap (host/executor).
import type { GuestContext, HostFunction } from '../vm/index.js';
import type { InCoreChain } from './chain.js';
import { packageMessage } from './codec.js';
import { STATE_ROOT_BLOCKS } from './types.js';
import type { WorkPackage } from './types.js';

/** The answer for "there is none" of a function that answers `bytes?`. */
const NONE = 0xffff_ffff_ffff_ffffn;

/** In fuel of 500 ps: hashing is done once a package and not charged by its size, so that an authorizer can afford it. */
const MESSAGE_PRICE = { fixed: 400n, perByte: 1n };
/** A look-up in the chain's state and a copy. */
const LOOKUP_PRICE = { fixed: 40_000n, perByte: 1n };
const STATE_ROOT_PRICE = { fixed: 4_000n, perByte: 1n };

/** The host functions of one package's `is_authorized`. */
export function authorizeFunctions(workPackage: WorkPackage): Record<string, HostFunction> {
  let message: Uint8Array | undefined;
  return {
    ext_corejam_package_message_version_1: {
      params: [], results: ['i32'], price: MESSAGE_PRICE,
      call: (guest) => place(guest, message ??= packageMessage(workPackage)),
    },
  };
}

/** The host functions of one package's `refine`: what `is_authorized` has, and the view of the chain. */
export function refineFunctions(workPackage: WorkPackage, chain: InCoreChain, contextHeight: number): Record<string, HostFunction> {
  const at = workPackage.context.headerHash;
  return {
    ...authorizeFunctions(workPackage),
    ext_corejam_lookup_version_1: {
      params: ['i32'], results: ['i64'], price: LOOKUP_PRICE,
      call: (guest, hash) => placeOption(guest, chain.lookup(at, guest.read(Number(hash), 32))),
    },
    ext_corejam_state_root_version_1: {
      params: ['i32'], results: ['i64'], price: STATE_ROOT_PRICE,
      call: (guest, height) => {
        const asked = Number(height);
        const inReach = asked <= contextHeight && asked >= contextHeight - STATE_ROOT_BLOCKS;
        return placeOption(guest, inReach ? chain.stateRoot(at, asked) : undefined);
      },
    },
  };
}

/** Copies `bytes` into the guest and answers where they are. */
function place(guest: GuestContext, bytes: Uint8Array): number {
  const pointer = guest.allocate(bytes.length);
  guest.write(pointer, bytes);
  return pointer;
}

/** As `place`, answering length << 32 | pointer, or NONE. */
function placeOption(guest: GuestContext, bytes: Uint8Array | undefined): bigint {
  if (bytes === undefined) return NONE;
  return (BigInt(bytes.length) << 32n) | BigInt(place(guest, bytes));
}
