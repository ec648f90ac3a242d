// The author's availability inherent: validators' signed bitfields of the shards that they hold.
//
// Spec: RFC-0031 § Availability; D8 (the runtime counts the bits), D14, D15; § Weight of prune and accumulate, 6 (which
// bitfields). One bit for each core: set if the validator keeps its shard of the core's pending report, checked against
// that report's root.
import { utf8 } from '../bytes/index.js';
import { INHERENTS, type SignedBitfield } from '../contract/index.js';
import { bitfieldMessage, type BlockId, encodeBitfields } from '../incore/index.js';
import type { BuildingBlock, InherentItem, InherentProvider } from '../node/index.js';
import type { PendingReport } from './on-chain.js';
import type { Surroundings } from './surroundings.js';
import type { Validator } from './validator.js';

/** What the choice of bitfields needs of the state after a block. */
export interface AvailabilityChain {
  pending(at: Uint8Array): readonly PendingReport[];
  cores(at: Uint8Array): number;
  votes(at: Uint8Array): ReadonlyMap<number, readonly boolean[]>;
  bitfieldsMax(at: Uint8Array): number;
  validatorCount(at: Uint8Array): number;
}

export class AvailabilityInherent implements InherentProvider {
  readonly name = 'corejam availability';

  readonly #validators: () => readonly Validator[];
  readonly #chain: AvailabilityChain;
  readonly #surroundings: Surroundings;

  constructor(validators: () => readonly Validator[], chain: AvailabilityChain, surroundings: Surroundings) {
    this.#validators = validators;
    this.#chain = chain;
    this.#surroundings = surroundings;
  }

  provide(parent: BlockId, _building: BuildingBlock): InherentItem | undefined {
    // Provided even without bitfields: the inherent times out reports before those of this block are checked.
    if (this.#chain.pending(parent.hash).length === 0) return undefined;
    return {
      identifier: utf8(INHERENTS.Availability.bitfields),
      data: encodeBitfields(this.collect(parent)),
    };
  }

  /**
   * The bitfields for a block on `parent`, in validator order: of the validators that have a bit which is not counted
   * yet, as many as fit the block, those first whose turn it is.
   */
  collect(parent: BlockId): SignedBitfield[] {
    const pending = this.#chain.pending(parent.hash);
    if (pending.length === 0) return [];
    const cores = this.#chain.cores(parent.hash);
    const votes = this.#chain.votes(parent.hash);
    const most = this.#chain.bitfieldsMax(parent.hash);
    const bitfields: SignedBitfield[] = [];
    for (const validator of inTurn(
      this.#validators(),
      this.#chain.validatorCount(parent.hash),
      parent.number + 1,
      most,
    )) {
      if (bitfields.length === most) break;
      const bits = new Array<boolean>(cores).fill(false);
      for (const { core, report } of pending) bits[core] = validator.holds(report);
      const isNew = pending.some(({ core }) => bits[core] === true && votes.get(core)?.[validator.index] !== true);
      if (!isNew) continue;
      const signed = validator.signBits(parent.hash, bits);
      // An invalid signature would make the block invalid. A valid one is cached for the import.
      if (this.#surroundings.verify(validator.publicKey, bitfieldMessage(parent.hash, bits), signed.signature))
        bitfields.push(signed);
      else
        this.#surroundings.warn(`validator ${validator.index} signed its availability bits with another key: left out`);
    }
    return bitfields.sort((a, b) => a.validator - b.validator);
  }
}

/**
 * The validators in the order in which block `number` takes their bitfields: beginning at (number · most mod count), so
 * that the turn of each comes within ⌈count / most⌉ blocks.
 */
export function inTurn<T extends { readonly index: number }>(
  validators: readonly T[],
  count: number,
  number: number,
  most: number,
): T[] {
  const start = Number((BigInt(number) * BigInt(most)) % BigInt(Math.max(1, count)));
  const first = validators.findIndex(({ index }) => index >= start);
  return first < 0 ? [...validators] : [...validators.slice(first), ...validators.slice(0, first)];
}
