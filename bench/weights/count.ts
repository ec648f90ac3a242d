// Counts the unique storage items that a call reads and writes, as frame-benchmarking does: an item that was written
// before is not read again, and items that every block or extrinsic touches anyway are not counted.
import { fromHex, startsWith, toHex } from '../../host/bytes/index.js';
import type { Overlay } from '../../host/state/index.js';
import type { Origin, TestChain } from '../../tests/harness/chain.js';

export interface Counts {
  readonly reads: number;
  readonly writes: number;
  /** Length of the values written. */
  readonly bytes: number;
}

/** Items of System that the executive reads or writes in every block, and so in `BASE_BLOCK_PS`. */
const EVERY_BLOCK = [
  'Number',
  'ParentHash',
  'Digest',
  'Events',
  'EventCount',
  'ExecutionPhase',
  'BlockWeight',
  'ExtrinsicsLen',
  'InherentsApplied',
  'InherentPlace',
].map((item) => `System.${item}`);

/** Runs `work` on an overlay that records the keys it reads and writes. `free`: keys that are not counted. */
export function counted(overlay: Overlay, free: ReadonlySet<string>, work: (overlay: Overlay) => void): Counts {
  const reads = new Set<string>();
  const writes = new Set<string>();
  let bytes = 0;
  const read = (key: string): void => void (free.has(key) || writes.has(key) || reads.add(key));
  const write = (key: string, value: unknown): void => {
    if (free.has(key)) return;
    writes.add(key);
    if (value instanceof Uint8Array) bytes += value.length;
  };
  work(watched(overlay, '', read, write));
  return { reads: reads.size, writes: writes.size, bytes };
}

/** The keys that are not counted for an extrinsic of this origin: the executive has read and written the sender. */
export function freeKeys(chain: TestChain, origin: Origin): ReadonlySet<string> {
  const keys = EVERY_BLOCK.map((name) => chain.names.key(name));
  if (origin.kind === 'signed') keys.push(chain.names.key('System.Account', origin.account));
  return new Set(keys.map(toHex));
}

type Note = (key: string, value?: unknown) => void;

/** The methods of an overlay that read the item of their key. */
const READING = ['get', 'has', 'length', 'nextKey'];

/** A proxy of an overlay or of a child trie of one, whose keys are prefixed by the trie's name. */
function watched<T extends object>(target: T, prefix: string, read: Note, write: Note): T {
  const note = (method: string, key: Uint8Array, value: unknown): void => {
    if (READING.includes(method)) read(prefix + toHex(key));
    else if (method === 'set' || method === 'append') write(prefix + toHex(key), value);
  };
  return new Proxy(target, {
    get(_, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const method = String(property);
        const [first, second] = args;
        if (method === 'clearPrefix') {
          for (const key of removable(
            target as unknown as Overlay,
            first as Uint8Array,
            second as number | undefined,
          )) {
            read(prefix + key);
            write(prefix + key);
          }
        } else if (first instanceof Uint8Array) note(method, first, second);
        const result: unknown = member.apply(target, args);
        return method === 'child' || method === 'readChild'
          ? watched(result as object, `${toHex(first as Uint8Array)}/`, read, write)
          : result;
      };
    },
  });
}

/** The first `limit` keys that begin with `prefix`, in hexadecimal digits. */
function removable(overlay: Overlay, prefix: Uint8Array, limit = Infinity): string[] {
  const keys: string[] = [];
  let key: Uint8Array | undefined = overlay.has(prefix) ? prefix : overlay.nextKey(prefix);
  while (key !== undefined && startsWith(key, prefix) && keys.length < limit) {
    keys.push(toHex(key));
    key = overlay.nextKey(fromHex(keys.at(-1)!)); // a copy: the key may be a view
  }
  return keys;
}
