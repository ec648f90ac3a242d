// `ext_corejam_machine_*`: the runtime runs a metered guest, and serves its host calls
// (docs/decisions/0002-metering.md).
//
//     runtime --invoke--> host --entry point--> guest --host call--> host --export of that name--> the same runtime instance
//
// The host only transports: it copies the arguments of a host call out of the guest, passes them to the runtime's
// export as one SCALE tuple, and converts the reply for the guest. The runtime decides whether the running entry point
// may make the call; a refusal traps the guest.
//
// A failure of the guest is a result for the runtime. A failure of the runtime inside a guest's host call is not a trap
// of the guest, after which the runtime could continue: the exception unwinds through the guest and out of the machine
// call, so that the whole call into the runtime fails. Guests do not nest: a runtime that runs a guest while one runs
// fails too.
//
// There is only one function, so that neither a guest nor its memory outlives a call and nothing needs to be freed: the
// runtime passes code, entry point, arguments and weight, and the host instantiates the guest, runs it and returns the
// outcome. The limits of on-chain modules (`ON_CHAIN_LIMITS`), the schedule and the prices are part of its meaning.
import { text, tryDecode, Writer, type Reader } from '../bytes/index.js';
import { writeRunOutcome } from '../contract/index.js';
import { FUEL_PS, type GuestContext, type HostFunction } from '../vm/index.js';
import { HostCallError } from './errors.js';
import { NOT_HERE, onChainModules, runGuest, type GuestResult } from './guest.js';
import { give, GUEST_FUNCTIONS, guestFunction, NONE, readFat } from './guest-functions.js';
import { define, type Family, type RuntimeHost } from './host.js';
import { DEBUG } from './log-book.js';
import { fatAddress, fatLength } from './memory.js';

/**
 * The type of the runtime's reply, and the result that the guest receives. An empty reply is a refusal, so a function
 * without a result replies with one byte.
 */
type Reply =
  /** Option<Vec<u8>> -> fat pointer, or NONE */
  | 'bytes?'
  /** Option<u32> -> i64, or NONE */
  | 'length?'
  /** u32 -> i32 */
  | 'u32'
  /** any byte -> nothing */
  | 'unit'
  /** any byte -> i64, the weight that is left after the call */
  | 'weight';

/** The guest functions that the runtime serves. Fat-pointer arguments are passed as Vec<u8>. */
const FORWARDED: Readonly<Record<string, Reply>> = {
  ext_corejam_checkpoint_version_1: 'weight',
  ext_corejam_get_work_storage_version_1: 'bytes?',
  ext_corejam_get_work_storage_len_version_1: 'length?',
  ext_corejam_set_work_storage_version_1: 'u32',
  ext_corejam_remove_work_storage_version_1: 'unit',
  ext_corejam_get_storage_version_1: 'bytes?',
  ext_corejam_get_class_storage_version_1: 'bytes?',
  ext_corejam_transfer_version_1: 'u32',
  ext_corejam_free_balance_version_1: 'bytes?',
  ext_corejam_storage_lookup_version_1: 'bytes?',
  ext_corejam_storage_request_version_1: 'u32',
  ext_corejam_storage_unrequest_version_1: 'u32',
  ext_corejam_storage_provide_version_1: 'u32',
  ext_corejam_storage_expunge_version_1: 'u32',
};

/** The maximum size of an argument of a guest's host call, so that no guest can exhaust the runtime's memory. */
const ARGUMENT_BYTES_MAX = 1024 * 1024;

export const machine: Family = {
  /**
   * Takes code hash, code, entry point, arguments and weight; returns SCALE (outcome: u8, weight used: u64, output:
   * Vec<u8>).
   */
  ext_corejam_machine_invoke_version_1: define(['i32', 'i64', 'i64', 'i64', 'i64'], 'i64', (host, ...given) => {
    const [hash, code, entry, args, weight] = given;
    if (host.machineRuns) throw new HostCallError('a guest already runs, and guests do not nest');
    const result = runInside(host, {
      codeHash: host.viewAt(hash, 32, 'code_hash').slice(),
      code: host.view(code, 'code').slice(),
      entry: text(host.view(entry, 'entry')),
      args: host.view(args, 'args').slice(),
      weight: BigInt.asUintN(64, weight),
    });
    const encoded = new Writer(32);
    writeRunOutcome(encoded, result.outcome).u64(result.weightUsed);
    return host.give(encoded.bytes(result.outcome === 'returned' ? result.output : new Uint8Array()).finish());
  }),
};

