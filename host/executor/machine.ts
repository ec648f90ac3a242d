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
import {
  checkedInCoreModules,
  onChainModules,
  runGuest,
  weightBeforeStart,
  type GuestResult,
  type LazyCode,
} from './guest.js';
import { give, NONE, readFat } from './guest-functions.js';
import { guestFunction, notYet, trapping } from './guest-link.js';
import { GUEST_FUNCTIONS, guestRow, type ArgumentForm, type ResultForm } from './guest-table.js';
import { define, type Family, type RuntimeHost } from './host.js';
import { DEBUG } from './log-book.js';
import { fatAddress, fatLength, fatPointer } from './memory.js';

/** The maximum size of an argument of a guest's host call, so that no guest can exhaust the runtime's memory. */
const ARGUMENT_BYTES_MAX = 1024 * 1024;

export const machine: Family = {
  /**
   * Takes code hash, code, entry point, arguments, weight and the length of the longest result that the runtime accepts;
   * returns SCALE (outcome: u8, weight used: u64, output: Vec<u8>). A longer result is refused by its length.
   */
  ext_corejam_machine_invoke_version_1: define(['i32', 'i64', 'i64', 'i64', 'i64', 'i32'], 'i64', (host, ...given) => {
    const [hash, code, entry, args, weight, outputBytesMax] = given;
    if (host.machineRuns) throw new HostCallError('a guest already runs, and guests do not nest');
    const result = runInside(host, {
      ...moduleAt(host, hash, code),
      entry: text(host.view(entry, 'entry')),
      args: host.view(args, 'args').slice(),
      weight: BigInt.asUintN(64, weight),
      outputBytesMax: outputBytesMax >>> 0,
    });
    const encoded = new Writer(32);
    writeRunOutcome(encoded, result.outcome).u64(result.weightUsed);
    return host.give(encoded.bytes(result.outcome === 'returned' ? result.output : new Uint8Array()).finish());
  }),

  /**
   * Takes code hash, code, entry point and the length of the arguments; returns the weight that `invoke` charges before the
   * guest's first instruction (`weightBeforeStart`), or u64::MAX for code that is invalid: that is no module under the limits
   * which apply to the entry point, or does not export it.
   *
   * The module of `is_authorized` only runs in-core. That of `refine` has `accumulate` too, so it must be valid on-chain.
   */
  ext_corejam_machine_setup_version_1: define(['i32', 'i64', 'i64', 'i32'], 'i64', (host, ...given) => {
    const [hash, code, entryAt, argsLength] = given;
    const entry = text(host.view(entryAt, 'entry'));
    const within = entry === 'is_authorized' ? inCoreModules : modules;
    return weightBeforeStart({ ...moduleAt(host, hash, code), entry, modules: within }, argsLength >>> 0) ?? INVALID;
  }),

  /**
   * While the runtime serves a guest's host call: charges the guest for a reply of `length` bytes, and allocates it, before
   * the runtime reads what it replies. Returns 1; or 0 if the guest has neither the weight nor the memory. Then the runtime's
   * reply is ignored, and the guest's run ends.
   */
  ext_corejam_machine_reserve_version_1: define(['i32'], 'i32', (host, length) => {
    if (host.reserve === undefined) throw new HostCallError('no guest waits for a reply of bytes');
    return host.reserve(length >>> 0) ? 1 : 0;
  }),
};

/** What `setup` returns for invalid code: no set-up has this weight. */
const INVALID = 2n ** 64n - 1n;

const modules = onChainModules();
const inCoreModules = checkedInCoreModules();

/** The code is copied only if its module is not in the cache: a class that runs slice after slice has it there. */
function moduleAt(host: RuntimeHost, hash: number, code: bigint): { codeHash: Uint8Array; code: LazyCode } {
  const codeHash = host.viewAt(hash, 32, 'code_hash').slice();
  const view = host.view(code, 'code');
  return { codeHash, code: { length: view.length, copy: () => view.slice() } };
}

type Invocation = Pick<
  Parameters<typeof runGuest>[0],
  'code' | 'codeHash' | 'entry' | 'args' | 'weight' | 'outputBytesMax'
>;

