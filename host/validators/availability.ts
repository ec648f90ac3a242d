// The author's availability inherent: each validator's signed bitfield of the shards that it holds.
//
// Spec: RFC-0031 § Availability; D8 (the runtime counts the bits), D14, D15. One bit for each core: set if the
// validator keeps its shard of the core's pending report, checked against that report's root.
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
    // Provided even without bitfields: the inherent times out reports before those of this block are checked.
    if (this.#chain.pending(parent.hash).length === 0) return undefined;
    return {
      identifier: utf8(INHERENTS.Availability.bitfields),
      data: encodeBitfields(this.collect(parent.hash)),
    };
  }

  /** The bitfields for a block on `parentHash`, in validator order. A validator without a bit to set has none. */
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
      // An invalid signature would make the block invalid. A valid one is cached for the import.
      if (this.#surroundings.verify(validator.publicKey, bitfieldMessage(parentHash, bits), signed.signature))
        bitfields.push(signed);
      else
        this.#surroundings.warn(`validator ${validator.index} signed its availability bits with another key: left out`);
    }
    return bitfields;
  }
}
