// A chain with as many validators as cores, one a group: what many cores do in one block.
import type { KeyringPair } from '@polkadot/keyring/types';
import { blake2_256, type Result, utf8 } from '../../../host/bytes/index.js';
import type { Attestation, WorkError, WorkReport, WorkResult } from '../../../host/contract/index.js';
import { attestationMessage, bitfieldMessage } from '../../../host/incore/index.js';
import { pair, type TestChain } from '../../harness/index.js';
import { bitfieldsThatFit } from './space.js';
import { assignCores, makeAvailable, report, reportOf, type Setting, startChain } from './corejam.js';

/** Bitfields for which a block of at most 512 cores has room. */
const BITFIELDS_A_BLOCK = bitfieldsThatFit(2_000_000_000_000n, 512);

/** The longest Authorization: 4,096 bytes encoded, of which 3 are the variant and the length. */
export const LONGEST_AUTHORIZATION = { kind: 'bulk', evidence: new Uint8Array(4_093).fill(0xa7) } as const;

/** A chain of many cores, and the keys of its validators. */
export class Crowd {
  readonly chain: TestChain;
  readonly #pairs: KeyringPair[];

  /** Use `start`. */
  constructor(chain: TestChain, pairs: KeyringPair[]) {
    this.chain = chain;
    this.#pairs = pairs;
  }

  /** In the second block, with all cores assigned from the first on. Core c is served by validator c. */
  static async start(cores: number, setting: Setting = {}): Promise<Crowd> {
    const pairs = Array.from({ length: cores }, (_, index) => pair(`validator ${index}`));
    const chain = await startChain({ ...setting, keys: pairs, cores, minimumAttestations: 1 });
    assignCores(chain, ...pairs.keys());
    chain.advance();
    return new Crowd(chain, pairs);
  }

  /** A report on `core` with these results. */
  reportOf(core: number, results: WorkResult[], parts: Partial<WorkReport> = {}): WorkReport {
    return reportOf(this.chain, { coreIndex: core, results, ...parts });
  }

  attest(work: WorkReport): Attestation {
    const attestations = [this.#pairs[work.coreIndex]!.sign(attestationMessage(work))];
    return { report: work, validators: [true], attestations };
  }

  /** Registers reports in the open block. */
  register(works: readonly WorkReport[]): void {
    report(
      this.chain,
      works.map((work) => this.attest(work)),
    );
  }

  /** Makes the packages of `cores` available in the open block: so few validators that their bitfields fit it. */
  makeAvailableNow(cores: readonly number[]): void {
    if (this.#pairs.length > BITFIELDS_A_BLOCK) throw new RangeError('more bitfields than fit a block');
    this.makeAvailable(cores);
  }

  /**
   * Makes the packages of `cores` available, all in the block that is then open: earlier blocks have the votes that
   * are not yet enough.
   */
  makeAvailable(cores: readonly number[]): void {
    const count = this.#pairs.length;
    const bits = Array.from({ length: count }, () => false);
    for (const core of cores) bits[core] = true;
    const threshold = count - Math.floor((count - 1) / 3); // D8
    for (let first = 0; first < threshold; first += BITFIELDS_A_BLOCK) {
      if (first > 0) this.chain.advance();
      const message = bitfieldMessage(this.chain.parentHash, bits);
      const voters = this.#pairs.slice(first, Math.min(first + BITFIELDS_A_BLOCK, threshold));
      makeAvailable(
        this.chain,
        voters.map((voter, at) => ({ validator: first + at, bits, signature: voter.sign(message) })),
      );
    }
  }
}

/** A result of any output or error. */
export function resultOfBytes(classId: number, result: Result<Uint8Array, WorkError>, weight = 1_000n): WorkResult {
  return { class: classId, itemHash: blake2_256(utf8(`item ${classId}`)), result, weight };
}
