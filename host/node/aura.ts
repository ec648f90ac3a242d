// Aura: which authority makes the block of a slot, the slot in a header, and the seal. Spec: Substrate's Aura.
//
// A slot is a span of `slot duration` milliseconds since the Unix epoch; authority number (slot mod n) makes its block.
// The header carries the slot as a pre-runtime digest item, and as its last item the seal: the authority's sr25519
// signature over the hash of the header without the seal.
import { blake2_256, err, ok, Reader, toHex, Writer, type Result } from '../bytes/index.js';
import type { CallContext, SignatureCache } from '../executor/index.js';
import type { Overlay } from '../state/index.js';
import { BlockNotMade, type BlockRefusal } from './errors.js';
import { AURA, encodeHeader, slotOf } from './header.js';
import type { KeyPair } from './keys.js';
import { callAndRollBack, type ChainRuntime } from './runtimes.js';
import { signDeterministically } from './signer.js';
import type { DigestItem, Header } from './types.js';

/** The block authors, as the runtime gives them on some state. `keys` are sr25519 public keys. */
export interface Authorities {
  slotDurationMs: bigint;
  keys: Uint8Array[];
}

/** A runtime's slot duration never changes (Substrate's nodes rely on that too), so it is read once. */
const slotDurations = new WeakMap<ChainRuntime, bigint>();

/** Reads the authorities from the runtime, on the parent's state. Throws RuntimeTrap or BlockNotMade. */
export function readAuthorities(runtime: ChainRuntime, overlay: Overlay, context: CallContext): Authorities {
  const call = (method: string): Uint8Array => callAndRollBack(runtime, overlay, method, new Uint8Array(), context);
  const slotDurationMs = slotDurations.get(runtime) ?? new Reader(call('AuraApi_slot_duration')).u64();
  slotDurations.set(runtime, slotDurationMs);
  const keys = new Reader(call('AuraApi_authorities')).vec((reader) => reader.raw(32));
  if (slotDurationMs === 0n) throw new BlockNotMade('the slot duration of the runtime is 0');
  if (keys.length === 0) throw new BlockNotMade('the runtime has no authorities, so no block can be made');
  return { slotDurationMs, keys };
}

/** The key that may make the block of this slot. */
export function authorOf(slot: bigint, { keys }: Authorities): Uint8Array {
  return keys[Number(slot % BigInt(keys.length))]!;
}

/** The digest item that claims a slot. */
export function slotItem(slot: bigint): DigestItem {
  return { kind: 'preRuntime', engine: AURA, data: new Writer(8).u64(slot).finish() };
}

/** The header with its author's signature as the last digest item. */
export function seal(header: Header, pair: KeyPair): Header {
  const signature = signDeterministically(pair, blake2_256(encodeHeader(header)));
  return { ...header, digest: [...header.digest, { kind: 'seal', engine: AURA, data: signature }] };
}

/**
 * Checks slot, author and seal of a header against the authorities on its parent's state. Returns the header without
 * its seal.
 */
export function unseal(
  header: Header,
  parent: Header,
  authorities: Authorities,
  signatures: SignatureCache,
): Result<Header, BlockRefusal> {
  const { number } = header;
  const last = header.digest.at(-1);
  if (last?.kind !== 'seal' || last.engine !== AURA) {
    return err({ kind: 'seal', message: `block ${number} has no Aura seal at the end of its digest` });
  }
  const unsealed = { ...header, digest: header.digest.slice(0, -1) };
  if (unsealed.digest.some(({ kind }) => kind === 'seal')) {
    return err({ kind: 'seal', message: `block ${number} has more than one seal` });
  }
  // The runtime takes over pre-runtime items from the header, and can't judge those of others.
  if (unsealed.digest.filter(({ kind }) => kind === 'preRuntime').length > 1) {
    return err({ kind: 'slot', message: `block ${number} has a pre-runtime item besides Aura's` });
  }
  const slot = slotOf(unsealed);
  if (slot === undefined) return err({ kind: 'slot', message: `block ${number} claims no Aura slot` });
  const parentSlot = slotOf(parent);
  if (parentSlot !== undefined && slot <= parentSlot) {
    const message = `block ${number} claims slot ${slot}, which is not after its parent's, ${parentSlot}`;
    return err({ kind: 'slot', message });
  }
  const author = authorOf(slot, authorities);
  if (!signatures.verify('sr25519', author, blake2_256(encodeHeader(unsealed)), last.data)) {
    return err({
      kind: 'author',
      message: `block ${number} is not sealed by ${toHex(author)}, the author of slot ${slot}`,
    });
  }
  return ok(unsealed);
}
