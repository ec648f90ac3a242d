/**
 * A runtime's code as the state holds it: Wasm as it is, or compressed with Zstandard behind an 8-byte mark.
 *
 * Decompressed by a library in JavaScript, since Node brings its own from version 22.15 only; it happens once a runtime.
 */
import { Decompress } from 'fzstd';
import { concat, startsWith } from '../bytes/index.js';
import { InvalidRuntime } from './errors.js';

/** What stands before compressed code (Polkadot specification § Runtime code). */
const ZSTD_MARK = Uint8Array.from([0x52, 0xbc, 0x53, 0x76, 0x46, 0xdb, 0x8e, 0x05]);

/** Compressed code may say it is larger than any real runtime: this is the most it may become, as in Substrate. */
const CODE_BYTES_MAX = 50 * 1024 * 1024;

/** Whether `code` is compressed. */
export function isCompressed(code: Uint8Array): boolean {
  return startsWith(code, ZSTD_MARK);
}

/** The Wasm module that `code` is or holds. Throws InvalidRuntime. */
export function plainCode(code: Uint8Array): Uint8Array {
  if (!isCompressed(code)) return code;
  // In pieces and counted, so that a small bomb is let go of before it fills the memory.
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const decompressor = new Decompress((piece) => {
    bytes += piece.length;
    if (bytes > CODE_BYTES_MAX) throw new RangeError(`it holds more than ${CODE_BYTES_MAX} bytes`);
    pieces.push(piece);
  });
  try {
    decompressor.push(code.subarray(ZSTD_MARK.length), true);
  } catch (error) {
    throw new InvalidRuntime(
      `the runtime code is marked as compressed but does not decompress: ${(error as Error).message}`,
    );
  }
  return concat(...pieces);
}
