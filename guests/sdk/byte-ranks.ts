// Byte strings in memory, ranked by content.
//
// To find equal strings among those that strangers choose, sorting is safer than a hash table: whoever knows the hash
// function can choose strings that share a slot, and each of them then costs a comparison with all others.

/** Ranks of byte strings: equal content has an equal rank. Positions are kept, not copies: the bytes must stay there. */
export class ByteRanks {
  /** Address and length of each string; sorted by content once `sort` was called. */
  private readonly strings: StaticArray<u64>;
  private count: i32 = 0;

  /** For at most `capacity` strings, eight bytes each. */
  constructor(capacity: i32) {
    this.strings = new StaticArray<u64>(capacity);
  }

  /** Adds the string of `length` bytes at `address`. */
  add(address: usize, length: u32): void {
    this.strings[this.count++] = ((<u64>length) << 32) | (<u64>address);
  }

  /** To be called once, after all strings were added. */
  sort(): void {
    this.strings.sort((a: u64, b: u64): i32 => compareStrings(a, b));
  }

  /** The rank of a string that was added: the number of strings below it. */
  rankOf(address: usize, length: u32): i32 {
    const sought = ((<u64>length) << 32) | (<u64>address);
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareStrings(this.strings[middle], sought) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** By length, then by content: which order does not matter, and lengths are compared without reading the strings. */
function compareStrings(a: u64, b: u64): i32 {
  const length = <u32>(a >> 32);
  const other = <u32>(b >> 32);
  if (length != other) return length < other ? -1 : 1;
  return memory.compare(<usize>(<u32>a), <usize>(<u32>b), <usize>length);
}