function runInside(host: RuntimeHost, invocation: Invocation): GuestResult {
  const functions: Record<string, HostFunction> = { ...NOT_ON_CHAIN };
  for (const name of FORWARDED) functions[name] = forwarded(host, name);
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

/** The functions that no on-chain entry point may call, whatever the runtime calls its entry points. */
const NOT_ON_CHAIN = Object.fromEntries(
  Object.entries(GUEST_FUNCTIONS)
    .filter(([, { entries }]) => !entries.some((entry) => entry === 'prune' || entry === 'accumulate'))
    .map(([name]) => [name, trapping(name, `this entry point may not call ${name}`)]),
);

/** The functions that the runtime serves. */
const FORWARDED = Object.keys(GUEST_FUNCTIONS).filter((name) => guestRow(name).server === 'runtime');

/** An export of the runtime that serves a host call. */
type Serve = (pointer: number, length: number) => bigint;

function forwarded(host: RuntimeHost, name: string): HostFunction {
  const { args: forms, result } = guestRow(name);
  // A runtime of an earlier version may lack the export. That ends the guest, as on a host that lacks the function, and not
  // the block, which a guest could otherwise stop.
  const serve = host.exports[name];
  if (typeof serve !== 'function') return trapping(name, notYet(name));
  return guestFunction(name, (guest, ...args) => {
    const tuple = new Writer();
    Object.values(forms).forEach((form, i) => writeArgument(tuple, guest, args[i]!, form));
    const space = result === 'bytes?' ? new ReplySpace(guest) : undefined;
    host.reserve = space && ((length) => space.reserve(length));
    const reply = callRuntime(host, serve as Serve, name, tuple.finish());
    host.reserve = undefined;
    space?.ensureReserved();
    if (reply.length === 0) return guest.trap(`the runtime does not let this entry point call ${name}`);
    return toGuest(guest, reply, result, name, space);
  });
}

/**
 * The space in a guest for a reply of bytes. The runtime reserves it by the length of the reply, so that a guest can't make
 * it read a long value that the guest can't take. What the runtime does not reserve is charged when it is given.
 */
class ReplySpace {
  readonly #guest: GuestContext;
  #reserved: { readonly fat: bigint; readonly fill: (bytes: Uint8Array) => void } | undefined;
  /** Why the guest can't take the reply: ends its run, once the runtime has returned. */
  #ending: { readonly error: unknown } | undefined;

  constructor(guest: GuestContext) {
    this.#guest = guest;
  }

  /** Charges for and allocates the space. False if the guest can't. */
  reserve(length: number): boolean {
    if (this.#reserved !== undefined) throw new HostCallError('the space for a reply is already reserved');
    if (this.#ending !== undefined) return false;
    try {
      const pointer = this.#guest.allocate(length);
      this.#reserved = { fat: fatPointer(pointer, length), fill: this.#guest.space(pointer, length) };
    } catch (error) {
      this.#ending = { error };
    }
    return this.#reserved !== undefined;
  }

  /** Ends the guest's run if it can't take the reply. */
  ensureReserved(): void {
    if (this.#ending !== undefined) throw this.#ending.error;
  }

  /** Copies the reply into the space. Returns its fat pointer. */
  give(bytes: Uint8Array): bigint {
    if (this.#reserved === undefined) return give(this.#guest, bytes);
    this.#reserved.fill(bytes);
    return this.#reserved.fat;
  }
}

/** Bytes are passed as Vec<u8>. The pallet compiler allows no other arguments than bytes and u32. */
function writeArgument(tuple: Writer, guest: GuestContext, arg: number | bigint, form: ArgumentForm): void {
  if (form === 'u32') {
    tuple.u32(arg as number);
    return;
  }
  if (form !== 'bytes') throw new RangeError(`the runtime takes bytes and u32, not ${form}`);
  const length = fatLength(arg as bigint);
  if (length > ARGUMENT_BYTES_MAX) guest.trap(`an argument of ${length} bytes is more than ${ARGUMENT_BYTES_MAX}`);
  tuple.bytes(readFat(guest, arg));
}

/**
 * Calls the runtime's export and returns a copy of its reply. An exception here is a failure of the runtime, not of the
 * guest.
 */
function callRuntime(host: RuntimeHost, serve: Serve, name: string, tuple: Uint8Array): Uint8Array {
  const pointer = host.giveAt(tuple);
  const fat = serve(pointer, tuple.length);
  const reply = host.memory.at(fatAddress(fat), fatLength(fat), `the reply of ${name}`).slice();
  // The runtime owns the reply. The arguments are freed here, because a guest may make any number of calls.
  host.heap.free(host.memory, pointer);
  return reply;
}

/**
 * Converts the runtime's reply for the guest. A malformed reply is a failure of the runtime. An empty reply is a refusal,
 * so a function without a reply of its own replies with one byte.
 */
function toGuest(
  guest: GuestContext,
  reply: Uint8Array,
  result: ResultForm,
  name: string,
  space: ReplySpace | undefined,
): number | bigint | void {
  switch (result) {
    case 'bytes?': {
      const bytes = decode(reply, name, (reader) => reader.option((inner) => inner.bytes()));
      return bytes === undefined ? NONE : space!.give(bytes);
    }
    case 'u32?':
      return BigInt(decode(reply, name, (reader) => reader.option((inner) => inner.u32())) ?? NONE);
    case 'u32':
      return decode(reply, name, (reader) => reader.u32());
    case 'nothing':
      return undefined;
    case 'u64': // of `checkpoint`: the weight that is left
      return guest.fuelLeft() * FUEL_PS;
    default:
      throw new RangeError(`the runtime's reply to ${name} can't be ${result}`);
  }
}

function decode<T>(reply: Uint8Array, name: string, read: (reader: Reader) => T): T {
  const decoded = tryDecode(read, reply);
  if (!decoded.ok) throw new HostCallError(`the runtime's reply to ${name} is malformed: ${decoded.error.message}`);
  return decoded.value;
}
