/**
 * A runtime's code as the state holds it: Wasm as it is, or compressed with Zstandard behind an 8-byte mark.
 *
 * Zstandard comes with Node from version 22.15 (`zlib.zstdDecompressSync`). Older versions have no decompressor, and
 * none of the project's dependencies has one; compressed code is refused there with a sentence.
 */
import * as zlib from 'node:zlib';
import { startsWith } from '../bytes/index.js';
import { InvalidRuntime } from './errors.js';

/** What stands before compressed code (Polkadot specification § Runtime code). */
const ZSTD_MARK = Uint8Array.from([0x52, 0xbc, 0x53, 0x76, 0x46, 0xdb, 0x8e, 0x05]);

/** Compressed code may say it is larger than any real runtime: this is the most it may become, as in Substrate. */
const CODE_BYTES_MAX = 50 * 1024 * 1024;

interface MaybeZstd {
  zstdDecompressSync?(data: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
}

/** Whether this version of Node can decompress runtime code. */
export const canDecompress = (zlib as MaybeZstd).zstdDecompressSync !== undefined;

/** Whether `code` is compressed. */
export function isCompressed(code: Uint8Array): boolean {
  return startsWith(code, ZSTD_MARK);
}

/** The Wasm module that `code` is or holds. Throws InvalidRuntime. */
export function plainCode(code: Uint8Array): Uint8Array {
  if (!isCompressed(code)) return code;
  const { zstdDecompressSync } = zlib as MaybeZstd;
  if (zstdDecompressSync === undefined) {
    throw new InvalidRuntime(
      `the runtime code is compressed with Zstandard, which Node ${process.versions.node} can't decompress: `
      + 'use Node 22.15 or newer, or give the code uncompressed',
    );
  }
  try {
    return zstdDecompressSync(code.subarray(ZSTD_MARK.length), { maxOutputLength: CODE_BYTES_MAX });
  } catch (error) {
    throw new InvalidRuntime(`the runtime code is marked as compressed but does not decompress: ${(error as Error).message}`);
  }
}
