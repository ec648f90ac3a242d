// One validator of the dev chain: its key, its shards, and what it is ready to sign.
//
// Spec: RFC-0031 § Refine (attestations), § Availability; D14, D20. It trusts nobody: a shard is checked against the
// root of the report on chain before it is kept, and a bit is signed only for a shard that is kept.
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

  /** This validator's word for a report that its group has made. 64 bytes. */
  attest(report: WorkReport): Uint8Array {
    return this.#signer.sign(attestationMessage(report));
  }

  /**
   * Takes its shard of a Registered package, if it is the one: number `index` of `count` under the reported root.
   * Answers whether it was kept.
   */
  receive(batch: Batch, report: WorkReport, registeredAt: number, count: number, parcel: ShardParcel): boolean {
    const { hash, root } = report.packageSpec;
    if (!verify(parcel.shard, this.index, count, parcel.path, root)) return false;
    this.#store.put(batch, hash, root, registeredAt, parcel);
    return true;
  }

  /** Whether it keeps its shard of this very report's package. */
  holds(report: WorkReport): boolean {
    const root = this.#store.root(report.packageSpec.hash);
    return root !== undefined && equal(root, report.packageSpec.root);
  }

  /** Its shard of a package, for whoever recovers it. */
  shardOf(packageHash: Uint8Array): ShardParcel | undefined {
    return this.#store.get(packageHash);
  }

  /** Its bits for a block on `parentHash`: one a core. */
  signBits(parentHash: Uint8Array, bits: boolean[]): SignedBitfield {
    return { validator: this.index, bits, signature: this.#signer.sign(bitfieldMessage(parentHash, bits)) };
  }

  /** Forgets the shards of packages Registered before block `height`. */
  forgetBefore(batch: Batch, height: number): void {
    this.#store.removeBefore(batch, height);
  }
}
