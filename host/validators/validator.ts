// One validator of the dev chain: its key, its shards and its signatures.
//
// Spec: RFC-0031 § Refine (attestations), § Availability; D14, D20. A shard is kept only if it is valid under the root
// in the Registered report, and a bit is signed only for a shard that is kept.
import { equal } from '../bytes/index.js';
import type { SignedBitfield, WorkReport } from '../contract/index.js';
import type { Batch, Column } from '../db/index.js';
import { verify } from '../erasure/index.js';
import { attestationMessage, bitfieldMessage, type Signer } from '../incore/index.js';
import { ShardStore } from './shard-store.js';
import type { ShardParcel } from './shard-store.js';

export class Validator {
  readonly #store: ShardStore;

  readonly #signer: Signer;

  constructor(
    readonly index: number,
    signer: Signer,
    shards: Column,
  ) {
    this.#signer = signer;
    this.#store = new ShardStore(shards, index);
  }

  get publicKey(): Uint8Array {
    return this.#signer.publicKey;
  }

  /** Signs a report of its group. 64 bytes. */
  attest(report: WorkReport): Uint8Array {
    return this.#signer.sign(attestationMessage(report));
  }

  /**
   * Keeps its shard of a Registered package, if it is shard `index` of `count` under the reported root. Returns whether
   * it was kept.
   */
  receive(batch: Batch, report: WorkReport, registeredAt: number, count: number, parcel: ShardParcel): boolean {
    const { hash, root } = report.packageSpec;
    if (!verify(parcel.shard, this.index, count, parcel.path, root)) return false;
    this.#store.put(batch, hash, root, registeredAt, parcel);
    return true;
  }

  /** Whether it keeps its shard of the report's package, under the report's root. */
  holds(report: WorkReport): boolean {
    const root = this.#store.root(report.packageSpec.hash);
    return root !== undefined && equal(root, report.packageSpec.root);
  }

  /** Its shard of a package. */
  shardOf(packageHash: Uint8Array): ShardParcel | undefined {
    return this.#store.get(packageHash);
  }

  /** Signs bits for a block on `parentHash`, one for each core. */
  signBits(parentHash: Uint8Array, bits: boolean[]): SignedBitfield {
    return { validator: this.index, bits, signature: this.#signer.sign(bitfieldMessage(parentHash, bits)) };
  }

  /** Removes the shards of packages Registered before block `height`. */
  forgetBefore(batch: Batch, height: number): void {
    this.#store.removeBefore(batch, height);
  }
}
