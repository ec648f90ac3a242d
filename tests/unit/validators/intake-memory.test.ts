// How much memory packages take. Spec: D40.
import { describe, expect, test } from '@jest/globals';
import { utf8 } from '../../../host/bytes/index.js';
import { MAX_WORK_PACKAGE_SIZE } from '../../../host/contract/index.js';
import { LmdbDatabase } from '../../../host/db/index.js';
import { buildPackage, withEvidence } from '../../../host/incore/index.js';
import { FakeNode } from './fake-node.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gatedWorld } from './gated-world.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of buffers in use. */
function arrayBuffers(): number {
  collectGarbage();
  collectGarbage(); // what the first one found is freed in the background, until the next one begins
  return process.memoryUsage().arrayBuffers;
}

describe('memory at the bounds', () => {
  const MIB = 2 ** 20;
  const large = (node: FakeNode, name: string, bytes = MAX_WORK_PACKAGE_SIZE - 100): Uint8Array => {
    const payload = new Uint8Array(bytes);
    payload.set(utf8(name));
    return withEvidence(buildPackage([{ class: 1, payload }], node.best().hash), utf8(name)).encoded;
  };

  test('every core has room for one package of the greatest size, and for more as the total allows', async () => {
    const { node, validators } = gatedWorld({ bounds: { authorizedBytesMax: 8 * MIB } });
    const submit = async (name: string, core: number, bytes?: number): Promise<string | undefined> => {
      const encoded = large(node, name, bytes);
      const answer = validators.submit(encoded, core);
      await validators.settled();
      return answer.ok ? undefined : answer.error.reason;
    };
    expect(await submit('a', 0)).toBeUndefined(); // 5 MiB of 8
    expect(await submit('b', 0)).toBe('busy'); // 10
    expect(await submit('c', 0, 2 * MIB)).toBeUndefined(); // 7
    expect(await submit('d', 1)).toBeUndefined(); // 12: its core's only one
    expect(await submit('e', 2)).toBeUndefined(); // 17: likewise
    expect(await submit('f', 2, 1_000)).toBe('busy');
    expect(Math.round(validators.keptBytes / MIB)).toBe(17);
    for (let block = 0; block < 2; block++) node.author();
    expect(Math.round(validators.keptBytes / MIB)).toBe(2); // "c" waits for core 0
    expect(await submit('g', 0)).toBeUndefined(); // 7
  });

  test('a node at its bounds takes less than four times the bytes of its packages, and gives them back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'corejam-bounds-'));
    const database = new LmdbDatabase(folder);
    const bounds = { authorizedBytesMax: 40 * MIB };
    const { node, validators } = gatedWorld({ bounds, deliver: () => undefined }, database);
    const before = arrayBuffers();
    let taken = 0;
    for (let index = 0; index < 12; index++) {
      if (validators.submit(large(node, `p${index}`), index % 3).ok) taken++;
      await validators.settled();
    }
    // With 6 validators, 2 of 6 shards recover a package: together they have three times its length.
    const held = (arrayBuffers() - before) / MIB;
    expect([taken, Math.round(validators.keptBytes / MIB)]).toEqual([8, 40]); // 8 packages of 5 MiB
    expect(held).toBeGreaterThan(2 * 40);
    expect(held).toBeLessThan(4 * 40);
    for (let block = 0; block < 26; block++) node.author(); // all are timed out or expired
    expect(validators.keptBytes).toBe(0);
    expect((arrayBuffers() - before) / MIB).toBeLessThan(8);
    await database.close();
    rmSync(folder, { recursive: true });
  });
});
