// The host functions of guests (guest-table.ts) that need only the guest: allocator, logging, printing, hashing,
// signatures, tries, the weight that is left.
import { concat, Reader, text, toHex, tryDecode } from '../bytes/index.js';
import { KEY_BYTES_MAX } from '../state/index.js';
import { orderedTrieRoot, TrieTooDeep, trieRoot, verifyCompactProof } from '../trie/index.js';
import { FUEL_PS, type GuestContext, type HostFunction } from '../vm/index.js';
import { HASHES } from './families/hashing.js';
import { DEBUG, type LogListener } from './log-book.js';
import { fatAddress, fatLength, fatPointer } from './memory.js';
import { guestFunction } from './guest-link.js';
import type { HostServed } from './guest-table.js';
import { TRIE_ITEM_FUEL } from './prices.js';
import { expand, recoverCompressed } from './secp256k1.js';
import { lengthsOf, verifySignature, type SignatureScheme } from './signatures.js';

const LOG_BYTES_MAX = 2_048;

/** Copies the bytes of a fat pointer of the guest, which traps if they are outside of its memory. */
export function readFat(guest: GuestContext, fat: number | bigint): Uint8Array {
  return guest.read(fatAddress(fat as bigint), fatLength(fat as bigint));
}

/** Copies bytes into the guest's memory and returns their address. */
export function giveAt(guest: GuestContext, bytes: Uint8Array): number {
  const pointer = guest.allocate(bytes.length);
  guest.write(pointer, bytes);
  return pointer;
}

/**
 * As `give`, for bytes that are read only once the guest has paid for them and has the memory for them: what ends there costs
 * its host no reading.
 */
export function giveRead(guest: GuestContext, length: number, read: () => Uint8Array): bigint {
  const pointer = guest.allocate(length);
  const fill = guest.space(pointer, length);
  fill(read());
  return fatPointer(pointer, length);
}

/** Copies bytes into the guest's memory and returns their fat pointer. */
export function give(guest: GuestContext, bytes: Uint8Array): bigint {
  return fatPointer(giveAt(guest, bytes), bytes.length);
}

/** The result "none" of guest functions that return optional bytes or an optional length (D12). */
export const NONE = (1n << 64n) - 1n;

/** The functions that need only the guest. `free` belongs to the allocator that the instance was given as `allocate`. */
export function baseFunctions(
  free: (guest: GuestContext, pointer: number) => void,
  log: LogListener | undefined,
): Record<HostServed, HostFunction> {
  // The data is read and charged also where nothing is logged: the run must not depend on it.
  const print =
    (show: (bytes: Uint8Array) => string): HostFunction['call'] =>
    (guest, data) => {
      const line = readLine(guest, data!);
      log?.(DEBUG, 'guest', show(line));
    };
  const calls: Record<HostServed, HostFunction['call']> = {
    ext_allocator_malloc_version_1: (guest, size) => guest.allocate(size as number),
    ext_allocator_free_version_1: (guest, pointer) => free(guest, pointer as number),

    ext_logging_log_version_1: (guest, level, target, message) => {
      const [where, what] = [readLine(guest, target!), readLine(guest, message!)];
      log?.(Math.min(level as number, 4), text(where), text(what));
    },
    // A constant: the run of a guest must not depend on the log level of its host.
    ext_logging_max_level_version_1: () => 5,
    ext_misc_print_utf8_version_1: print(text),
    ext_misc_print_hex_version_1: print(toHex),
    ext_misc_print_num_version_1: (_guest, value) => log?.(DEBUG, 'guest', value!.toString()),

    ...HASHING,
    ...CRYPTO,
    ...TRIES,

    ext_corejam_weight_remaining_version_1: (guest) => guest.fuelLeft() * FUEL_PS,
  };
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, guestFunction(name, call)])) as Record<
    HostServed,
    HostFunction
  >;
}

type Calls<Prefix extends string> = Readonly<Record<Extract<HostServed, `${Prefix}${string}`>, HostFunction['call']>>;

