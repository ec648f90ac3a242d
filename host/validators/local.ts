// The validators whose keys this process holds: they attest the reports of their groups and keep their shards.
//
// Spec: D8, D14, D20. Validators with other keys neither sign nor keep anything here.
import { type Result, toHex } from '../bytes/index.js';
import type { Attestation, WorkPackageSpec } from '../contract/index.js';
import type { Batch, Database } from '../db/index.js';
import type { Encoded } from '../erasure/index.js';
import { attestationMessage, type Refined, type Signer } from '../incore/index.js';
import type { PendingReport } from './on-chain.js';
import { type Recovered, recoverPackage } from './recovery.js';
import { SHARDS_COLUMN, type ShardParcel } from './shard-store.js';
import { Validator } from './validator.js';

/** How shards reach validators, and what the process provides. */
interface Transport {
  /** Transports a shard to its validator. For tests: may change or lose it. */
  deliver?(validator: number, parcel: ShardParcel): ShardParcel | undefined;
  warn(message: string): void;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

export class LocalValidators {
  readonly all: readonly Validator[];
  readonly #byIndex: ReadonlyMap<number, Validator>;
  readonly #transport: Transport;

  /** `keys`: of all validators of the chain, by index. */
  constructor(
    keys: readonly Uint8Array[],
    signers: readonly Signer[],
    database: Pick<Database, 'column'>,
    transport: Transport,
  ) {
    const signerOf = new Map(signers.map((signer) => [toHex(signer.publicKey), signer]));
    const shards = database.column(SHARDS_COLUMN);
    this.all = keys.flatMap((key, index) => {
      const signer = signerOf.get(toHex(key));
      return signer === undefined ? [] : [new Validator(index, signer, shards)];
    });
    this.#byIndex = new Map(this.all.map((validator) => [validator.index, validator]));
    this.#transport = transport;
  }

  /** The report with the signatures of those members of its group that are here. One wrong signature would spoil it. */
  attest({ report, group }: Refined): Attestation {
    const message = attestationMessage(report);
    const signatures = group.map((index) => {
      const member = this.#byIndex.get(index);
      const signature = member?.attest(report);
      if (member === undefined || signature === undefined) return undefined;
      if (this.#transport.verify(member.publicKey, message, signature)) return signature;
      this.#transport.warn(`validator ${index} signed a report with another key: left out`);
      return undefined;
    });
    return {
      report,
      validators: signatures.map((signature) => signature !== undefined),
      attestations: signatures.flatMap((signature) => signature ?? []),
    };
  }

  /** Sends each its shard of Registered packages, one of `count` each. Returns whether any shard was kept, by `batch`. */
  handOut(batch: Batch, packages: readonly { pending: PendingReport; shards: Encoded }[], count: number): boolean {
    const transport = this.#transport;
    const before = batch.writes.length;
    for (const { pending, shards: encoded } of packages) {
      const { shards, paths } = encoded;
      for (const validator of this.all) {
        const { index } = validator;
        // One for each validator of the context block; `receive` refuses one that is not under the reported root.
        const parcel = { shard: shards[index]!, path: paths[index]! };
        const delivered = transport.deliver === undefined ? parcel : transport.deliver(index, parcel);
        if (delivered === undefined) continue;
        if (!validator.receive(batch, pending.report, pending.registeredAt, count, delivered)) {
          transport.warn(
            `validator ${index} refused its shard of ${toHex(pending.report.packageSpec.hash)}: it is not under the reported root`,
          );
        }
      }
    }
    return batch.writes.length > before;
  }

  /** Recovers a package from the shards of the validators in `from` (default: all), of `count` on the chain. */
  recover(spec: WorkPackageSpec, count: number, from?: readonly number[]): Result<Recovered, string> {
    return recoverPackage(spec, count, (index) =>
      from === undefined || from.includes(index) ? this.#byIndex.get(index)?.shardOf(spec.hash) : undefined,
    );
  }

  /** Removes the shards of packages Registered before block `height`. */
  forgetBefore(batch: Batch, height: number): void {
    for (const validator of this.all) validator.forgetBefore(batch, height);
  }
}
