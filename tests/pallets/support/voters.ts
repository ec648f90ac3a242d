// Validators that all hold their shards, and the author's choice of their bitfields, for chains of many validators.
import type { SignedBitfield } from '../../../host/contract/index.js';
import { MemoryDatabase } from '../../../host/db/index.js';
import { type Signer, sr25519Signer } from '../../../host/incore/index.js';
import { devKey } from '../../../host/node/index.js';
import { AvailabilityInherent } from '../../../host/validators/availability.js';
import { OnChain } from '../../../host/validators/on-chain.js';
import { Validator } from '../../../host/validators/validator.js';
import type { TestChain } from '../../harness/index.js';
import { makeAvailable } from './corejam.js';

/** A validator that holds all its shards. */
class Holder extends Validator {
  override holds(): boolean {
    return true;
  }
}

export class Voters {
  readonly #chain: TestChain;
  readonly #author: AvailabilityInherent;
  readonly #signers: Signer[];
  readonly #holders: Holder[];

  constructor(chain: TestChain, names: readonly string[]) {
    this.#chain = chain;
    const shards = new MemoryDatabase().column('shards');
    this.#signers = names.map((name) => sr25519Signer(devKey(name)));
    this.#holders = this.#signers.map((signer, index) => new Holder(index, signer, shards));
    const source = { runtimeCall: (_at: Uint8Array, method: string, args: Uint8Array) => chain.call(method, args) };
    this.#author = new AvailabilityInherent(() => this.#holders, new OnChain(source), {
      nowMs: () => 0,
      warn: (message) => {
        throw new Error(message);
      },
      verify: () => true,
    });
  }

  /** A validator's signature of a message. */
  sign(index: number, message: Uint8Array): Uint8Array {
    return this.#signers[index]!.sign(message);
  }

  /** Applies the bitfields that an author takes for the open block, and returns them. */
  vote(): SignedBitfield[] {
    const bitfields = this.#author.collect({ number: this.#chain.number - 1, hash: this.#chain.parentHash });
    makeAvailable(this.#chain, bitfields);
    return bitfields;
  }
}
