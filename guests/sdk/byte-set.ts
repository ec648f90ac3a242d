// A set of byte strings in memory.

/** Least number of slots: a power of two. */
const SLOTS_MIN: i32 = 16;

/**
 * A set of byte strings, compared by content. It keeps where they are, not copies, so they must stay there unchanged:
 * a slot of an open hash table takes eight bytes. Memory is freed only at the end of a guest's call, so pass the
 * expected number of members if it is known: the table then does not grow.
 */
export class ByteSet {
  /** Address and length of a member; zero if free. */
  private slots: StaticArray<u64>;
  private count: i32 = 0;

  constructor(expected: i32 = 0) {
    let size = SLOTS_MIN;
    while (size < expected << 1) size <<= 1;
    this.slots = new StaticArray<u64>(size);
  }

  /** Whether a member has the content of these bytes. */
  has(address: usize, length: u32): bool {
    return this.slots[this.slotOf(address, length)] != 0;
  }

  /** Adds these bytes. */
  add(address: usize, length: u32): void {
    const slot = this.slotOf(address, length);
    if (this.slots[slot] != 0) return;
    this.slots[slot] = ((<u64>length) << 32) | (<u64>address);
    if (++this.count << 1 > this.slots.length) this.grow();
  }

  /** The slot that has these bytes, or the free one where they belong. */
  private slotOf(address: usize, length: u32): i32 {
    const mask = this.slots.length - 1;
    let slot = hashOf(address, length) & mask;
    while (this.slots[slot] != 0 && !isAt(this.slots[slot], address, length)) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const members = this.slots;
    this.slots = new StaticArray<u64>(members.length << 1);
    for (let i = 0; i < members.length; i++) {
      if (members[i] != 0) this.slots[this.slotOf(<usize>(<u32>members[i]), <u32>(members[i] >> 32))] = members[i];
    }
  }
}

/** Whether a slot's member has the content of these bytes. */
function isAt(slot: u64, address: usize, length: u32): bool {
  return <u32>(slot >> 32) == length && memory.compare(<usize>(<u32>slot), address, <usize>length) == 0;
}

/** FNV-1a, with its upper bits mixed into the lower. */
function hashOf(address: usize, length: u32): i32 {
  let hash: u32 = 2166136261;
  for (let i: u32 = 0; i < length; i++) hash = (hash ^ (<u32>load<u8>(address + <usize>i))) * 16777619;
  return <i32>(hash ^ (hash >> 15));
}
