// The start and the end of blocks of a chain with 512 cores, on the release blob: what hooks cost as cores grow.
//
// Classes have no code, so that no guest runs. Signatures were verified before, as in an author's cache, so what is
// left is the runtime's own work, and the state root.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blake2_256, concat, ok, Reader, toHex, twox128, twox64, utf8, Writer } from '../host/bytes/index.js';
import { FIRST_AUTH_ID, type WorkReport } from '../host/contract/index.js';
import { MemoryDatabase } from '../host/db/index.js';
import { Runtime, SignatureCache } from '../host/executor/index.js';
import { attestationMessage, bitfieldMessage, encodeAttestations, encodeBitfields } from '../host/incore/index.js';
import { devKey, signDeterministically } from '../host/node/index.js';
import { Overlay, StateStore, type StateView } from '../host/state/index.js';
import { ROOT } from './root.js';
import { timed } from './timing.js';

const CORES = 512;
const CLASS = 1;
/** One picosecond a result: what a class has is its share of surplus. */
const REQUIREMENTS = { prune: 0n, accumulate: 1_000_000n };
/** Reports and bitfields for which a block has room: of the longest reports, about 90. */
const REPORTS_A_BLOCK = 64;
const FILLING_BLOCKS = CORES / REPORTS_A_BLOCK;
const BITFIELDS_A_BLOCK = 171;
const SLOT_MS = 6_000;
const TIME_OUT = 10;

/** Milliseconds of processor time of one block. */
export interface Block {
  /** `Core_initialize_block`. */
  start: number;
  /** The inherents, without verification of signatures. */
  inherents: number;
  /** `BlockBuilder_finalize_block`, without the state root of what the inherents changed. */
  end: number;
}

/** 512 cores: without reports; each with one that waits; all available in one block; 64 timed out in each of eight blocks. */
export interface EndOfBlock {
  idle: Block[];
  pending: Block;
  available: Block;
  timedOut: Block[];
}

/** A chain in memory. */
class Chain {
  readonly #runtime = Runtime.load(new Uint8Array(readFileSync(join(ROOT, 'build/runtime.wasm'))));
  readonly #store = new StateStore(new MemoryDatabase());
  readonly #signatures = new SignatureCache();
  readonly #validators: ReturnType<typeof devKey>[];
  #state: StateView;
  #number = 0;
  /** Hash of the last block. */
  parentHash: Uint8Array = new Uint8Array(32);

