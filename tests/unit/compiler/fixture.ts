// The fixture runtime, compiled once per test file, and random values with a printed seed.
import { expandMetadata, Metadata, TypeRegistry } from '@polkadot/types';
import type { DecoratedMeta } from '@polkadot/types/metadata/decorate/types';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildRuntime } from '../../../compiler/build.js';
import { compile } from '../../../compiler/compile.js';
import type { Compiled } from '../../../compiler/compile.js';
import { readTarget } from '../../../compiler/target.js';
import type { Blob } from './host.js';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The fixture runtime, built if out of date. With RELEASE=1 it is the optimized build. */
export async function fixtureBlob(): Promise<Uint8Array> {
  const variant = process.env.RELEASE ? 'release' : 'debug';
  const outFile = `build/test/compiler-fixture.${variant}.wasm`;
  return readFileSync(
    await buildRuntime(root, { variant, entry: 'tests/unit/compiler/assembly/runtime.ts', outFile, log: null }),
  );
}

/** Compiles a program of `files`, which replace files on disk; the first is the entry. */
export function compileFiles(files: Record<string, string>): Promise<Compiled> {
  return compile({ root, entry: Object.keys(files)[0]!, target: readTarget(root, 'debug'), files });
}

/** A client's view of a blob's metadata. */
export interface Client {
  registry: TypeRegistry;
  metadata: Metadata;
  meta: DecoratedMeta;
}

/** Reads a blob's metadata as a client does. */
export function clientOf(blob: Blob, version: 14 | 15): Client {
  const registry = new TypeRegistry();
  const answer = blob.call('Metadata_metadata_at_version', Uint8Array.from([version, 0, 0, 0]));
  // Option<OpaqueMetadata>: one byte, then Vec<u8>.
  const metadata = new Metadata(registry, registry.createType('Bytes', answer.subarray(1)).toU8a(true));
  registry.setMetadata(metadata);
  return { registry, metadata, meta: expandMetadata(registry, metadata) };
}

/** Bytes to hexadecimal digits. */
export const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

/** A random generator (mulberry32), seeded by SEED or the clock. The seed is printed, so failures can be reproduced. */
export class Random {
  readonly seed: number;
  #state: number;

  constructor(name: string) {
    this.seed = Number(process.env.SEED ?? Date.now() % 2 ** 32);
    this.#state = this.seed;
    process.stderr.write(`${name}: SEED=${this.seed}\n`);
  }

  /** A number from 0 up to `end`, exclusive. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
  bool(): boolean {
    return this.below(2) === 1;
  }
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
  list<T>(most: number, item: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, item);
  }

  /** An unsigned integer of up to `bits` bits, often at the edges of compact modes. */
  unsigned(bits: number): bigint {
    const edges = [
      0n,
      1n,
      63n,
      64n,
      2n ** 14n - 1n,
      2n ** 14n,
      2n ** 30n - 1n,
      2n ** 30n,
      2n ** 32n,
      2n ** 64n - 1n,
      2n ** 64n,
    ].filter((edge) => edge < 2n ** BigInt(bits));
    if (this.bool()) return this.pick([...edges, 2n ** BigInt(bits) - 1n]);
    return BigInt(hex(this.bytes(bits / 8))) >> BigInt(this.below(bits));
  }

  signed(bits: number): bigint {
    return BigInt.asIntN(bits, this.unsigned(bits));
  }

  text(): string {
    return this.list(12, () => this.pick(['a', 'Z', 'é', '漢', '😀', '\u0000', '"'])).join('');
  }
}
