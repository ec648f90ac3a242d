// A chain in memory for tests of pallets, with one open block at a time.
//
//   const chain = await TestChain.start();
//   expectOk(chain.dispatch(signed(ALICE), 'Balances.transfer_keep_alive', BOB, 5n));
//   chain.advanceTo(11);
//
// Calls are made in two ways. `dispatch` makes a call from any origin, with neither fee nor signature (TestApi).
// `submit` applies an extrinsic, as an author does; a block that has only those is executed again on its parent when it
// is closed, and must lead to the same state root.
import { blake2_256, concat, equal, Reader, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { INHERENTS } from '../../host/contract/index.js';
import { MemoryDatabase } from '../../host/db/index.js';
import type { Runtime, SignatureCache } from '../../host/executor/index.js';
import { Overlay, StateStore, type StateView } from '../../host/state/index.js';
import type { Codec } from '@polkadot/types/types';
import { referenceRoot } from '../unit/trie/reference.js';
import { testRuntime } from './blob.js';
import { RuntimeNames, type Argument, type NamedEvent } from './metadata.js';

/** The origin of a call. */
export type Origin = { kind: 'root' } | { kind: 'none' } | { kind: 'signed'; account: Uint8Array };
export const root: Origin = { kind: 'root' };
export const none: Origin = { kind: 'none' };
export const signed = (account: Uint8Array): Origin => ({ kind: 'signed', account });

/** Hooks that TestApi runs, in its order (TestHook). */
const HOOKS = [
  'Storage.onInitialize',
  'Reporting.onInitialize',
  'Availability.onInitialize',
  'Accumulation.onInitialize',
  'Availability.settle',
  'Accumulation.accumulate',
] as const;
export type Hook = (typeof HOOKS)[number];

/** The result of a call, and its effect on the state. */
export interface Outcome {
  /** The error's name (`Storage.TooEarly`); undefined if the call succeeded. */
  error: string | undefined;
  weight: bigint;
  paysFee: boolean;
  /** Events that the call deposited. */
  events: NamedEvent[];
  /** State roots before and after. */
  before: string;
  after: string;
}

/** The result of an extrinsic. */
export interface Applied {
  /** For example `Invalid.Stale`; undefined if the extrinsic is in the block. */
  invalid: string | undefined;
  /** The dispatch error's name; undefined if its call succeeded. */
  error: string | undefined;
  /** Whether the runtime had changed the state before it refused the extrinsic; the author rolls that back. */
  leftTraces: boolean;
}

/** An account's record. */
export interface Account {
  nonce: number;
  consumers: number;
  providers: number;
  free: bigint;
  reserved: bigint;
  frozen: bigint;
}

const SLOT_MS = 6_000n;
/** Slot of block 0: arbitrary, but not 0. */
const FIRST_SLOT = 300_000n;
const ZERO = new Uint8Array(32);
const INVALID = [
  'Call',
  'Payment',
  'Future',
  'Stale',
  'BadProof',
  'AncientBirthBlock',
  'ExhaustsResources',
  'Custom',
  'BadMandatory',
  'MandatoryValidation',
  'BadSigner',
];
const UNKNOWN = ['CannotLookup', 'NoUnsignedValidator'];

let names: { runtime: Runtime; names: RuntimeNames } | undefined;

export class TestChain {
  /** The state of the open block. */
  overlay: Overlay;
  /** Number of the open block. */
  number = 0;
  /** Hash of the block before the open one. */
  parentHash: Uint8Array;
  readonly genesisHash: Uint8Array;
  /** Lines that the runtime has logged. */
  readonly log: string[] = [];
  /** Signatures that calls of the runtime need not verify again; every one is verified if there is no cache. */
  signatures: SignatureCache | undefined;
  readonly #store: StateStore;
  #parent: StateView;
  #extrinsics: Uint8Array[] = [];
  /** Whether the open block's state was changed by other means than extrinsics. */
  #tampered = false;

  /** Use `start`. */
  constructor(
    readonly runtime: Runtime,
    readonly names: RuntimeNames,
    store: StateStore,
    genesis: Overlay,
  ) {
    this.#store = store;
    const { root: stateRoot } = store.commit(genesis, 1);
    this.#parent = store.at(stateRoot);
    this.overlay = new Overlay(this.#parent);
    this.genesisHash = blake2_256(concat(ZERO, Uint8Array.of(0), stateRoot, ZERO, Uint8Array.of(0)));
    this.parentHash = this.genesisHash;
  }

  /** A chain with block 1 open. `genesis` is a document for GenesisBuilder; default: the development preset. */
  static async start(genesis?: object, given?: Runtime): Promise<TestChain> {
    const runtime = given ?? (await testRuntime());
    if (names?.runtime !== runtime) names = { runtime, names: new RuntimeNames(metadataOf(runtime)) };
    const { overlay, error } = buildGenesis(
      runtime,
      genesis === undefined ? presetOf(runtime) : utf8(JSON.stringify(genesis)),
    );
    if (error !== undefined) throw new Error(`genesis: ${error}`);
    const chain = new TestChain(runtime, names.names, new StateStore(new MemoryDatabase()), overlay);
    chain.#open();
    return chain;
  }

  /** Why GenesisBuilder refuses a document; undefined if it does not. */
  static async refusal(document: string): Promise<string | undefined> {
    return buildGenesis(await testRuntime(), utf8(document)).error;
  }

  /** Calls a runtime API. Throws RuntimeTrap. */
  call(method: string, args: Uint8Array, overlay = this.overlay): Uint8Array {
    const log = (_level: number, target: string, message: string): void => void this.log.push(`${target}: ${message}`);
    return this.runtime.call(method, args, overlay, { log, ...(this.signatures && { signatures: this.signatures }) });
  }

  /** Makes a call from any origin. */
  dispatch(origin: Origin, name: string, ...args: Argument[]): Outcome {
    return this.dispatchEncoded(origin, this.names.call(name, ...args));
  }

  /**
   * Decodes and applies an encoded call `times` times, each in a transaction that is rolled back. Returns the error of
   * the last. `overlay`: the open block's by default.
   */
  repeat(origin: Origin, call: Uint8Array, times: number, overlay = this.overlay): string | undefined {
    const args = originOf(origin).bytes(call).u32(times).finish();
    const answer = new Reader(this.call('TestApi_repeat', args, overlay));
    return answer.bool() ? this.#readError(answer) : undefined;
  }

  /**
   * Runs hooks `times` times in the open block, each in a transaction that is rolled back. Returns the weight that they
   * reserve. `overlay`: the open block's by default.
   */
  repeatHook(hook: Hook, times: number, overlay = this.overlay): bigint {
    const args = new Writer().u8(HOOKS.indexOf(hook)).u32(times).finish();
    return new Reader(this.call('TestApi_repeat_hook', args, overlay)).u64();
  }

  /** Makes an encoded call from any origin. Throws RangeError if the bytes are no call. */
  dispatchEncoded(origin: Origin, call: Uint8Array): Outcome {
    this.#tampered = true;
    const before = toHex(this.overlay.root(1));
    const eventsBefore = this.events().length;
    const answer = new Reader(this.call('TestApi_dispatch', originOf(origin).bytes(call).finish()));
    if (!answer.bool()) throw new RangeError('the bytes are no call');
    const error = answer.bool() ? this.#readError(answer) : undefined;
    return {
      error,
      weight: answer.u64(),
      paysFee: answer.bool(),
      events: this.events().slice(eventsBefore),
      before,
      after: toHex(this.overlay.root(1)),
    };
  }

  /** Applies an extrinsic (without its compact length). A refused one is rolled back. */
  submit(extrinsic: Uint8Array): Applied {
    this.overlay.begin();
    const answer = new Reader(this.call('BlockBuilder_apply_extrinsic', new Writer().bytes(extrinsic).finish()));
    if (answer.bool()) {
      const left = this.root();
      this.overlay.rollback();
      return { invalid: this.#readInvalid(answer), error: undefined, leftTraces: left !== this.root() };
    }
    this.overlay.commit();
    this.#extrinsics.push(extrinsic);
    return { invalid: undefined, error: answer.bool() ? this.#readError(answer) : undefined, leftTraces: false };
  }

  /** Closes blocks until block `number` is open. */
  advanceTo(number: number): void {
    while (this.number < number) {
      this.close();
      this.#open();
    }
  }

  /** Closes `blocks` blocks. */
  advance(blocks = 1): void {
    this.advanceTo(this.number + blocks);
  }

  /** Closes the open block. Returns its encoded header and block. Does not open the next one: see `open`. */
  close(): { header: Uint8Array; block: Uint8Array } {
    const header = this.call('BlockBuilder_finalize_block', new Uint8Array());
    this.#ensureExtrinsicsRoot(header);
    const block = concat(header, new Writer().vec(this.#extrinsics, (w, extrinsic) => w.bytes(extrinsic)).finish());
    const { root: stateRoot } = this.#store.commit(this.overlay, 1);
    if (!this.#tampered) this.#executeAgain(block, stateRoot);
    this.#parent = this.#store.at(stateRoot);
    this.parentHash = blake2_256(header);
    return { header, block };
  }

  /** Opens the next block on the last one closed. */
  open(): void {
    this.#open();
  }

  /** A new overlay on the state of the last block closed, to execute a block on. */
  onParent(): Overlay {
    return new Overlay(this.#parent);
  }

  /** A storage item, decoded; undefined if it is absent and has no default. */
  query(name: string, ...keys: Argument[]): Codec | undefined {
    return this.names.value(name, this.overlay.get(this.names.key(name, ...keys)));
  }

  /** A storage item as JSON: numbers above 2^53 are hexadecimal. */
  json(name: string, ...keys: Argument[]): unknown {
    return this.query(name, ...keys)?.toJSON();
  }

  /** A storage item that is an integer. */
  integer(name: string, ...keys: Argument[]): bigint {
    return BigInt(this.query(name, ...keys)!.toString());
  }

  /** The record of an account. */
  account(who: Uint8Array): Account {
    const info = this.query('System.Account', who) as unknown as {
      nonce: { toNumber(): number };
      consumers: { toNumber(): number };
      providers: { toNumber(): number };
      data: Record<'free' | 'reserved' | 'frozen', { toString(): string }>;
    };
    const { free, reserved, frozen } = info.data;
    return {
      nonce: info.nonce.toNumber(),
      consumers: info.consumers.toNumber(),
      providers: info.providers.toNumber(),
      free: BigInt(free.toString()),
      reserved: BigInt(reserved.toString()),
      frozen: BigInt(frozen.toString()),
    };
  }

  /** Writes storage directly, for states that no call leads to. `value` is encoded; undefined removes the item. */
  poke(name: string, keys: Argument[], value: Uint8Array | undefined): void {
    this.#tampered = true;
    this.overlay.set(this.names.key(name, ...keys), value);
  }

  /** The events of the open block so far. */
  events(): NamedEvent[] {
    return this.names.events(this.overlay.get(this.names.key('System.Events')));
  }

  /** The current state root. */
  root(): string {
    return toHex(this.overlay.root(1));
  }

  /** The header with which block `number` is initialized: only parent, number and slot. */
  blankHeader(number = this.number + 1, slot = FIRST_SLOT + BigInt(number)): Uint8Array {
    return new Writer()
      .raw(this.parentHash)
      .compact(number)
      .raw(ZERO)
      .raw(ZERO)
      .compact(1)
      .u8(6)
      .raw(utf8('aura'))
      .bytes(new Writer().u64(slot).finish())
      .finish();
  }

  /** The encoded inherent data of block `number`: its timestamp, the start of its slot. */
  timestampData(number: number): Uint8Array {
    const time = (FIRST_SLOT + BigInt(number)) * SLOT_MS;
    return new Writer().compact(1).raw(utf8(INHERENTS.Timestamp.set)).bytes(new Writer().u64(time).finish()).finish();
  }

  #open(): void {
    this.overlay = new Overlay(this.#parent);
    this.#extrinsics = [];
    this.#tampered = false;
    const header = this.blankHeader();
    this.number++;
    this.call('Core_initialize_block', header);
    const inherents = new Reader(this.call('BlockBuilder_inherent_extrinsics', this.timestampData(this.number)));
    for (const inherent of inherents.vec((r) => r.bytes())) {
      const { invalid, error } = this.submit(inherent);
      if (invalid !== undefined || error !== undefined) throw new Error(`an inherent was refused: ${invalid ?? error}`);
    }
  }

  /**
   * The header's extrinsics root is that of a trie of the block's extrinsics, as they are in the block, by index
   * (Polkadot specification, 3.3.3), computed by code that the host does not use. An author and an importer have the
   * same runtime, so executing the block again can't show this.
   */
  #ensureExtrinsicsRoot(header: Uint8Array): void {
    const reader = new Reader(header);
    reader.raw(32);
    reader.compact();
    reader.raw(32);
    const claimed = toHex(reader.raw(32));
    const entries = this.#extrinsics.map(
      (extrinsic, index) => [new Writer().compact(index).finish(), new Writer().bytes(extrinsic).finish()] as const,
    );
    const expected = toHex(referenceRoot(entries, 1));
    if (claimed !== expected)
      throw new Error(`block ${this.number} has extrinsics root ${claimed}, but its extrinsics ${expected}`);
  }

  #executeAgain(block: Uint8Array, stateRoot: Uint8Array): void {
    const overlay = this.onParent();
    this.call('Core_execute_block', block, overlay);
    if (equal(overlay.root(1), stateRoot)) return;
    throw new Error(`block ${this.number} leads to another state root when it is executed again`);
  }

  #readError(answer: Reader): string {
    const kind = answer.u8();
    // Module has the pallet and four bytes; Token, Arithmetic, Transactional and Trie have one byte.
    const rest = answer.raw(kind === 3 ? 5 : [7, 8, 9, 14].includes(kind) ? 1 : 0);
    return this.names.error(Uint8Array.of(kind, ...rest));
  }

  #readInvalid(answer: Reader): string {
    const unknown = answer.bool();
    const variant = answer.u8();
    return unknown ? `Unknown.${UNKNOWN[variant]}` : `Invalid.${INVALID[variant]}`;
  }
}

/** The encoded origin for TestApi. */
function originOf(origin: Origin): Writer {
  const writer = new Writer().u8({ root: 0, none: 1, signed: 2 }[origin.kind]);
  return origin.kind === 'signed' ? writer.raw(origin.account) : writer;
}

/** Calls an API on the empty state. */
function callOnEmpty(runtime: Runtime, method: string, args: Uint8Array): { answer: Reader; overlay: Overlay } {
  const overlay = new Overlay(new StateStore(new MemoryDatabase()).empty);
  return { answer: new Reader(runtime.call(method, args, overlay)), overlay };
}

function metadataOf(runtime: Runtime): Uint8Array {
  return callOnEmpty(runtime, 'Metadata_metadata_at_version', new Writer().u32(15).finish()).answer.option((r) =>
    r.bytes(),
  )!;
}

function presetOf(runtime: Runtime): Uint8Array {
  const name = new Writer().option('development', (w, text) => w.str(text)).finish();
  return callOnEmpty(runtime, 'GenesisBuilder_get_preset', name).answer.option((r) => r.bytes())!;
}

function buildGenesis(runtime: Runtime, document: Uint8Array): { overlay: Overlay; error: string | undefined } {
  const { answer, overlay } = callOnEmpty(runtime, 'GenesisBuilder_build_state', new Writer().bytes(document).finish());
  return { overlay, error: answer.u8() === 0 ? undefined : answer.str() };
}
