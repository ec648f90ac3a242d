// Every host function that a guest may import: the one table from which linking, refusal, prices, `corejam inspect` and
// docs/guides/host-functions.md follow.
//
// Spec: docs/decisions/0001-specification.md § Entry points and host functions. One module may have several entry
// points, so every function here links; guest-link.ts makes those trap that the running entry point may not call, or
// that nothing serves yet. The rows of functions that the runtime serves are made of `HOST_CALLS`, which the pallet
// compiler generates from `@hostcall`: here they only get their prices.
import { HOST_CALLS } from '../contract/index.js';
import type { HostSignature, IntegerType } from '../vm/index.js';
import type { HASHES } from './families/hashing.js';
import { price, type Price } from './prices.js';

/** The entry points of guests. */
export const ENTRY_POINTS = ['is_authorized', 'refine', 'prune', 'accumulate'] as const;
export type EntryPoint = (typeof ENTRY_POINTS)[number];

/**
 * How a guest passes an argument. `bytes`: a fat pointer (i64, length << 32 | address). A number: the address (i32) of
 * so many bytes. `address`: an address (i32) of the allocator. `u32` and `u64`: the number itself (i32, i64).
 */
export type ArgumentForm = 'bytes' | 'address' | 'u32' | 'u64' | number;
/** How a guest receives a result: as an argument, or none (u64::MAX) instead of bytes or a u32 in an i64 (D12). */
export type ResultForm = ArgumentForm | 'bytes?' | 'u32?' | 'nothing';

/**
 * Who serves a function. `guest`: the host, which needs only the guest for it (guest-functions.ts). `node`: the host,
 * from the package and the chain (host/incore/functions.ts). `runtime`: the chain's runtime (machine.ts). `later`:
 * it is not implemented yet.
 */
type Server = 'guest' | 'node' | 'runtime' | 'later';

/** A row of the table. */
export interface GuestFunction extends HostSignature {
  /** By name, in order. */
  readonly args: Readonly<Record<string, ArgumentForm>>;
  readonly result: ResultForm;
  /** The entry points that may call it. */
  readonly entries: readonly EntryPoint[];
  readonly server: Server;
  readonly price: Price;
  /** One sentence for authors of guests. */
  readonly about: string;
}

/** What a row says before its server is added. */
type Row = Omit<GuestFunction, 'server'>;

const ALL = ENTRY_POINTS;
const IN_CORE = ['is_authorized', 'refine'] as const;
const REFINE = ['refine'] as const;
const ON_CHAIN = ['prune', 'accumulate'] as const;
const ACCUMULATE = ['accumulate'] as const;

const ROOT = price(10_000, 20);
const READ = price(40_000, 10);
/**
 * 20 ns a byte, which the block pays later: 5 ms of processor time for a MiB that is hashed, encoded and copied, and 14 to 22 ms
 * until it is on disk (docs/decisions/0002-metering.md). What is written in a block has no other bound.
 */
const WRITE = price(60_000, 40);
const LOG = price(4_000, 10);
/** A call into the runtime on the state of another block, with reads from disk: 350 µs measured, and 3 ns a byte. */
const CALL_AT_BLOCK = price(800_000, 20);

const TYPES: Readonly<Record<Exclude<ResultForm, number | 'nothing'>, IntegerType>> = {
  bytes: 'i64',
  address: 'i32',
  u32: 'i32',
  u64: 'i64',
  'bytes?': 'i64',
  'u32?': 'i64',
};

function typeOf(form: Exclude<ResultForm, 'nothing'>): IntegerType {
  return typeof form === 'number' ? 'i32' : TYPES[form];
}

function row(
  entries: readonly EntryPoint[],
  args: GuestFunction['args'],
  result: ResultForm,
  cost: Price,
  about: string,
): Row {
  const params = Object.values(args).map(typeOf);
  return { params, results: result === 'nothing' ? [] : [typeOf(result)], args, result, entries, price: cost, about };
}

const hash = (bytes: number, cost: Price, about: string): Row => row(ALL, { data: 'bytes' }, bytes, cost, about);
const VALID = 'Returns 1 if the signature is valid, otherwise 0.';

/** The hash functions, by their names in families/hashing.ts. */
const HASHING: Readonly<Record<keyof typeof HASHES, Row>> = {
  ext_hashing_blake2_128_version_1: hash(16, price(6_000, 6), 'BLAKE2b-128.'),
  ext_hashing_blake2_256_version_1: hash(32, price(6_000, 6), 'BLAKE2b-256.'),
  ext_hashing_keccak_256_version_1: hash(32, price(8_000, 20), 'Keccak-256.'),
  ext_hashing_keccak_512_version_1: hash(64, price(8_000, 36), 'Keccak-512.'),
  ext_hashing_sha2_256_version_1: hash(32, price(8_000, 12), 'SHA-256.'),
  ext_hashing_twox_64_version_1: hash(8, price(6_000, 2), 'XXH64 with seed 0.'),
  ext_hashing_twox_128_version_1: hash(16, price(7_000, 3), 'XXH64 with seeds 0 and 1.'),
  ext_hashing_twox_256_version_1: hash(32, price(9_000, 5), 'XXH64 with seeds 0 to 3.'),
};