const modules = onChainModules();

type Invocation = Pick<Parameters<typeof runGuest>[0], 'code' | 'codeHash' | 'entry' | 'args' | 'weight'>;

function runInside(host: RuntimeHost, invocation: Invocation): GuestResult {
  const functions: Record<string, HostFunction> = {
    ...NOT_ON_CHAIN,
    [WEIGHT_REMAINING]: weightRemaining,
  };
  for (const [name, reply] of Object.entries(FORWARDED)) functions[name] = forwarded(host, name, reply);
  host.machineRuns = true;
  try {
    const result = runGuest({
      ...invocation,
      functions,
      modules,
      log: (level, target, message) => host.log.addText(level, `guest ${target}`, message),
    });
    if (result.outcome !== 'returned') {
      host.log.addText(DEBUG, 'machine', `${invocation.entry}: ${result.outcome}: ${result.reason}`);
    }
    return result;
  } finally {
    host.machineRuns = false;
  }
}

/** The trie functions are the only ones of every guest that on-chain entry points may not call. */
const NOT_ON_CHAIN = Object.fromEntries(Object.entries(NOT_HERE).filter(([name]) => name.startsWith('ext_trie_')));

const WEIGHT_REMAINING = 'ext_corejam_weight_remaining_version_1';
const weightRemaining = guestFunction(WEIGHT_REMAINING, (guest) => guest.fuelLeft() * FUEL_PS);

function forwarded(host: RuntimeHost, name: string, type: Reply): HostFunction {
  const { params } = GUEST_FUNCTIONS[name]!;
  return guestFunction(name, (guest, ...args) => {
    const tuple = new Writer();
    params.forEach((param, i) => writeArgument(tuple, guest, args[i]!, param));
    const reply = callRuntime(host, name, tuple.finish());
    if (reply.length === 0) return guest.trap(`the runtime does not let this entry point call ${name}`);
    return toGuest(guest, reply, type, name);
  });
}

/** An i64 is a fat pointer in every forwarded function, an i32 a number. */
function writeArgument(tuple: Writer, guest: GuestContext, arg: number | bigint, type: 'i32' | 'i64'): void {
  if (type === 'i32') {
    tuple.u32(arg as number);
    return;
  }
  const length = fatLength(arg as bigint);
  if (length > ARGUMENT_BYTES_MAX) guest.trap(`an argument of ${length} bytes is more than ${ARGUMENT_BYTES_MAX}`);
  tuple.bytes(readFat(guest, arg));
}

/**
 * Calls the runtime's export and returns a copy of its reply. An exception here is a failure of the runtime, not of the
 * guest.
 */
function callRuntime(host: RuntimeHost, name: string, tuple: Uint8Array): Uint8Array {
  const serve = host.exports[name] as ((pointer: number, length: number) => bigint) | undefined;
  if (typeof serve !== 'function') throw new HostCallError(`a guest called ${name}, which the runtime does not export`);
  const pointer = host.giveAt(tuple);
  const fat = serve(pointer, tuple.length);
  const reply = host.memory.at(fatAddress(fat), fatLength(fat), `the reply of ${name}`).slice();
  // The runtime owns the reply. The arguments are freed here, because a guest may make any number of calls.
  host.heap.free(host.memory, pointer);
  return reply;
}

/** Converts the runtime's reply for the guest. A malformed reply is a failure of the runtime. */
function toGuest(guest: GuestContext, reply: Uint8Array, type: Reply, name: string): number | bigint | void {
  switch (type) {
    case 'bytes?': {
      const bytes = decode(reply, name, (reader) => reader.option((inner) => inner.bytes()));
      return bytes === undefined ? NONE : give(guest, bytes);
    }
    case 'length?':
      return BigInt(decode(reply, name, (reader) => reader.option((inner) => inner.u32())) ?? NONE);
    case 'u32':
      return decode(reply, name, (reader) => reader.u32());
    case 'unit':
      return undefined;
    case 'weight':
      return guest.fuelLeft() * FUEL_PS;
  }
}

function decode<T>(reply: Uint8Array, name: string, read: (reader: Reader) => T): T {
  const decoded = tryDecode(read, reply);
  if (!decoded.ok) throw new HostCallError(`the runtime's reply to ${name} is malformed: ${decoded.error.message}`);
  return decoded.value;
}