const HASHING = Object.fromEntries(
  Object.entries(HASHES).map(([name, hash]): [string, HostFunction['call']] => [
    name,
    (guest, data) => giveAt(guest, hash(readFat(guest, data!))),
  ]),
) as Calls<'ext_hashing_'>;

function verifier(scheme: SignatureScheme): HostFunction['call'] {
  const { signatureBytes, keyBytes } = lengthsOf(scheme);
  return (guest, signature, message, key) => {
    const signatureRead = guest.read(signature as number, signatureBytes);
    const keyRead = guest.read(key as number, keyBytes);
    return verifySignature(scheme, keyRead, readFat(guest, message!), signatureRead) ? 1 : 0;
  };
}

function recovery(form: (compressed: Uint8Array) => Uint8Array): HostFunction['call'] {
  return (guest, signature, digest) => {
    const key = recoverCompressed(guest.read(digest as number, 32), guest.read(signature as number, 65), false);
    return give(guest, key.ok ? concat(Uint8Array.of(0), form(key.value)) : Uint8Array.of(1, key.error));
  };
}

const CRYPTO: Calls<'ext_crypto_'> = {
  ext_crypto_sr25519_verify_version_2: verifier('sr25519'),
  ext_crypto_ed25519_verify_version_1: verifier('ed25519'),
  ext_crypto_ecdsa_verify_version_2: verifier('ecdsa'),
  ext_crypto_secp256k1_ecdsa_recover_version_2: recovery(expand),
  ext_crypto_secp256k1_ecdsa_recover_compressed_version_2: recovery((key) => key),
};

const TRIES: Calls<'ext_trie_'> = {
  ext_trie_blake2_256_root_version_2: (guest, entries, version) => {
    const list = readList(guest, entries!, (reader): [Uint8Array, Uint8Array] => [
      reader.bytes(KEY_BYTES_MAX),
      reader.bytes(),
    ]);
    const asked = stateVersion(guest, version!);
    try {
      return giveAt(guest, trieRoot(list, asked));
    } catch (error) {
      if (error instanceof TrieTooDeep) return guest.trap(error.message);
      throw error;
    }
  },
  ext_trie_blake2_256_ordered_root_version_2: (guest, values, version) => {
    const list = readList(guest, values!, (reader) => reader.bytes());
    return giveAt(guest, orderedTrieRoot(list, stateVersion(guest, version!)));
  },
  ext_trie_blake2_256_verify_proof_version_2: (guest, root, proof, key, value, version) => {
    const nodes = readList(guest, proof!, (reader) => reader.bytes());
    const rootRead = guest.read(root as number, 32);
    const [keyRead, valueRead] = [readFat(guest, key!), readFat(guest, value!)];
    return verifyCompactProof(rootRead, nodes, keyRead, valueRead, stateVersion(guest, version!)) ? 1 : 0;
  },
};

/** Reads a text to log, at most LOG_BYTES_MAX bytes of it. */
function readLine(guest: GuestContext, fat: number | bigint): Uint8Array {
  return guest.read(fatAddress(fat as bigint), Math.min(fatLength(fat as bigint), LOG_BYTES_MAX));
}

/** Decodes a SCALE list, whose items are charged before they are decoded. A malformed list traps the guest. */
function readList<T>(guest: GuestContext, fat: number | bigint, read: (reader: Reader) => T): T[] {
  const bytes = readFat(guest, fat);
  const decoded = tryDecode((reader) => {
    guest.charge(TRIE_ITEM_FUEL * BigInt(new Reader(bytes).compact()));
    return reader.vec(read);
  }, bytes);
  return decoded.ok ? decoded.value : guest.trap(`a list is malformed: ${decoded.error.message}`);
}

function stateVersion(guest: GuestContext, version: number | bigint): 0 | 1 {
  return version === 0 || version === 1 ? version : guest.trap(`state version ${version} is not known`);
}
