// The public vectors of jam-test-vectors, which are not in this repository: 2 of 6 and 342 of 1,023.
import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromHex, toHex } from '../../../host/bytes/index.js';
import { encodeShards } from '../../../host/erasure/index.js';

const folder = fileURLToPath(new URL('../../../../shared/vectors/erasure', import.meta.url));
const CODES = { tiny: [2, 6], full: [342, 1_023] } as const;

if (existsSync(folder)) {
  describe('jam-test-vectors', () => {
    for (const [kind, [k, n]] of Object.entries(CODES)) {
      for (const file of readdirSync(join(folder, kind)).filter((name) => name.endsWith('.json'))) {
        test(`${kind}/${file}`, () => {
          const vector = JSON.parse(readFileSync(join(folder, kind, file), 'utf8')) as {
            data: string;
            shards: string[];
          };
          const hex = (text: string): string => (text.startsWith('0x') ? text : `0x${text}`);
          expect(encodeShards(fromHex(hex(vector.data)), k, n).map(toHex)).toEqual(vector.shards.map(hex));
        });
      }
    }
  });
} else {
  test.skip('jam-test-vectors: the folder ../shared/vectors/erasure does not exist', () => {});
}
