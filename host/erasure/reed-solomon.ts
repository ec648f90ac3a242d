// Reed-Solomon over GF(2^16) in the Lin-Han-Chung basis: any k of n shards recover the data.
//
// Spec: RFC-0031 § Availability, D20. The arithmetic is that of @typeberry/native (reed-solomon-simd in Wasm); this
// file converts between its layout and D20's. For the Merkle tree over shards see merkle.ts, for the k of n validators
// index.ts.
//
// A shard of D20 is a contiguous part of the data, a sequence of 16-bit symbols, low byte first. The library expects
// blocks of 64 bytes instead, the low bytes of 32 symbols followed by their high bytes:
//
//     shard    l0 h0 l1 h1 … l31 h31   l32 h32 …
//     library  l0 l1 … l31 h0 h1 … h31 | l32 …
//
// and has 16 bits for the length of a shard, so a long shard is coded in windows of at most 1,023 blocks. Each symbol
// position is a code word of its own, so neither the windows nor the padding of the last block affect the result.
import { init, reedSolomon } from '@typeberry/native';
import { err, ok, type Result } from '../bytes/index.js';

await init.reedSolomon();

const BLOCK_BYTES = 64;
const BLOCK_SYMBOLS = 32;
const WINDOW_BLOCKS_MAX = 1_023;
/** The library's indices have 16 bits, as have the points of the field. */
const SHARDS_MAX = 65_535;

/** The length in bytes of each shard of `length` bytes of data: a whole number of symbols, at least one. */
export function shardLength(length: number, k: number): number {
  return 2 * Math.max(1, Math.ceil(length / (2 * k)));
}

/** The n shards of `data`, zero-padded to a multiple of 2k bytes: k parts of the data, then n − k shards of parity. */
export function encodeShards(data: Uint8Array, k: number, n: number): Uint8Array[] {
  ensureCounts(k, n);
  const bytes = shardLength(data.length, k);
  const padded = new Uint8Array(bytes * k);
  padded.set(data);
  const shards = Array.from({ length: n }, (_, i) =>
    i < k ? padded.subarray(i * bytes, (i + 1) * bytes) : new Uint8Array(bytes),
  );
  if (n === k) return shards;
  for (const window of windowsOf(bytes)) {
    const input = new Uint8Array(k * window.libraryBytes);
    for (let i = 0; i < k; i++) toLibrary(shards[i]!, window, input, i);
    const parity = reedSolomon.encode(n - k, new reedSolomon.ShardsCollection(window.libraryBytes, input)).take_data();
    for (let i = k; i < n; i++) fromLibrary(parity, i - k, shards[i]!, window);
  }
  return shards;
}

/**
 * Recovers the first `length` bytes of the data from `shards`, by index. Uses k of them, those of the data first. The
 * caller must have checked that they belong together (merkle.ts). The error says why the data can't be recovered.
 */
export function recoverData(
  shards: ReadonlyMap<number, Uint8Array>,
  k: number,
  n: number,
  length: number,
): Result<Uint8Array, string> {
  ensureCounts(k, n);
  const bytes = shardLength(length, k);
  for (const [index, shard] of shards) {
    if (!Number.isInteger(index) || index < 0 || index >= n) return err(`there is no shard ${index} of ${n}`);
    if (shard.length !== bytes) {
      return err(`shard ${index} has ${shard.length} bytes; each of ${length} bytes of data has ${bytes}`);
    }
  }
  if (shards.size < k) return err(`${shards.size} of ${n} shards are not enough: recovery needs ${k}`);
  const chosen = [...shards.keys()].sort((a, b) => a - b).slice(0, k);
  const padded = new Uint8Array(bytes * k);
  for (const index of chosen) if (index < k) padded.set(shards.get(index)!, index * bytes);
  if (chosen[k - 1]! >= k) {
    for (const window of windowsOf(bytes)) recoverWindow(shards, chosen, window, padded, { k, n, bytes });
  }
  return ok(padded.slice(0, length));
}

/** Restores the parts of the data that are not among the chosen shards, for one window of symbols. */
function recoverWindow(
  shards: ReadonlyMap<number, Uint8Array>,
  chosen: readonly number[],
  window: Window,
  padded: Uint8Array,
  { k, n, bytes }: { k: number; n: number; bytes: number },
): void {
  const input = new Uint8Array(k * window.libraryBytes);
  chosen.forEach((index, slot) => toLibrary(shards.get(index)!, window, input, slot));
  const collection = new reedSolomon.ShardsCollection(window.libraryBytes, input, Uint16Array.from(chosen));
  const decoded = reedSolomon.decode(k, n - k, collection);
  const indices = decoded.take_indices(); // before take_data, which consumes `decoded`
  const restored = decoded.take_data();
  indices?.forEach((index, slot) =>
    fromLibrary(restored, slot, padded.subarray(index * bytes, (index + 1) * bytes), window),
  );
}

function ensureCounts(k: number, n: number): void {
  if (!Number.isInteger(k) || !Number.isInteger(n) || k < 1 || n < k || n > SHARDS_MAX) {
    throw new RangeError(`data can't be coded into ${n} shards of which ${k} recover it`);
  }
}

/** Symbols [first, first + count) of every shard, and their size in the library's layout. */
interface Window {
  first: number;
  count: number;
  libraryBytes: number;
}

function windowsOf(shardBytes: number): Window[] {
  const windows: Window[] = [];
  const symbols = shardBytes / 2;
  for (let first = 0; first < symbols; first += WINDOW_BLOCKS_MAX * BLOCK_SYMBOLS) {
    const count = Math.min(symbols - first, WINDOW_BLOCKS_MAX * BLOCK_SYMBOLS);
    windows.push({ first, count, libraryBytes: Math.ceil(count / BLOCK_SYMBOLS) * BLOCK_BYTES });
  }
  return windows;
}

/** Writes a shard's window into slot `slot` of the library's buffer. */
function toLibrary(shard: Uint8Array, { first, count, libraryBytes }: Window, buffer: Uint8Array, slot: number): void {
  let from = 2 * first;
  for (let done = 0, at = slot * libraryBytes; done < count; done += BLOCK_SYMBOLS, at += BLOCK_BYTES) {
    const end = at + Math.min(BLOCK_SYMBOLS, count - done);
    for (let to = at; to < end; to++) {
      buffer[to] = shard[from++]!;
      buffer[to + BLOCK_SYMBOLS] = shard[from++]!;
    }
  }
}

/** The inverse of `toLibrary`. */
function fromLibrary(
  buffer: Uint8Array,
  slot: number,
  shard: Uint8Array,
  { first, count, libraryBytes }: Window,
): void {
  let to = 2 * first;
  for (let done = 0, at = slot * libraryBytes; done < count; done += BLOCK_SYMBOLS, at += BLOCK_BYTES) {
    const end = at + Math.min(BLOCK_SYMBOLS, count - done);
    for (let from = at; from < end; from++) {
      shard[to++] = buffer[from]!;
      shard[to++] = buffer[from + BLOCK_SYMBOLS]!;
    }
  }
}
