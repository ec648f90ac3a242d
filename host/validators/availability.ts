// The author's availability inherent: every validator's signed word on the shards that it holds.
//
// Spec: RFC-0031 § Availability; D8 (how many are enough is the runtime's matter), D14, D15. One bit a core with a pending
// report: set by a validator that has checked its shard against that report's root and kept it.
import { utf8 } from '../bytes/index.js';
import { INHERENTS, type SignedBitfield } from '../contract/index.js';
import { bitfieldMessage, type BlockId, encodeBitfields } from '../incore/index.js';
import type { BuildingBlock, InherentItem, InherentProvider } from '../node/index.js';
import type { PendingReport } from './on-chain.js';
import type { Surroundings } from './surroundings.js';
import type { Validator } from './validator.js';

export class AvailabilityInherent implements InherentProvider {
  readonly name = 'corejam availability';

  readonly #validators: () => readonly Validator[];
  readonly #chain: { pending(at: Uint8Array): readonly PendingReport[]; cores(at: Uint8Array): number };
  readonly #surroundings: Surroundings;

  constructor(
    validators: () => readonly Validator[],
    chain: { pending(at: Uint8Array): readonly PendingReport[]; cores(at: Uint8Array): number },
    surroundings: Surroundings,
  ) {
    this.#validators = validators;
    this.#chain = chain;
    this.#surroundings = surroundings;
  }

  provide(parent: BlockId, _building: BuildingBlock): InherentItem | undefined {
    // Without a bit to report it still lets reports time out before those of this block are decided on.
    if (this.#chain.pending(parent.hash).length === 0) return undefined;
    return {
      identifier: utf8(INHERENTS.Availability.bitfields),
      data: encodeBitfields(this.collect(parent.hash)),
    };
  }

  /** The bitfields for a block on `parentHash`, in validator order. Validators without a shard to speak for stay silent. */
  collect(parentHash: Uint8Array): SignedBitfield[] {
    const pending = this.#chain.pending(parentHash);
    if (pending.length === 0) return [];
    const cores = this.#chain.cores(parentHash);
    const bitfields: SignedBitfield[] = [];
    for (const validator of this.#validators()) {
      const bits = new Array<boolean>(cores).fill(false);
      for (const { core, report } of pending) bits[core] = validator.holds(report);
      if (!bits.includes(true)) continue;
      const signed = validator.signBits(parentHash, bits);
      // A false signature would make the block invalid. A good one is remembered, so the import does not verify it again.
      if (this.#surroundings.verify(validator.publicKey, bitfieldMessage(parentHash, bits), signed.signature))
        bitfields.push(signed);
      else
        this.#surroundings.warn(`validator ${validator.index} signed its availability bits with another key: left out`);
    }
    return bitfields;
  }
}
