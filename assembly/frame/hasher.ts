// Storage hashers: how a map's key becomes part of a storage key. Numbered as in the compiler and the metadata.
//
//   Blake2_128, Blake2_256, Twox128, Twox256   only the hash: the key can't be read back
//   Blake2_128Concat, Twox64Concat             the hash, then the key; only Blake2 is safe for keys that users choose
//   Identity                                   the key itself: for keys that are hashes
import {
  ext_allocator_free_version_1,
  ext_hashing_blake2_128_version_1,
  ext_hashing_blake2_256_version_1,
  ext_hashing_twox_128_version_1,
  ext_hashing_twox_256_version_1,
  ext_hashing_twox_64_version_1,
} from '../io/env';
import { Writer } from '../scale';

/** Number of bytes before the key itself; −1 if the key can't be read back. */
export function bytesBeforeKey(hasher: u32): i32 {
  switch (hasher) {
    case 2:
      return 16;
    case 5:
      return 8;
    case 6:
      return 0;
    default:
      return -1;
  }
}

/** Replaces the encoded key, from `start` to the writer's end, by its hashed form. */
export function hashTail(writer: Writer, start: i32, hasher: u32): void {
  if (hasher == 6) return;
  const length = writer.length - start;
  const key = ((<u64>(<u32>length)) << 32) | (<u64>writer.addressOf(start));
  let digest: u32;
  let size: i32;
  switch (hasher) {
    case 0:
    case 2: {
      digest = ext_hashing_blake2_128_version_1(key);
      size = 16;
      break;
    }
    case 1: {
      digest = ext_hashing_blake2_256_version_1(key);
      size = 32;
      break;
    }
    case 3: {
      digest = ext_hashing_twox_128_version_1(key);
      size = 16;
      break;
    }
    case 4: {
      digest = ext_hashing_twox_256_version_1(key);
      size = 32;
      break;
    }
    case 5: {
      digest = ext_hashing_twox_64_version_1(key);
      size = 8;
      break;
    }
    default:
      throw new Error('hasher: no such hasher');
  }
  if (hasher == 2 || hasher == 5) {
    writer.reserve(<u32>size);
    const at = writer.addressOf(start);
    memory.copy(at + <usize>size, at, <usize>length);
  } else {
    writer.cut(start);
    writer.reserve(<u32>size);
  }
  memory.copy(writer.addressOf(start), <usize>digest, <usize>size);
  ext_allocator_free_version_1(digest);
}
