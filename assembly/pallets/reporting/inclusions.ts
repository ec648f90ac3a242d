// The packages Registered in Recent blocks: a sorted list of hashes for each block, searched as it is stored.
// Spec: RFC-0031 § Initial Validation; D11, D30.
import { H256 } from '../../primitives';
import { RECENT_BLOCKS } from '../../primitives/corejam';
import { Bytes } from '../../scale';
import { System } from '../system';
import { Reporting } from './state';

const HASH_BYTES: i32 = 32;

/** The hashes of Recent blocks, with those that this block adds. */
export class RecentInclusions {
  /** Encoded, of earlier blocks. */
  private earlier: Array<Bytes> = [];
  /** Of this block, sorted. */
  private added: Array<H256> = [];

  constructor(private readonly now: u32) {
    for (let back: u32 = 1; back < RECENT_BLOCKS && back <= now; back++) {
      const list = Reporting.recentInclusions.raw(now - back);
      if (list != null) this.earlier.push(list);
    }
  }

  /** Whether a package was Registered in a Recent block, this one included (D11). */
  has(hash: H256): bool {
    const at = this.place(hash);
    if (at < this.added.length && this.added[at].equals(hash)) return true;
    for (let i = 0; i < this.earlier.length; i++) if (isIn(this.earlier[i], hash)) return true;
    return false;
  }

  /** Adds a package of this block. */
  add(hash: H256): void {
    const at = this.place(hash);
    this.added.push(hash);
    for (let i = this.added.length - 1; i > at; i--) this.added[i] = this.added[i - 1];
    this.added[at] = hash;
  }

  /** Stores this block's list. */
  write(): void {
    if (this.added.length > 0) Reporting.recentInclusions.set(this.now, this.added);
  }

  /** The first position of this block's list whose hash is not below `hash`. */
  private place(hash: H256): i32 {
    let low = 0;
    let high = this.added.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.added[middle].compare(hash) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Whether a hash is in an encoded, sorted list: a compact length of 1, 2 or 4 bytes, then the hashes. */
function isIn(list: Bytes, hash: H256): bool {
  const start = list.length & (HASH_BYTES - 1);
  const sought = changetype<usize>(hash.bytes);
  let low = 0;
  let high = list.length / HASH_BYTES;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = memory.compare(changetype<usize>(list) + <usize>(start + middle * HASH_BYTES), sought, HASH_BYTES);
    if (order == 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** Forgets the block that is Recent no longer in block `now`. */
export function forgetInclusions(now: u32): void {
  if (now >= RECENT_BLOCKS) Reporting.recentInclusions.remove(now - RECENT_BLOCKS);
}

/** Whether a package was Registered in a block that is Recent for the next one, on the state after a block. */
export function isRecentlyRegistered(hash: H256): bool {
  return new RecentInclusions(System.number.get() + 1).has(hash);
}

/** The packages that were Registered in Recent blocks of this one, without itself. */
export function recentlyRegistered(): Array<H256> {
  const now = System.number.get();
  const hashes = new Array<H256>();
  for (let back: u32 = 1; back < RECENT_BLOCKS && back <= now; back++) {
    const list = Reporting.recentInclusions.get(now - back);
    for (let i = 0; i < list.length; i++) hashes.push(list[i]);
  }
  return hashes;
}
