/**
 * `ext_corejam_machine_*`: the runtime runs a guest, metered, and serves its host calls itself (docs/decisions/0002).
 *
 *     runtime --invoke--> host --entry point--> guest --host call--> host --export of that name--> the same runtime instance
 *
 * The host only carries: it copies a host call's arguments out of the guest, hands them to the runtime's export as one
 * SCALE tuple, and turns the answer into the guest's. Whether the running entry point may make the call is the runtime's
 * decision; a refusal traps the guest.
 *
 * A guest's failure is data for the runtime. A failure of the runtime inside a guest's host call is not the guest's: it
 * must not look like a trap that the runtime then carries on from. It is kept (the poison), unwinds through the guest, and
 * is thrown again by the machine call, so that the whole call into the runtime fails. Depth is one: a runtime that starts
 * a guest while one runs fails too.
 *
 * One function does it all, so that neither a guest nor its memory outlives a call and none has to be freed: the runtime
 * says which code, entry point, arguments and weight, and the host instantiates, gives it that weight, invokes, and answers
 * how it ended. The limits of on-chain modules (`ON_CHAIN_LIMITS`) are part of its meaning, as are schedule and prices.
 */
import { text, tryDecode, Writer, type Reader } from '../bytes/index.js';
import { FUEL_PS, type GuestContext, type HostFunction } from '../vm/index.js';
import { HostCallError } from './errors.js';
import { NOT_HERE, onChainModules, runGuest, type GuestResult } from './guest.js';
import { give, GUEST_FUNCTIONS, guestFunction, NONE, readFat } from './guest-functions.js';
import { define, type Family, type RuntimeHost } from './host.js';
import { DEBUG } from './log-book.js';
import { fatAddress, fatLength } from './memory.js';

/** How a guest's call ended, as the runtime is told. */
const OUTCOMES: Record<GuestResult['outcome'], number> = {
  returned: 0,
  trapped: 1,
  outOfWeight: 2,
  stackExhausted: 3,
  invalid: 4,
};

/**
 * What the runtime's export answers, and what becomes of it for the guest. An empty answer is a refusal; so that success
 * is never empty, a function without a result answers one byte.
 */
type Answer =
  /** Option<Vec<u8>> -> fat pointer, or NONE */
  | 'bytes?'
  /** Option<u32> -> i64, or NONE */
  | 'length?'
  /** u32 -> i32 */
  | 'u32'
  /** any byte -> nothing */
  | 'unit'
  /** any byte -> i64, the weight left after the call */
  | 'weight';

/** The guest functions that the runtime serves. Fat-pointer arguments travel as Vec<u8>. */
const FORWARDED: Readonly<Record<string, Answer>> = {
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

/** A single argument of a guest's host call: longer ones trap it, so that no guest makes the runtime run out of memory. */
const ARGUMENT_BYTES_MAX = 1024 * 1024;

export const machine: Family = {
  /** Takes code hash, code, entry, arguments and weight; answers SCALE (outcome: u8, weight used: u64, output: Vec<u8>). */
  ext_corejam_machine_invoke_version_1: define(['i32', 'i64', 'i64', 'i64', 'i64'], 'i64', (host, ...given) => {
    const [hash, code, entry, args, weight] = given;
    if (host.machineRuns) throw new HostCallError('a guest already runs, and a machine starts no other inside it');
    const result = runInside(host, {
      codeHash: host.viewAt(hash, 32, 'code_hash').slice(),
      code: host.view(code, 'code').slice(),
      entry: text(host.view(entry, 'entry')),
      args: host.view(args, 'args').slice(),
      weight: BigInt.asUintN(64, weight),
    });
    const answer = new Writer(32).u8(OUTCOMES[result.outcome]).u64(result.weightUsed);
    return host.give(answer.bytes(result.outcome === 'returned' ? result.output : new Uint8Array()).finish());
  }),
};

const modules = onChainModules();

type Invocation = Pick<Parameters<typeof runGuest>[0], 'code' | 'codeHash' | 'entry' | 'args' | 'weight'>;

function runInside(host: RuntimeHost, invocation: Invocation): GuestResult {
  const functions: Record<string, HostFunction> = {
    ...NOT_ON_CHAIN,
    [WEIGHT_REMAINING]: weightRemaining,
  };
  for (const [name, answer] of Object.entries(FORWARDED)) functions[name] = forwarded(host, name, answer);
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

/** Of what every guest has, tries are for in-core entry points alone. */
const NOT_ON_CHAIN = Object.fromEntries(Object.entries(NOT_HERE).filter(([name]) => name.startsWith('ext_trie_')));

const WEIGHT_REMAINING = 'ext_corejam_weight_remaining_version_1';
const weightRemaining = guestFunction(WEIGHT_REMAINING, (guest) => guest.gasLeft() * FUEL_PS);

function forwarded(host: RuntimeHost, name: string, answer: Answer): HostFunction {
  const { params } = GUEST_FUNCTIONS[name]!;
  return guestFunction(name, (guest, ...args) => {
    const tuple = new Writer();
    params.forEach((type, i) => writeArgument(tuple, guest, args[i]!, type));
    const reply = callRuntime(host, name, tuple.finish());
    if (reply.length === 0) return guest.trap(`the runtime does not let this entry point call ${name}`);
    return toGuest(guest, reply, answer, name);
  });
}

/** An i64 is a fat pointer in every function forwarded so far, an i32 a plain number. */
function writeArgument(tuple: Writer, guest: GuestContext, arg: number | bigint, type: 'i32' | 'i64'): void {
  if (type === 'i32') {
    tuple.u32(arg as number);
    return;
  }
  const length = fatLength(arg as bigint);
  if (length > ARGUMENT_BYTES_MAX) guest.trap(`an argument of ${length} bytes is more than ${ARGUMENT_BYTES_MAX}`);
  tuple.bytes(readFat(guest, arg));
}

/** Calls the runtime's export and answers a copy of what it says. What the runtime throws here is not the guest's. */
function callRuntime(host: RuntimeHost, name: string, tuple: Uint8Array): Uint8Array {
  const serve = host.exports[name] as ((pointer: number, length: number) => bigint) | undefined;
  if (typeof serve !== 'function') throw new HostCallError(`a guest called ${name}, which the runtime does not export`);
  const pointer = host.giveAt(tuple);
  const fat = serve(pointer, tuple.length);
  const reply = host.memory.at(fatAddress(fat), fatLength(fat), `the answer of ${name}`).slice();
  // The answer is the runtime's own memory; the arguments are ours, and a guest may call without end.
  host.heap.free(host.memory, pointer);
  return reply;
}

/** Turns the runtime's answer into the guest's. One that is malformed is the runtime's fault. */
function toGuest(guest: GuestContext, reply: Uint8Array, answer: Answer, name: string): number | bigint | void {
  switch (answer) {
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
      return guest.gasLeft() * FUEL_PS;
  }
}

function decode<T>(reply: Uint8Array, name: string, read: (reader: Reader) => T): T {
  const decoded = tryDecode(reply, read);
  if (!decoded.ok) throw new HostCallError(`the runtime's answer to ${name} is malformed: ${decoded.error.message}`);
  return decoded.value;
}
