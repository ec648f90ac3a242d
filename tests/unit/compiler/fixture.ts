// The fixture runtime, compiled once a test file, and random values with a printed seed.
import { fileURLToPath } from 'node:url';
import { compile } from '../../../compiler/compile.js';
import type { Compiled } from '../../../compiler/compile.js';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const MVP = ['bulk-memory', 'sign-extension', 'nontrapping-f2i', 'mutable-globals'];

/** Compiles an entry of the fixture folder; `files` stand in for files on disk. */
export function compileFixture(entry = 'runtime.ts', files: Record<string, string> = {}): Promise<Compiled> {
  return compile({
    root, entry: `tests/unit/compiler/assembly/${entry}`, variant: 'debug', disabled: MVP, abort: 'assembly/io/panic/abort', files,
  });
}

/** Bytes to hexadecimal digits. */
export const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

/** A small random generator (mulberry32), seeded by SEED or by the clock; the seed is printed, so a failure can be repeated. */
export class Random {
  readonly seed: number;
  private state: number;

  constructor(name: string) {
    this.seed = Number(process.env.SEED ?? Date.now() % 2 ** 32);
    this.state = this.seed;
    process.stderr.write(`${name}: SEED=${this.seed}\n`);
  }

  /** A number from 0 up to `end`, which is left out. */
  below(end: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ this.state >>> 15, 1 | this.state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return Math.floor(((t ^ t >>> 14) >>> 0) / 2 ** 32 * end);
  }

  pick<T>(items: readonly T[]): T { return items[this.below(items.length)]!; }
  bool(): boolean { return this.below(2) === 1; }
  bytes(length: number): Uint8Array { return Uint8Array.from({ length }, () => this.below(256)); }
  list<T>(most: number, item: () => T): T[] { return Array.from({ length: this.below(most + 1) }, item); }

  /** An unsigned integer of so many bits: edges of compact modes as often as anything else. */
  unsigned(bits: number): bigint {
    const edges = [0n, 1n, 63n, 64n, 2n ** 14n - 1n, 2n ** 14n, 2n ** 30n - 1n, 2n ** 30n, 2n ** 32n, 2n ** 64n - 1n, 2n ** 64n]
      .filter((edge) => edge < 2n ** BigInt(bits));
    if (this.bool()) return this.pick([...edges, 2n ** BigInt(bits) - 1n]);
    return BigInt(hex(this.bytes(bits / 8))) >> BigInt(this.below(bits));
  }

  signed(bits: number): bigint { return BigInt.asIntN(bits, this.unsigned(bits)); }

  text(): string {
    return this.list(12, () => this.pick(['a', 'Z', 'é', '漢', '😀', '\u0000', '"'])).join('');
  }
}
