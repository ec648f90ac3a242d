// Replays the extrinsics of a recorded chain and compares storage key by key, events and child tries included.
//
// The recording has 64 blocks with every call that succeeds and many that fail, and packages that accumulate, collide,
// panic, depend on one another, time out, and lack their deposit. Each block is applied on the recorded parent hash, so
// that only `:code` and state roots may differ. After an intended change of behaviour, COREJAM_RECORD=1 records it
// again (tests/integration/recording.test.ts).
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { buildRuntime } from '../../compiler/build.js';
import { fromHex, toHex, utf8 } from '../../host/bytes/index.js';
import { MemoryDatabase } from '../../host/db/index.js';
import { Runtime } from '../../host/executor/index.js';
import { buildGenesis, encodeHeader, readChainSpec } from '../../host/node/index.js';
import { Overlay, StateStore, type StateView } from '../../host/state/index.js';

interface Recorded {
  genesisHash: string;
  blocks: {
    parentHash: string;
    /** Data of the header's Aura item. */
    slot: string;
    extrinsics: string[];
    changes: [key: string, value: string | null][];
    child?: [trie: string, changes: [key: string, value: string | null][]];
  }[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));

test('a recorded chain replayed gives the same storage after each block', async () => {
  const recorded = JSON.parse(
    gunzipSync(readFileSync(join(root, 'tests/conformance/recorded-chain.json.gz'))).toString(),
  ) as Recorded;
  const blob = new Uint8Array(readFileSync(await buildRuntime(root, { variant: 'release', log: null })));
  const runtime = Runtime.load(blob);
  const store = new StateStore(new MemoryDatabase());
  const { overlay: genesis } = buildGenesis(readChainSpec(join(root, 'chain-spec/dev.json')), store);
  let state: StateView = store.at(store.commit(genesis, 1).root);
  for (const [index, block] of recorded.blocks.entries()) {
    const number = index + 1;
    const overlay = new Overlay(state);
    const call = (method: string, args: Uint8Array): Uint8Array => runtime.call(method, args, overlay);
    const unknown = new Uint8Array(32);
    const header = {
      parentHash: fromHex(block.parentHash),
      number,
      stateRoot: unknown,
      extrinsicsRoot: unknown,
      digest: [{ kind: 'preRuntime' as const, engine: 'aura', data: fromHex(block.slot) }],
    };
    call('Core_initialize_block', encodeHeader(header));
    for (const extrinsic of block.extrinsics) {
      // ApplyExtrinsicResult: 0 is Ok, the extrinsic is in the block.
      expect(call('BlockBuilder_apply_extrinsic', fromHex(extrinsic))[0]).toBe(0);
    }
    call('BlockBuilder_finalize_block', new Uint8Array());
    const changes = overlay.changes().map(([key, value]) => [toHex(key), value === undefined ? null : toHex(value)]);
    expect({ number, changes }).toEqual({ number, changes: block.changes });
    state = store.at(store.commit(overlay, 1).root);
    const [trie, child] = block.child ?? [];
    for (const [key, value] of child ?? []) {
      const found = state.child(fromHex(trie!))?.get(fromHex(key));
      expect([number, key, found === undefined ? null : toHex(found)]).toEqual([number, key, value]);
    }
  }
  expect(recorded.blocks.length).toBeGreaterThan(60);
  expect(state.get(utf8(':code'))).toEqual(blob);
});
