// Opening a new chain and an existing one.
import { describe, expect, test } from '@jest/globals';
import { toHex } from '../../../host/bytes/index.js';
import { KeyRing } from '../../../host/node/index.js';
import { eventually } from '../../eventually.js';
import { extrinsic, FakeRuntime, fakeSpec, KIND, SLOT_MS } from './fake-runtime.js';
import { bytesOf, newFolder, openNode, submit } from './open-node.js';

describe('opening', () => {
  test('a base path keeps its chain', async () => {
    const basePath = newFolder();
    const first = openNode({ basePath });
    submit(first.node, extrinsic(KIND.pay, 1, 0, 3));
    const block = first.node.createBlock();
    await first.node.close();
    const again = openNode({ basePath });
    expect(again.node.best().hash).toEqual(block.hash);
    expect(again.node.body(block.hash)).toEqual(block.extrinsics);
    again.node.createBlock();
    expect(again.node.best().number).toBe(2);
  });

  test('a base path whose best block set code that is no runtime: it opens, and the log says what is wrong', async () => {
    const basePath = newFolder();
    // For this author, any code is a runtime.
    const { node: author } = openNode({ loadRuntime: () => new FakeRuntime() });
    submit(author, extrinsic(KIND.setCode, 1, 0, 0));
    const block = author.createBlock();
    const first = openNode({ basePath });
    expect(first.node.importBlock(bytesOf(author, block))).toMatchObject({ ok: true });
    await first.node.close();
    const { node, lines, clock } = openNode({ basePath, sealing: 'instant' });
    expect(node.best().hash).toEqual(block.hash);
    expect(node.body(block.hash)).toEqual(block.extrinsics);
    expect(lines).toEqual(['block 1 left no runtime, so no block can follow it: the code is not a WebAssembly module']);
    expect(node.pool.submit(extrinsic(KIND.pay, 1, 1, 1))).toMatchObject({ ok: false, error: { kind: 'trapped' } });
    clock.advance(SLOT_MS);
    expect(() => node.createBlock()).toThrow('the code is not a WebAssembly module');
  });

  test('a base path of another chain is refused by its genesis hash', async () => {
    const basePath = newFolder();
    const { node } = openNode({ basePath });
    const genesis = toHex(node.genesisHash);
    await node.close();
    const other = fakeSpec({ id: 'other', genesis: { runtimeGenesis: { code: '0x01', patch: { greeting: 'bye' } } } });
    expect(() => openNode({ basePath, spec: other })).toThrow(
      new RegExp(
        `^the base path holds another chain: its genesis is ${genesis} \\(fake\\), and that of the chain spec other is 0x`,
      ),
    );
    // The refused database closes asynchronously.
    const again = await eventually(() => {
      try {
        return openNode({ basePath }).node;
      } catch (error) {
        expect((error as Error).message).toMatch(/is already open in this process/);
        return undefined;
      }
    });
    expect(again.genesisHash).toEqual(node.genesisHash);
  });

  test('a second node on one base path is refused by name', () => {
    const basePath = newFolder();
    openNode({ basePath });
    expect(() => openNode({ basePath })).toThrow(/is already open in this process/);
  });

  test('development keys are refused on a chain that is not a development chain', () => {
    expect(() => openNode({ spec: fakeSpec({ chainType: 'Live' }), keys: KeyRing.development() })).toThrow(
      'Fake is a Live chain, and the key of //Alice is public: development keys are refused there',
    );
    const { node } = openNode({ spec: fakeSpec({ chainType: 'Live' }) });
    expect(() => node.createBlock()).toThrow(/whose key this node does not have/);
  });

  test('a new runtime takes over after the block that brings it', () => {
    const runtimes = new Map([
      [1, new FakeRuntime(Uint8Array.of(1), 1)],
      [2, new FakeRuntime(Uint8Array.of(2), 2)],
    ]);
    const { node } = openNode({ loadRuntime: (code) => runtimes.get(code[0]!)! });
    submit(node, extrinsic(KIND.setCode, 1, 0, 2));
    const block = node.createBlock();
    expect(node.runtimeAt(node.blockHash(0)!).version().specVersion).toBe(1);
    expect(node.runtimeAt(block.hash).version().specVersion).toBe(2);
    node.createBlock();
    // Once before the upgrade, to see that a block can begin.
    expect(runtimes.get(2)!.calls.get('Core_initialize_block')).toBe(2);
  });
});