const SERVED_BY_HOST = {
  ext_allocator_malloc_version_1: row(ALL, { size: 'u32' }, 'address', price(2_000, 0), 'Allocates `size` bytes.'),
  ext_allocator_free_version_1: row(ALL, { pointer: 'address' }, 'nothing', price(2_000, 0), 'Frees an allocation.'),

  ext_logging_log_version_1: row(
    ALL,
    { level: 'u32', target: 'bytes', message: 'bytes' },
    'nothing',
    LOG,
    'Logs a message; level 0 is an error, 4 a trace.',
  ),
  ext_logging_max_level_version_1: row(ALL, {}, 'u32', price(500, 0), 'Returns 5: every level is logged.'),
  ext_misc_print_num_version_1: row(ALL, { value: 'u64' }, 'nothing', LOG, 'Logs a number.'),
  ext_misc_print_utf8_version_1: row(ALL, { data: 'bytes' }, 'nothing', LOG, 'Logs a text.'),
  ext_misc_print_hex_version_1: row(ALL, { data: 'bytes' }, 'nothing', LOG, 'Logs bytes as hex.'),

  ...HASHING,

  ext_crypto_sr25519_verify_version_2: row(
    ALL,
    { signature: 64, message: 'bytes', key: 32 },
    'u32',
    price(1_400_000, 40),
    VALID,
  ),
  ext_crypto_ed25519_verify_version_1: row(
    ALL,
    { signature: 64, message: 'bytes', key: 32 },
    'u32',
    price(3_000_000, 16),
    VALID,
  ),
  ext_crypto_ecdsa_verify_version_2: row(
    ALL,
    { signature: 65, message: 'bytes', key: 33 },
    'u32',
    price(1_100_000, 6),
    VALID,
  ),
  ext_crypto_secp256k1_ecdsa_recover_version_2: row(
    ALL,
    { signature: 65, digest: 32 },
    'bytes',
    price(1_400_000, 1),
    'SCALE Result of the public key (64 bytes) or an error.',
  ),
  ext_crypto_secp256k1_ecdsa_recover_compressed_version_2: row(
    ALL,
    { signature: 65, digest: 32 },
    'bytes',
    price(1_100_000, 1),
    'SCALE Result of the compressed public key (33 bytes) or an error.',
  ),

  ext_trie_blake2_256_root_version_2: row(
    IN_CORE,
    { entries: 'bytes', version: 'u32' },
    32,
    ROOT,
    'The root of a trie of these SCALE-encoded (key, value) pairs.',
  ),
  ext_trie_blake2_256_ordered_root_version_2: row(
    IN_CORE,
    { values: 'bytes', version: 'u32' },
    32,
    ROOT,
    'The root of a trie of these SCALE-encoded values by their indices.',
  ),
  ext_trie_blake2_256_verify_proof_version_2: row(
    IN_CORE,
    { root: 32, proof: 'bytes', key: 'bytes', value: 'bytes', version: 'u32' },
    'u32',
    ROOT,
    'Returns 1 if the compact proof shows `value` at `key` under `root`, otherwise 0.',
  ),

  ext_corejam_weight_remaining_version_1: row(
    ACCUMULATE,
    {},
    'u64',
    price(500, 0),
    'The weight that is left, in picoseconds.',
  ),
} as const satisfies Record<string, Row>;

const SERVED_BY_NODE = {
  ext_corejam_package_message_version_1: row(
    IN_CORE,
    {},
    32,
    price(4_000, 2),
    'The package message (D18), which an Authorizer can let sign.',
  ),
  ext_corejam_lookup_version_1: row(
    REFINE,
    { hash: 32 },
    'bytes?',
    CALL_AT_BLOCK,
    'The preimage of a hash in Storage, as of the context block.',
  ),
  ext_corejam_state_root_version_1: row(
    REFINE,
    { height: 'u32' },
    'bytes?',
    READ,
    'The state root of the context block or of one of the 255 blocks before it.',
  ),
} as const satisfies Record<string, Row>;

type HostCallName = keyof typeof HOST_CALLS;

/**
 * The prices of the functions that the runtime serves. Those on balances and preimages cost at least what the weight of the
 * call of the same name is, its reads and writes included, and those of the class's account and of the deposit that is
 * settled first (tests/pallets/weights.test.ts).
 */
const PRICES: Readonly<Record<HostCallName, Price>> = {
  ext_corejam_checkpoint_version_1: WRITE,
  ext_corejam_get_work_storage_version_1: READ,
  ext_corejam_get_work_storage_len_version_1: READ,
  ext_corejam_set_work_storage_version_1: WRITE,
  ext_corejam_remove_work_storage_version_1: WRITE,
  ext_corejam_get_storage_version_1: READ,
  ext_corejam_get_class_storage_version_1: READ,
  ext_corejam_transfer_version_1: price(400_000, 20),
  ext_corejam_free_balance_version_1: price(200_000, 10),
  ext_corejam_storage_lookup_version_1: price(60_000, 10),
  ext_corejam_storage_request_version_1: price(520_000, 20),
  ext_corejam_storage_unrequest_version_1: price(320_000, 20),
  ext_corejam_storage_provide_version_1: price(320_000, 60),
  ext_corejam_storage_expunge_version_1: price(720_000, 20),
};

