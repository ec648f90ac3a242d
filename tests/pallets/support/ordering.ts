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

/**
 * The keys of an output of 4,096 bytes: one for the number of elements; 20 elements of namespace 33, key 2 + 128, hash 32
 * and length 4; and one of 33 + 1 + 45 + 36.
 */
const KEY_BYTES = [...Array.from({ length: 20 }, () => 128), 45];

/** Elements of a full report. */
export const ELEMENTS_A_REPORT = 4 * KEY_BYTES.length;

/** The code of the class. */
export async function orderingCode(): Promise<Uint8Array> {
  await buildGuests(ROOT, null);
  return new Uint8Array(readFileSync(join(ROOT, 'build/guests/ordering.wasm')));
}

/** A report with four outputs of 4,096 bytes and an Authorization of 4,096 bytes, whose places no other report has. */
export function fullReport(crowd: Crowd, core: number, classId: number): WorkReport {
  const results = [0, 1, 2, 3].map((item) => {
    const output = new Writer().compact(KEY_BYTES.length);
    for (const [index, length] of KEY_BYTES.entries()) {
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
