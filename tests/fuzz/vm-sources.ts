// The sources of modules, each reproducible from a seed: our generator, Binaryen's, and damaged modules of ours and of
// real programs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binaryenModule } from './vm-binaryen.js';
import type { Case } from './vm-case.js';
import { SCHEDULES } from './vm-case.js';
import { Dice } from './vm-dice.js';
import { randomModule } from './vm-generator.js';
import { mutate } from './vm-mutate.js';

/** Real modules: what C, Rust and AssemblyScript compile to. */
const REAL = [
  'bench/kernels/c/kernels.wasm',
  'bench/kernels/rust/kernels.wasm',
  'build/guests/ordering.wasm',
  'build/guests/signature.wasm',
];

export type Source = 'random' | 'damaged' | 'real' | 'binaryen';

/** Which source the next seeds take: a module of Binaryen's takes as long to make as ten of ours to try. */
const ROUND: readonly Source[] = [
  'random',
  'random',
  'damaged',
  'random',
  'real',
  'random',
  'binaryen',
  'random',
  'damaged',
  'random',
  'real',
  'random',
];

export class Sources {
  readonly #real: Uint8Array[];

  readonly #folder: string;
  readonly #tool: string | undefined;

  /** `tool`: where `wasm-opt` is, if anywhere. */
  constructor(root: string, folder: string, tool: string | undefined) {
    this.#folder = folder;
    this.#tool = tool;
    this.#real = REAL.map((file) => join(root, file))
      .filter(existsSync)
      .map((file) => new Uint8Array(readFileSync(file)));
  }

  /** What a seed makes. */
  sourceOf(seed: number): Source {
    const source = ROUND[seed % ROUND.length]!;
    return source === 'binaryen' && this.#tool === undefined ? 'random' : source;
  }

  /** The case of a seed. */
  async case(seed: number): Promise<Case> {
    const source = this.sourceOf(seed);
    const dice = new Dice(seed ^ 0xda3a6e);
    const code = await this.#code(source, seed, dice);
    return { name: `${source} ${seed}`, code, seed, schedule: seed % SCHEDULES.length, refusable: source !== 'random' };
  }

  async #code(source: Source, seed: number, dice: Dice): Promise<Uint8Array> {
    switch (source) {
      case 'random':
        return randomModule(seed, true).code;
      case 'damaged':
        return mutate(randomModule(seed, true).code, dice);
      case 'real':
        return mutate(dice.pick(this.#real), dice);
      case 'binaryen':
        return binaryenModule(this.#tool!, this.#folder, seed);
    }
  }
}
