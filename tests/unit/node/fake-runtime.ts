// A runtime in TypeScript with the entry points of a real one, for what a real one does not do on request: transactions
// of any priority and weight, traps, refusals. Its blocks have real roots, and it executes blocks as strictly as a real
// one.
//
//   extrinsic = compact length ++ kind, signer, nonce, argument (one byte each)
import { concat, equal, Reader, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { encode, INHERENTS, writeBlockRoom, writeExtrinsicNeeds } from '../../../host/contract/index.js';
import { RuntimeTrap, UnknownEntryPoint } from '../../../host/executor/index.js';
import {
  checkChainSpec,
  decodeBlock,
  decodeHeader,
  DEV_NAMES,
  devKey,
  encodeHeader,
  type ChainRuntime,
  type ChainSpec,
  type Header,
} from '../../../host/node/index.js';
import type { Overlay } from '../../../host/state/index.js';
import { orderedTrieRoot } from '../../../host/trie/index.js';

//
//   poison   with it, the block can't be finished
//   stuck    after it, no block can begin
//   rewind   sets the nonce of account number `argument` to 0
export const KIND = {
  timestamp: 0,
  pay: 1,
  trap: 2,
  fail: 3,
  nobody: 4,
  misfit: 5,
  setCode: 6,
  note: 7,
  poison: 8,
  stuck: 9,
  rewind: 10,
} as const;
export const SLOT_MS = 6000;
/** The weight that fits a block; the weight of a `pay` is its argument. */
export const BLOCK_WEIGHT = 100;
/** The part of a block's weight that is guaranteed to transactions. All are Normal. */
const GUARANTEED_WEIGHT = 20;

/** An extrinsic of the fake runtime. `argument` is the priority of a transaction, and the weight of a `pay`. */
export function extrinsic(kind: number, signer = 0, nonce = 0, argument = 1): Uint8Array {
  return Uint8Array.of(4 << 2, kind, signer, nonce, argument);
}

const number = (bytes: Uint8Array | undefined): number => (bytes === undefined ? 0 : new Reader(bytes).u32());
const u32 = (value: number): Uint8Array => new Writer(4).u32(value).finish();
const key = (name: string): Uint8Array => utf8(name);
const OK = Uint8Array.of(0, 0);
const refused = (variant: number): Uint8Array => Uint8Array.of(1, 0, variant);
const PAYMENT = 1;
const FUTURE = 2;
const STALE = 3;
const EXHAUSTS = 6;

export class FakeRuntime implements ChainRuntime {
  /** The names of the authorities' keys. */
  authors: readonly string[] = DEV_NAMES;
  /** Called when a transaction is applied, before anything else. */
  onApply: () => void = () => undefined;
  /** Whether the end of every block traps. */
  endTraps = false;
  /** How often each entry point was called. */
  readonly calls = new Map<string, number>();
  /** The result of check_inherents, encoded: by default okay. Undefined: the call traps. */
  verdict: Uint8Array | undefined = Uint8Array.of(1, 0, 0);
  /** The arguments of the last check_inherents. */
  checked: Uint8Array | undefined;

  constructor(
    readonly codeHash: Uint8Array = new Uint8Array(32),
    readonly specVersion = 1,
  ) {}

  version() {
    return {
      specName: 'fake',
      implName: 'fake',
      authoringVersion: 1,
      specVersion: this.specVersion,
      implVersion: 1,
      apis: [],
      transactionVersion: 1,
      stateVersion: 1,
    };
  }

  call(method: string, args: Uint8Array, overlay: Overlay): Uint8Array {
    this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
    const trap = (reason: string): never => {
      throw new RuntimeTrap(method, reason, []);
    };
    switch (method) {
      case 'Core_initialize_block':
        return this.#initialize(decodeHeader(args), overlay, trap);
      case 'BlockBuilder_apply_extrinsic':
        return this.#apply(args, overlay, trap);
      case 'BlockBuilder_finalize_block':
        return encodeHeader(this.#finalize(overlay, trap));
      case 'Core_execute_block':
        return this.#execute(args, overlay, trap);
      case 'BlockBuilder_inherent_extrinsics':
        return this.#inherents(new Reader(args));
      case 'BlockBuilder_check_inherents':
        this.checked = args;
        return this.verdict ?? trap('no verdict');
      case 'TaggedTransactionQueue_validate_transaction':
        return this.#validate(args.slice(1, -32), overlay, trap);
      case 'AuraApi_slot_duration':
        return new Writer().u64(BigInt(SLOT_MS)).finish();
      case 'AuraApi_authorities':
        return new Writer()
          .vec(
            this.authors.map((name) => devKey(name).publicKey),
            (w, item) => w.raw(item),
          )
          .finish();
      case 'AccountNonceApi_account_nonce':
        return overlay.get(concat(key('nonce'), args.slice(0, 1))) ?? u32(0);
      case 'Metadata_metadata':
        return new Writer().bytes(Uint8Array.of(1, 2, 3)).finish();
      case 'CoreJamApi_extrinsic_needs':
        return this.#needs(new Reader(args).bytes());
      case 'CoreJamApi_room_left':
        return this.#room(overlay);
      case 'GenesisBuilder_preset_names':
        return new Writer().vec(['development'], (w, name) => w.str(name)).finish();
      case 'GenesisBuilder_get_preset':
        return this.#preset(new Reader(args));
      case 'GenesisBuilder_build_state':
        return this.#buildState(new Reader(args).str(), overlay);
      default:
        throw new UnknownEntryPoint(method);
    }
  }

  /** A `misfit` is heavier than a block. */
  #needs([kind, , , argument]: Uint8Array): Uint8Array {
    const weight = kind === KIND.misfit ? BLOCK_WEIGHT + 1 : kind === KIND.pay ? argument! : 0;
    const needs = { dispatchClass: 'normal', weight: BigInt(weight), length: 5 } as const;
    return new Writer().option(needs, writeExtrinsicNeeds).finish();
  }

  #room(overlay: Overlay): Uint8Array {
    const used = number(overlay.get(key('weight')));
    const normal = {
      weight: BigInt(BLOCK_WEIGHT - used),
      length: 1_000,
      guaranteedWeight: BigInt(Math.max(GUARANTEED_WEIGHT - used, 0)),
      guaranteedLength: 1_000,
    };
    const operational = { weight: 0n, length: 0, guaranteedWeight: 0n, guaranteedLength: 0 };
    return encode(writeBlockRoom, { normal, operational });
  }

  #preset(reader: Reader): Uint8Array {
    const name = reader.option((r) => r.str());
    const found =
      name === undefined
        ? '{"greeting":"hello","extra":{"a":1}}'
        : name === 'development'
          ? '{"greeting":"dev"}'
          : undefined;
    return new Writer().option(found, (w, text) => w.str(text)).finish();
  }

  #buildState(json: string, overlay: Overlay): Uint8Array {
    const config = JSON.parse(json) as { greeting?: unknown };
    if (typeof config.greeting !== 'string') return new Writer().u8(1).str('`greeting` must be a string').finish();
    overlay.set(key('config'), utf8(json));
    overlay.child(utf8('kid')).set(key('k'), key('v'));
    return Uint8Array.of(0);
  }

  #initialize(header: Header, overlay: Overlay, trap: (reason: string) => never): Uint8Array {
    if (overlay.get(key('stuck')) !== undefined) trap('the start of the block failed');
    overlay.set(key('header'), encodeHeader(header));
    overlay.set(key('weight'), u32(0));
    overlay.set(key('extrinsics'), Uint8Array.of(0));
    return new Uint8Array();
  }

  #inherents(reader: Reader): Uint8Array {
    const items = reader.vec((r) => [new TextDecoder().decode(r.raw(8)), r.bytes()] as const);
    const made = [];
    if (items.some(([name]) => name === INHERENTS.Timestamp.set)) made.push(extrinsic(KIND.timestamp));
    const note = items.find(([name]) => name === 'notenote');
    if (note !== undefined) made.push(extrinsic(KIND.note, 0, 0, note[1][0]));
    return new Writer().vec(made, (w, item) => w.raw(item)).finish();
  }

  #apply(bytes: Uint8Array, overlay: Overlay, trap: (reason: string) => never): Uint8Array {
    const [, kind, signer, nonce, argument] = bytes as unknown as [number, number, number, number, number];
    overlay.set(key('trace'), bytes);
    if (kind !== KIND.timestamp && kind !== KIND.note) this.onApply();
    if (kind === KIND.note && argument === 0xff) return refused(8);
    if (kind !== KIND.timestamp && kind !== KIND.note) {
      const nonceKey = concat(key('nonce'), Uint8Array.of(signer));
      const expected = number(overlay.get(nonceKey));
      if (nonce !== expected) return refused(nonce < expected ? STALE : FUTURE);
      if (kind === KIND.nobody) return refused(PAYMENT);
      if (kind === KIND.misfit) return refused(EXHAUSTS);
      const weight = number(overlay.get(key('weight'))) + (kind === KIND.pay ? argument : 0);
      if (weight > BLOCK_WEIGHT) return refused(EXHAUSTS);
      if (kind === KIND.trap) trap('unreachable');
      overlay.set(key('weight'), u32(weight));
      overlay.set(nonceKey, u32(expected + 1));
      if (kind === KIND.poison) overlay.set(key('poison'), bytes);
      if (kind === KIND.stuck) overlay.set(key('stuck'), bytes);
      if (kind === KIND.rewind) overlay.set(concat(key('nonce'), Uint8Array.of(argument)), u32(0));
      if (kind === KIND.setCode) overlay.set(key(':code'), Uint8Array.of(argument));
    } else {
      overlay.set(key('note'), Uint8Array.of(argument));
    }
    overlay.append(key('extrinsics'), bytes);
    return kind === KIND.fail ? Uint8Array.of(0, 1, 0) : OK;
  }

  #finalize(overlay: Overlay, trap: (reason: string) => never): Header {
    if (this.endTraps || overlay.get(key('poison')) !== undefined || overlay.get(key('note'))?.[0] === 0xfe)
      trap('the end of the block failed');
    const opened = decodeHeader(overlay.get(key('header'))!);
    const extrinsics = new Reader(overlay.get(key('extrinsics'))!).vec((r) => concat(Uint8Array.of(4 << 2), r.bytes()));
    for (const transient of ['header', 'weight', 'extrinsics', 'trace']) overlay.set(key(transient), undefined);
    overlay.set(key('height'), u32(opened.number));
    return { ...opened, extrinsicsRoot: orderedTrieRoot(extrinsics, 1), stateRoot: overlay.root(1) };
  }

  #execute(args: Uint8Array, overlay: Overlay, trap: (reason: string) => never): Uint8Array {
    const { header, extrinsics } = decodeBlock(args);
    this.#initialize(header, overlay, trap);
    for (const bytes of extrinsics) {
      const applied = this.#apply(bytes, overlay, trap);
      if (applied[0] !== 0) trap(`extrinsic ${toHex(bytes)} may not be in the block`);
    }
    const actual = this.#finalize(overlay, trap);
    if (!equal(encodeHeader(actual), encodeHeader(header))) trap('the header is not that of the executed block');
    return new Uint8Array();
  }

  #validate(bytes: Uint8Array, overlay: Overlay, trap: (reason: string) => never): Uint8Array {
    if (bytes.length !== 5) trap('an extrinsic of the wrong size');
    const [, kind, signer, nonce, argument] = bytes as unknown as [number, number, number, number, number];
    if (kind === KIND.timestamp || kind === KIND.note) return refused(9);
    const expected = number(overlay.get(concat(key('nonce'), Uint8Array.of(signer))));
    if (nonce < expected) return refused(STALE);
    const tag = (of: number): Uint8Array => Uint8Array.of(signer, of);
    const requires = nonce > expected ? [tag(nonce - 1)] : [];
    return new Writer()
      .u8(0)
      .u64(BigInt(argument))
      .vec(requires, (w, item) => w.bytes(item))
      .vec([tag(nonce)], (w, item) => w.bytes(item))
      .u64((1n << 64n) - 1n)
      .bool(true)
      .finish();
  }
}

/** A chain spec for the fake runtime; `code` distinguishes runtimes. */
export function fakeSpec(overrides: Record<string, unknown> = {}): ChainSpec {
  return checkChainSpec({
    name: 'Fake',
    id: 'fake',
    chainType: 'Development',
    properties: { ss58Format: 42 },
    genesis: { runtimeGenesis: { code: '0x01', preset: 'development' } },
    ...overrides,
  } as never);
}
