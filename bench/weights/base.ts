// Measures the weights that belong to no call: an empty block, an extrinsic, an item of storage read and written, and
// what each byte costs outside of a call. As frame-benchmarking's `overhead` and `storage`.
import {
  cryptoWaitReady,
  secp256k1PairFromSeed,
  secp256k1Sign,
  sr25519PairFromSeed,
  sr25519Sign,
} from '@polkadot/util-crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex, Writer, blake2_256 } from '../../host/bytes/index.js';
import { LmdbDatabase } from '../../host/db/index.js';
import { verifySignature } from '../../host/executor/index.js';
import { Overlay, StateStore } from '../../host/state/index.js';
import { alicePair } from '../../tests/harness/accounts.js';
import { TestChain } from '../../tests/harness/chain.js';
import { signExtrinsic } from '../../tests/harness/extrinsic.js';
import { mixedOrder } from '../../tests/harness/mixed-order.js';
import { timed } from '../timing.js';
import { typical } from './samples.js';

/** Picoseconds. */
export interface BaseWeights {
  readonly block: number;
  readonly extrinsic: number;
  /** A signature of this scheme, beyond one of sr25519. */
  readonly ed25519: number;
  readonly ecdsa: number;
  /** For each byte of an extrinsic: copies, the hash that is signed, the extrinsics root. */
  readonly extrinsicByte: number;
  readonly read: number;
  readonly write: number;
  /** For each byte of a written value: hashing and storing it. */
  readonly writtenByte: number;
}

const EXTRINSICS = 16;
const MIB = 1 << 20;
const ITEMS = 50_000;
const SAMPLE_ITEMS = 500;
const VALUE_BYTES = 64;

export async function measureBase(repeats: number): Promise<BaseWeights> {
  await cryptoWaitReady();
  return { ...(await blocks(repeats)), ...storage(repeats), ...beyondSr25519(repeats) };
}

/** What verifying signatures of other schemes takes, at worst, beyond one of sr25519, with which the blocks are measured. */
function beyondSr25519(repeats: number): Pick<BaseWeights, 'ed25519' | 'ecdsa'> {
  const seed = new Uint8Array(32).fill(7);
  const message = new Uint8Array(100).fill(7);
  const [ec, sr] = [secp256k1PairFromSeed(seed), sr25519PairFromSeed(seed)];
  const ed = mixedOrder(5n, 7n, 1, 1, message);
  if (!verifySignature('ed25519', ed.key, message, ed.signature))
    throw new Error('the signature of mixed order is refused');
  const signed = {
    ed25519: [ed.key, ed.signature],
    ecdsa: [ec.publicKey, secp256k1Sign(message, ec, 'blake2')],
    sr25519: [sr.publicKey, sr25519Sign(message, sr)],
  } as const;
  const ps = (scheme: keyof typeof signed): number => {
    const [key, signature] = signed[scheme];
    const sample = (): number =>
      timed(() => {
        for (let times = 0; times < EXTRINSICS; times++) verifySignature(scheme, key, message, signature);
      });
    sample();
    return (typical(Array.from({ length: repeats }, sample)) / EXTRINSICS) * 1e9;
  };
  const sr25519 = ps('sr25519');
  return { ed25519: Math.max(ps('ed25519') - sr25519, 0), ecdsa: Math.max(ps('ecdsa') - sr25519, 0) };
}

/** Executes blocks as an importer does, without a cache of signatures. */
async function blocks(repeats: number): Promise<Pick<BaseWeights, 'block' | 'extrinsic' | 'extrinsicByte'>> {
  const chain = await TestChain.start();
  const ps = (count: number, bytes: number): number => {
    for (let nonce = 0; nonce < count; nonce++) {
      const call = chain.names.call('System.remark', toHex(new Uint8Array(bytes).fill(7)));
      const { invalid } = chain.submit(signExtrinsic(chain, alicePair, call));
      if (invalid !== undefined) throw new Error(`the remark is refused: ${invalid}`);
    }
    const parent = chain.onParent().parent;
    const { block } = chain.close();
    const samples = Array.from({ length: repeats }, () => {
      const overlay = new Overlay(parent);
      return timed(() => chain.call('Core_execute_block', block, overlay));
    });
    chain.open();
    return typical(samples) * 1e9;
  };
  ps(0, 0);
  ps(EXTRINSICS, 0);
  const empty = ps(0, 0);
  const one = ps(1, 0);
  return {
    block: empty,
    extrinsic: (ps(EXTRINSICS, 0) - empty) / EXTRINSICS,
    extrinsicByte: Math.max(ps(1, MIB) - one, 0) / MIB,
  };
}

/** Reads and writes items of a state of `ITEMS` items on disk, none of them in the cache. */
function storage(repeats: number): Pick<BaseWeights, 'read' | 'write' | 'writtenByte'> {
  const folder = mkdtempSync(join(tmpdir(), 'corejam-weights-'));
  const db = new LmdbDatabase(folder);
  try {
    const key = (index: number): Uint8Array => blake2_256(new Writer().u32(index).finish());
    const first = new StateStore(db);
    const overlay = new Overlay(first.empty);
    for (let index = 0; index < ITEMS; index++) overlay.set(key(index), new Uint8Array(VALUE_BYTES).fill(index));
    const { root } = first.commit(overlay, 1);
    let next = 0;
    const sample = (length: number): { read: number; write: number } => {
      const store = new StateStore(db);
      const state = new Overlay(store.at(root));
      const keys = Array.from({ length: SAMPLE_ITEMS }, () => key((next += 7_919) % ITEMS));
      const read = timed(() => keys.forEach((each) => state.get(each)));
      const write = timed(() => {
        for (const each of keys) state.set(each, new Uint8Array(length).fill(next & 0xff));
        store.commit(state, 1);
      });
      return { read: read / SAMPLE_ITEMS, write: write / SAMPLE_ITEMS };
    };
    const small = Array.from({ length: repeats }, () => sample(VALUE_BYTES));
    const large = Array.from({ length: repeats }, () => sample(VALUE_BYTES + 4_096));
    const write = typical(small.map((each) => each.write)) * 1e9;
    return {
      read: typical(small.map((each) => each.read)) * 1e9,
      write,
      writtenByte: Math.max(typical(large.map((each) => each.write)) * 1e9 - write, 0) / 4_096,
    };
  } finally {
    void db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
