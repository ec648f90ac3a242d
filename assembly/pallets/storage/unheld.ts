// The queue of preimages that no deposit keeps: a trusted request was the last to end. Spec: D21.
//
//   positions   first … end − 1, one entry each; they wrap
//   order       that of the ends. An entry that waits again is the last.
import { H256 } from '../../primitives';
import { System } from '../system';
import { Storage } from './state';
import { Unheld } from './status';

/** Records that a trusted request of a stored preimage, the last one, ends in this block. */
export function noteUnheld(hash: H256, len: u32): void {
  const entry = new Unheld();
  entry.hash = hash;
  entry.len = len;
  entry.endedAt = entry.since = System.number.get();
  enqueueUnheld(entry);
}

/** Adds an entry. */
export function enqueueUnheld(entry: Unheld): void {
  const queue = Storage.unheldQueue.get();
  Storage.unheld.set(queue.end++, entry);
  Storage.unheldQueue.set(queue);
}

/** The first entry, or null. */
export function firstUnheld(): Unheld | null {
  const queue = Storage.unheldQueue.get();
  return queue.first == queue.end ? null : Storage.unheld.get(queue.first);
}

/** Removes the first entry. */
export function removeFirstUnheld(): void {
  const queue = Storage.unheldQueue.get();
  Storage.unheld.remove(queue.first++);
  Storage.unheldQueue.set(queue);
}
