// A runtime upgrade on a running chain: an extrinsic sets the code, and the next block is executed by it. Every block
// is executed a second time, as an importer does.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toHex } from '../../host/bytes/index.js';
import { startChain, type TestChain } from './chain.js';
import { compileNextRuntime } from './next-runtime.js';

let chain: TestChain;
let next: Uint8Array;

beforeAll(async () => {
  next = await compileNextRuntime();
  chain = await startChain();
});

afterAll(() => chain.close());

const specVersion = (): number => chain.node.runtimeAt(chain.node.best().hash).version().specVersion;

describe('an upgrade', () => {
  test('is announced in the header, takes effect in the next block, and keeps the state', () => {
    chain.block();
    const before = specVersion();
    const events = chain.sudo('system', 'setCode', [toHex(next)]).map(({ name }) => name);
    expect(events).toContain('System.CodeUpdated');
    expect(chain.node.best().header.digest.map(({ kind }) => kind)).toEqual([
      'preRuntime',
      'runtimeEnvironmentUpdated',
      'seal',
    ]);
    expect(specVersion()).toBe(before + 1);

    const height = chain.node.best().number;
    chain.block();
    expect(chain.node.best().number).toBe(height + 1);
    expect(chain.node.best().header.digest.map(({ kind }) => kind)).toEqual(['preRuntime', 'seal']);
  });

  test('to code that is not a newer runtime is refused and changes nothing', () => {
    const before = specVersion();
    for (const code of ['0x00', '0x0061736d01000000']) {
      expect(() => chain.sudo('system', 'setCode', [code])).toThrow(/failed: .*"index":0/);
      expect(specVersion()).toBe(before);
    }
  });
});
