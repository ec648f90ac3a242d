// Headers, digests and blocks as SCALE, and block hashes. Spec: Substrate's, with u32 block numbers and BLAKE2b-256.
//
//   header = parent_hash: H256, number: Compact<u32>, state_root: H256, extrinsics_root: H256, digest: Vec<DigestItem>
//   block  = header, extrinsics: Vec<Vec<u8>>
//
// An extrinsic is opaque here: its bytes include its compact length prefix, as clients send and hash it.
import { blake2_256, concat, Reader, ScaleError, text, utf8, Writer } from '../bytes/index.js';
import type { Block, DigestItem, Header } from './types.js';

const KINDS = { other: 0, consensus: 4, seal: 5, preRuntime: 6, runtimeEnvironmentUpdated: 8 } as const;
const U32_MAX = 0xffff_ffff;

/** Bounds on what the decoder accepts, far above what a runtime writes: items, and their encoded length together. */
const DIGEST_ITEMS_MAX = 256;
const DIGEST_BYTES_MAX = 16 << 10;

/** Aura, as a digest item's engine. */
export const AURA = 'aura';

function writeDigestItem(writer: Writer, item: DigestItem): void {
  writer.u8(KINDS[item.kind]);
  if (item.kind === 'runtimeEnvironmentUpdated') return;
  if (item.kind !== 'other') writer.raw(utf8(item.engine));
  writer.bytes(item.data);
}

function readDigestItem(reader: Reader): DigestItem {
  const at = reader.offset;
  const kind = reader.u8();
  switch (kind) {
    case KINDS.other:
      return { kind: 'other', data: reader.bytes() };
    case KINDS.consensus:
      return { kind: 'consensus', engine: text(reader.raw(4)), data: reader.bytes() };
    case KINDS.seal:
      return { kind: 'seal', engine: text(reader.raw(4)), data: reader.bytes() };
    case KINDS.preRuntime:
      return { kind: 'preRuntime', engine: text(reader.raw(4)), data: reader.bytes() };
    case KINDS.runtimeEnvironmentUpdated:
      return { kind: 'runtimeEnvironmentUpdated' };
    default:
      throw new ScaleError(`a digest item of kind ${kind} is unknown`, at);
  }
}

/** A digest item as SCALE, which JSON-RPC shows in hex. */
export function encodeDigestItem(item: DigestItem): Uint8Array {
  const writer = new Writer();
  writeDigestItem(writer, item);
  return writer.finish();
}

/** A header as SCALE. */
export function encodeHeader(header: Header): Uint8Array {
  return new Writer(256)
    .raw(header.parentHash)
    .compact(header.number)
    .raw(header.stateRoot)
    .raw(header.extrinsicsRoot)
    .vec(header.digest, writeDigestItem)
    .finish();
}

function readDigest(reader: Reader): DigestItem[] {
  const start = reader.offset;
  return reader.vec((r) => {
    const item = readDigestItem(r);
    if (r.offset - start > DIGEST_BYTES_MAX)
      throw new ScaleError(`a digest exceeds the limit of ${DIGEST_BYTES_MAX} bytes`, start);
    return item;
  }, DIGEST_ITEMS_MAX);
}

/** Reads a header. Throws ScaleError. */
function readHeader(reader: Reader): Header {
  const parentHash = reader.raw(32);
  const at = reader.offset;
  const number = reader.compact();
  if (number > U32_MAX) throw new ScaleError(`a block number must fit 32 bits, and ${number} does not`, at);
  return {
    parentHash,
    number,
    stateRoot: reader.raw(32),
    extrinsicsRoot: reader.raw(32),
    digest: readDigest(reader),
  };
}

/** Decodes a header. Throws ScaleError, for trailing bytes too. */
export function decodeHeader(bytes: Uint8Array): Header {
  const reader = new Reader(bytes);
  const header = readHeader(reader);
  reader.end();
  return header;
}

/** The hash of a block: that of its header. */
export function hashHeader(header: Header): Uint8Array {
  return blake2_256(encodeHeader(header));
}

/** Vec of opaque extrinsics: their count, then each with its own length prefix. */
export function encodeExtrinsics(extrinsics: readonly Uint8Array[]): Uint8Array {
  return concat(new Writer(8).compact(extrinsics.length).finish(), ...extrinsics);
}

function readExtrinsic(bytes: Uint8Array): (reader: Reader) => Uint8Array {
  return (reader) => {
    const start = reader.offset;
    reader.raw(reader.compact());
    return bytes.slice(start, reader.offset);
  };
}

/** Decodes what encodeExtrinsics encodes. Throws ScaleError, for trailing bytes too. */
export function decodeExtrinsics(bytes: Uint8Array): Uint8Array[] {
  const reader = new Reader(bytes);
  const extrinsics = reader.vec(readExtrinsic(bytes));
  reader.end();
  return extrinsics;
}

/** A block as SCALE, the argument of Core_execute_block. */
export function encodeBlock(block: Block): Uint8Array {
  return concat(encodeHeader(block.header), encodeExtrinsics(block.extrinsics));
}

/** Decodes a block. Throws ScaleError, for trailing bytes too. */
export function decodeBlock(bytes: Uint8Array): Block {
  const reader = new Reader(bytes);
  const header = readHeader(reader);
  const extrinsics = reader.vec(readExtrinsic(bytes));
  reader.end();
  return { header, extrinsics };
}

/** Whether these bytes are one opaque extrinsic: a canonical compact length and exactly that many bytes. */
export function isWholeExtrinsic(bytes: Uint8Array): boolean {
  try {
    const reader = new Reader(bytes);
    return reader.compact() === reader.remaining && reader.remaining > 0;
  } catch (error) {
    if (error instanceof ScaleError) return false;
    throw error;
  }
}

/** The slot that the header's Aura pre-runtime item claims; undefined if the item is missing or malformed. */
export function slotOf(header: Header): bigint | undefined {
  const item = header.digest.find((candidate) => candidate.kind === 'preRuntime' && candidate.engine === AURA);
  if (item?.kind !== 'preRuntime' || item.data.length !== 8) return undefined;
  return new Reader(item.data).u64();
}
