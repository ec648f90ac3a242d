// What the node reads of a runtime.
import { expect, test } from '@jest/globals';
import { stateVersionOf, type ChainRuntime } from '../../../host/node/runtimes.js';

const declaring = (stateVersion: number): ChainRuntime => ({
  codeHash: new Uint8Array(32),
  version: () => ({
    specName: 'test',
    implName: 'test',
    authoringVersion: 1,
    specVersion: 1,
    implVersion: 1,
    apis: [],
    transactionVersion: 1,
    stateVersion,
  }),
  call: () => new Uint8Array(0),
});

test('a runtime that declares state version 2 or a later one has its state in version 1, as in polkadot-sdk', () => {
  expect([0, 1, 2, 3, 255].map((version) => stateVersionOf(declaring(version)))).toEqual([0, 1, 1, 1, 1]);
});