  constructor() {
    this.#validators = Array.from({ length: CORES }, (_, index) => devKey(`validator ${index}`));
    const genesis = {
      validators: { keys: this.#validators.map(({ publicKey }) => toHex(publicKey)), groupRotationFrequency: 0 },
      coretime: { cores: CORES },
      reporting: { minimumAttestations: 1 },
      availability: { timeOut: TIME_OUT },
    };
    const overlay = new Overlay(this.#store.empty);
    const document = new Writer().bytes(utf8(JSON.stringify(genesis))).finish();
    const answer = new Reader(this.#runtime.call('GenesisBuilder_build_state', document, overlay));
    if (answer.u8() !== 0) throw new Error(`genesis: ${answer.str()}`);
    // What root and accounts would set up: a class, an Authorizer, and the assignment of all cores to it.
    const set = (pallet: string, item: string, key: Uint8Array, value: Uint8Array): void =>
      overlay.set(concat(twox128(utf8(pallet)), twox128(utf8(item)), twox64(key), key), value);
    const u32 = (value: number): Uint8Array => new Writer().u32(value).finish();
    set('WorkClasses', 'ClassCodeHash', u32(CLASS), new Uint8Array(32).fill(1));
    const { prune, accumulate } = REQUIREMENTS;
    set('WorkClasses', 'WeightRequirements', u32(CLASS), new Writer().u64(prune).u64(accumulate).finish());
    set('Authorizations', 'Authorizers', u32(FIRST_AUTH_ID), new Writer().raw(new Uint8Array(32)).compact(0).finish());
    for (let core = 0; core < CORES; core++) {
      const assignment = new Writer().compact(1).u32(0).u8(1).u32(FIRST_AUTH_ID).finish();
      set('Coretime', 'Assignments', new Writer().u16(core).finish(), assignment);
    }
    this.#state = this.#store.at(this.#store.commit(overlay, 1).root);
  }

  /** Makes a block with these reports, and these bits of these validators. */
  block(reports: readonly WorkReport[], voters: readonly number[], bits: readonly boolean[]): Block {
    const signed = {
      attestations: reports.map((report) => ({
        report,
        validators: [true],
        attestations: [this.#sign(report.coreIndex, attestationMessage(report))],
      })),
      bitfields: voters.map((validator) => ({
        validator,
        bits: [...bits],
        signature: this.#sign(validator, bitfieldMessage(this.parentHash, [...bits])),
      })),
    };
    const data: [string, Uint8Array][] = [
      ['timstap0', new Writer().u64(BigInt((300_000 + this.#number + 1) * SLOT_MS)).finish()],
      ['cjavail0', encodeBitfields(signed.bitfields)],
      ['cjreport', encodeAttestations(signed.attestations)],
    ];
    this.#make(data); // verifies the signatures
    const { overlay, block, header } = this.#make(data);
    this.#state = this.#store.at(this.#store.commit(overlay, 1).root);
    this.parentHash = blake2_256(header);
    this.#number++;
    return block;
  }

  #sign(validator: number, message: Uint8Array): Uint8Array {
    return signDeterministically(this.#validators[validator]!, message);
  }

  #make(data: readonly [string, Uint8Array][]): { overlay: Overlay; header: Uint8Array; block: Block } {
    const number = this.#number + 1;
    const overlay = new Overlay(this.#state);
    const call = (method: string, args: Uint8Array): Uint8Array =>
      this.#runtime.call(method, args, overlay, { signatures: this.#signatures });
    const slot = new Writer().u64(BigInt(300_000 + number)).finish();
    const blank = new Writer().raw(this.parentHash).compact(number).raw(new Uint8Array(64)).compact(1);
    blank.u8(6).raw(utf8('aura')).bytes(slot);
    const start = timed(() => call('Core_initialize_block', blank.finish()));
    const given = new Writer().vec(data, (writer, [name, bytes]) => writer.raw(utf8(name)).bytes(bytes)).finish();
    const made = new Reader(call('BlockBuilder_inherent_extrinsics', given)).vec((reader) => reader.bytes());
    const inherents = timed(() => {
      for (const inherent of made) {
        const answer = call('BlockBuilder_apply_extrinsic', new Writer().bytes(inherent).finish());
        if (answer[0] !== 0 || answer[1] !== 0) throw new Error(`an inherent was refused: ${toHex(answer)}`);
      }
    });
    overlay.root(1);
    let header: Uint8Array = blank.finish();
    const end = timed(() => (header = call('BlockBuilder_finalize_block', new Uint8Array())));
    return { overlay, header, block: { start, inherents, end } };
  }
}

/** A report with four outputs and an Authorization of 4,096 bytes. */
function reportOf(chain: Chain, core: number): WorkReport {
  return {
    packageSpec: {
      hash: blake2_256(concat(chain.parentHash, Uint8Array.of(core, core >> 8))),
      root: chain.parentHash,
      len: 1_000,
    },
    context: { headerHash: chain.parentHash, prerequisite: undefined },
    coreIndex: core,
    results: [0, 1, 2, 3].map(() => ({
      class: CLASS,
      itemHash: chain.parentHash,
      result: ok(new Uint8Array(4_096)),
      weight: 1_000n,
    })),
    authorization: { kind: 'bulk', evidence: new Uint8Array(4_093) },
    authId: FIRST_AUTH_ID,
  };
}

/** A chain whose cores all have a pending report, in as many blocks as these need. */
function filled(chain: Chain): void {
  for (let first = 0; first < CORES; first += REPORTS_A_BLOCK) {
    chain.block(
      Array.from({ length: REPORTS_A_BLOCK }, (_, at) => reportOf(chain, first + at)),
      [],
      [],
    );
  }
}

export function endOfBlockRun(blocks: number): EndOfBlock {
  const chain = new Chain();
  const none = Array.from({ length: CORES }, () => false);
  const all = none.map(() => true);
  for (let warmUp = 0; warmUp < 5; warmUp++) chain.block([], [], none);
  const idle = Array.from({ length: blocks }, () => chain.block([], [], none));

  filled(chain);
  const threshold = CORES - Math.floor((CORES - 1) / 3);
  const voters = Array.from({ length: threshold }, (_, validator) => validator);
  let available: Block | undefined;
  for (let first = 0; first < threshold; first += BITFIELDS_A_BLOCK)
    available = chain.block([], voters.slice(first, first + BITFIELDS_A_BLOCK), all);

  filled(chain);
  const pending = chain.block([], [CORES - 1], all);
  const later = Array.from({ length: TIME_OUT }, () => chain.block([], [], none));
  // The first reports time out ten blocks after they were Registered, five of which have passed.
  const timedOut = later.slice(TIME_OUT - FILLING_BLOCKS - 1, TIME_OUT - 1);
  return { idle, pending, available: available!, timedOut };
}
