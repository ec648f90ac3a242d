// A runtime's code as it is in the state: plain Wasm, or an 8-byte mark followed by Wasm compressed with Zstandard.
//
// It is decompressed, once for each runtime, by a library in JavaScript: Node's own Zstandard needs version 22.15.
import { Decompress } from 'fzstd';
import { concat, startsWith } from '../bytes/index.js';
import { InvalidRuntime } from './errors.js';

/** The prefix of compressed code (Polkadot specification § Runtime code). */
const ZSTD_MARK = Uint8Array.from([0x52, 0xbc, 0x53, 0x76, 0x46, 0xdb, 0x8e, 0x05]);

/** The maximum size of decompressed code, as in Substrate. */
const CODE_BYTES_MAX = 50 * 1024 * 1024;

/** Whether `code` is compressed. */
export function isCompressed(code: Uint8Array): boolean {
  return startsWith(code, ZSTD_MARK);
}

/** The Wasm module in `code`, decompressed if necessary. Throws InvalidRuntime. */
export function plainCode(code: Uint8Array): Uint8Array {
  if (!isCompressed(code)) return code;
  // Piece by piece, so that a decompression bomb is abandoned before it fills the memory.
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
