// The fixture runtime, compiled once per test file, and random values of SCALE types.
import { expandMetadata, Metadata, TypeRegistry } from '@polkadot/types';
import type { DecoratedMeta } from '@polkadot/types/metadata/decorate/types';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildRuntime } from '../../../compiler/build.js';
import { compile } from '../../../compiler/compile.js';
import type { Compiled } from '../../../compiler/compile.js';
import { readTarget } from '../../../compiler/target.js';
import { Random } from '../../random.js';
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
export function clientOf(blob: Blob, version: 14 | 15 | 16): Client {
  const registry = new TypeRegistry();
  const answer = blob.call('Metadata_metadata_at_version', Uint8Array.from([version, 0, 0, 0]));
  // Option<OpaqueMetadata>: one byte, then Vec<u8>.
  const metadata = new Metadata(registry, registry.createType('Bytes', answer.subarray(1)).toU8a(true));
  registry.setMetadata(metadata);
  return { registry, metadata, meta: expandMetadata(registry, metadata) };
}

/** Bytes to hexadecimal digits. */
export const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

/** Random values of SCALE types. */
export class ScaleRandom extends Random {
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
