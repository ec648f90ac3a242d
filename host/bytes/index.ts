// Pure helpers on byte strings (hex, comparison, hashing, SCALE), and the two forms of failure. Imports nothing of the
// host.
export { compare, concat, equal, startsWith, text, tryText, utf8 } from './arrays.js';
export {
  blake2_64,
  blake2_128,
  blake2_256,
  blake2_512,
  keccak256,
  keccak512,
  sha2_256,
  twox64,
  twox128,
  twox256,
} from './hash.js';
export { fromHex, isHex, toHex } from './hex.js';
export { decode, encode, readBits, Reader, ScaleError, tryDecode, tryDecodeStart, writeBits, Writer } from './scale.js';
export { printable, printableJson, printableLines } from './printable.js';
export { Failure } from './failure.js';
export { err, ok, type Result } from './result.js';
