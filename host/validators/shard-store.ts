// The storage of one validator: its shard of each package, with the Merkle path. A store can't read other validators'
// shards.
//
// Spec: RFC-0031 § Availability, D20. All validators of a dev chain share one database column; a validator's keys begin
// with its index. The note of a shard is an entry of its own, because notes are read for every block.
//
//     note     validator u16 big-endian ‖ 0 ‖ package hash     erasure root 32 ‖ height of registration u32
//     shard    validator u16 big-endian ‖ 1 ‖ package hash     SCALE(shard: Vec<u8>, path: Vec<[u8; 32]>)
import { concat, Reader, Writer } from '../bytes/index.js';
import type { Batch, Column } from '../db/index.js';

/** The column of all stores. */
export const SHARDS_COLUMN = 'shards';

const NOTE = 0;
const SHARD = 1;

/** A shard as sent to or by its validator. */
export interface ShardParcel {
  shard: Uint8Array;
  /** Merkle path: nodes of 32 bytes, from the leaf upwards. */
  path: Uint8Array[];
}

/** The shards of one validator. Writes go to the caller's batch, so that those of all validators are one commit. */
export class ShardStore {
  readonly #own: Uint8Array;

  readonly #column: Column;

  constructor(column: Column, validator: number) {
    this.#column = column;
    this.#own = Uint8Array.of(validator >> 8, validator & 0xff);
  }

  put(
    batch: Batch,
    packageHash: Uint8Array,
    root: Uint8Array,
    registeredAt: number,
    { shard, path }: ShardParcel,
  ): void {
    batch.put(SHARDS_COLUMN, this.#key(NOTE, packageHash), new Writer().raw(root).u32(registeredAt).finish());
    const value = new Writer(shard.length + 32 * path.length + 16)
      .bytes(shard)
      .vec(path, (into, node) => into.raw(node));
    batch.put(SHARDS_COLUMN, this.#key(SHARD, packageHash), value.finish());
  }

  /** The erasure root of the package whose shard is kept. */
  root(packageHash: Uint8Array): Uint8Array | undefined {
    return this.#column.get(this.#key(NOTE, packageHash))?.slice(0, 32);
  }

  get(packageHash: Uint8Array): ShardParcel | undefined {
    const value = this.#column.get(this.#key(SHARD, packageHash));
    if (value === undefined) return undefined;
    const reader = new Reader(value);
    const parcel = { shard: reader.bytes(), path: reader.vec((from) => from.raw(32)) };
    reader.end();
    return parcel;
  }

  /** Removes the shards of packages Registered before block `height`. */
  removeBefore(batch: Batch, height: number): void {
    for (const [key, note] of this.#column.entries(concat(this.#own, Uint8Array.of(NOTE)))) {
      if (new Reader(note, 32).u32() >= height) continue;
      batch.remove(SHARDS_COLUMN, key).remove(SHARDS_COLUMN, this.#key(SHARD, key.subarray(3)));
    }
  }

  #key(kind: number, packageHash: Uint8Array): Uint8Array {
    return concat(this.#own, Uint8Array.of(kind), packageHash);
  }
}
