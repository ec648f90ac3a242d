// Reports of the shipped Work Class "ordering", with the longest outputs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildGuests } from '../../../compiler/build.js';
import { blake2_128, blake2_256, concat, ok, Reader, utf8, Writer } from '../../../host/bytes/index.js';
import type { WorkReport } from '../../../host/contract/index.js';
import { countKey } from '../../../host/incore/index.js';
import type { TestChain } from '../../harness/index.js';
import { trieOf } from './corejam.js';
import { type Crowd, LONGEST_AUTHORIZATION, resultOfBytes } from './crowd.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const NAMESPACE = utf8('n'.repeat(32));

/** Namespace 1 + 32, key 2 + 128, hash 32, length 4. */
const ELEMENT_BYTES = 199;

/**
 * The lengths of the keys of an output of so many bytes: one for the number of elements, elements of 199 bytes, and a last
 * one of what is left, 33 + 1 + key + 36 bytes.
 */
export function elementsOf(outputBytes: number): number[] {
  const keys = Array.from({ length: Math.floor((outputBytes - 1) / ELEMENT_BYTES) }, () => 128);
  const left = (outputBytes - 1) % ELEMENT_BYTES;
  return left === 0 ? keys : [...keys, left - 33 - 1 - 36];
}

/** The code of the class. */
export async function orderingCode(): Promise<Uint8Array> {
  await buildGuests(ROOT, null);
  return new Uint8Array(readFileSync(join(ROOT, 'build/guests/ordering.wasm')));
}

/** A report with an Authorization of 4,096 bytes and four outputs, or `items`, with keys of these lengths, in places of its own. */
export function reportWith(
  crowd: Crowd,
  core: number,
  classId: number,
  keys: readonly number[],
  items = 4,
): WorkReport {
  const results = Array.from({ length: items }, (_, item) => {
    const output = new Writer().compact(keys.length);
    for (const [index, length] of keys.entries()) {
      const key = concat(blake2_256(utf8(`${core} ${item} ${index}`)), new Uint8Array(length - 32));
      output.bytes(NAMESPACE).bytes(key).raw(blake2_256(key)).u32(1_000);
    }
    return resultOfBytes(classId, ok(output.finish()));
  });
  return crowd.reportOf(core, results, { authorization: LONGEST_AUTHORIZATION });
}

/** Number of elements that the class has placed. */
export function placedElements(chain: TestChain, classId: number): number {
  const key = countKey(NAMESPACE);
  const count = chain.overlay.child(trieOf(classId)).get(concat(blake2_128(key), key));
  return count === undefined ? 0 : Number(new Reader(count).u64());
}