/** The columns that each gate of the runtime stands for: assembly/pallets/accumulation/permission.ts. */
const GATES: Readonly<Record<(typeof HOST_CALLS)[HostCallName]['gate'], readonly EntryPoint[]>> = {
  mayRead: ON_CHAIN,
  mayWrite: ACCUMULATE,
};

/** What a guest receives for each form of the runtime's reply. A byte only says that the call was not refused. */
const REPLIES: Readonly<Record<(typeof HOST_CALLS)[HostCallName]['reply'], ResultForm>> = {
  'bytes?': 'bytes?',
  'u32?': 'u32?',
  u32: 'u32',
  u8: 'nothing',
};

/** Functions whose result the host makes, after the runtime's reply. */
const RESULTS: Readonly<Partial<Record<HostCallName, ResultForm>>> = {
  ext_corejam_checkpoint_version_1: 'u64', // the weight that is left
};

const SERVED_BY_RUNTIME = Object.fromEntries(
  (Object.keys(HOST_CALLS) as HostCallName[]).map((name) => {
    const { args, reply, gate, about } = HOST_CALLS[name];
    return [name, row(GATES[gate], args, RESULTS[name] ?? REPLIES[reply], PRICES[name], about)];
  }),
) as Readonly<Record<HostCallName, Row>>;

/** D41. No call of these has returned yet, so their types may still change without a new version. */
const SERVED_LATER = {
  ext_corejam_ump_enqueue_version_1: row(
    ACCUMULATE,
    { message: 'bytes' },
    'u32',
    WRITE,
    'Enqueues a call for the chain (D26). Returns 0; 1 if refused.',
  ),
  ext_corejam_machine_run_wasm_version_1: row(
    REFINE,
    { code: 'bytes', entry: 'bytes', args: 'bytes', weight: 'u64' },
    'bytes',
    READ,
    'Runs an entry point of a Wasm module. Returns SCALE (outcome: u8, weight used: u64, output: Vec<u8>).',
  ),
  ext_corejam_machine_new_version_1: row(
    REFINE,
    { program: 'bytes', counter: 'u32' },
    'u32?',
    READ,
    'Makes a RISC-V (PVM) machine of a program. Returns its number.',
  ),
  ext_corejam_machine_peek_version_1: row(
    REFINE,
    { machine: 'u32', from: 'u32', into: 'bytes' },
    'u32',
    READ,
    "Copies out of a machine's memory. Returns 0; 1 if out of bounds.",
  ),
  ext_corejam_machine_poke_version_1: row(
    REFINE,
    { machine: 'u32', into: 'u32', data: 'bytes' },
    'u32',
    READ,
    "Copies into a machine's memory. Returns 0; 1 if out of bounds.",
  ),
  ext_corejam_machine_pages_version_1: row(
    REFINE,
    { machine: 'u32', first: 'u32', count: 'u32', access: 'u32' },
    'u32',
    READ,
    "Sets the access to a machine's pages: 0 none, 1 read, 2 write. Returns 0; 1 if refused.",
  ),
  ext_corejam_machine_enter_version_1: row(
    REFINE,
    { machine: 'u32', state: 112 },
    'u64',
    READ,
    'Runs a machine with a gas limit and 13 registers (u64 each), which it updates. Returns why it stopped.',
  ),
  ext_corejam_machine_remove_version_1: row(
    REFINE,
    { machine: 'u32' },
    'u32',
    READ,
    'Removes a machine. Returns 0; 1 if there is none.',
  ),
} as const satisfies Record<string, Row>;

/** Names of the functions that need only the guest. */
export type HostServed = keyof typeof SERVED_BY_HOST;
/** Names of the functions that the node serves from a package and the chain. */
export type NodeServed = keyof typeof SERVED_BY_NODE;

function servedBy(server: Server, rows: Readonly<Record<string, Row>>): [string, GuestFunction][] {
  return Object.entries(rows).map(([name, each]) => [name, { ...each, server }]);
}

/** The table, by name. A module that imports anything else is invalid. */
export const GUEST_FUNCTIONS: Readonly<Record<string, GuestFunction>> = Object.fromEntries([
  ...servedBy('guest', SERVED_BY_HOST),
  ...servedBy('node', SERVED_BY_NODE),
  ...servedBy('runtime', SERVED_BY_RUNTIME),
  ...servedBy('later', SERVED_LATER),
]);

/** The row of a function. Throws RangeError if there is none. */
export function guestRow(name: string): GuestFunction {
  const found = Object.hasOwn(GUEST_FUNCTIONS, name) ? GUEST_FUNCTIONS[name] : undefined;
  if (found === undefined) throw new RangeError(`there is no host function ${name}`);
  return found;
}
