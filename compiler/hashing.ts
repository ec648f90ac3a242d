// Hashes that are computed when compiling: storage prefixes and identifiers of runtime APIs.
import { blake2b, createXXHash64 } from 'hash-wasm';

const seeded = await Promise.all([createXXHash64(0, 0), createXXHash64(1, 0)]);

/** Substrate's twox_128 of a text: XXH64 with seeds 0 and 1, little-endian. */
export function twox128(text: string): Uint8Array {
  const data = new TextEncoder().encode(text);
  const halves = seeded.map((hash) => hash.init().update(data).digest('binary').toReversed());
  return Uint8Array.from([...halves[0]!, ...halves[1]!]);
}

const identifiers = new Map<string, Uint8Array>();

/** blake2_64 of a runtime API's name: its identifier in RuntimeVersion. */
export async function apiIdentifier(name: string): Promise<Uint8Array> {
  const known = identifiers.get(name);
  if (known) return known;
  const identifier = Uint8Array.from(Buffer.from(await blake2b(name, 64), 'hex'));
  identifiers.set(name, identifier);
  return identifier;
}
