// Benchmarks of System.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '../../../host/bytes/index.js';
import { ALICE } from '../../../tests/harness/accounts.js';
import { root, signed, type TestChain } from '../../../tests/harness/chain.js';
import { ROOT } from '../../root.js';
import type { Benchmark } from '../benchmark.js';
import { laterRuntime } from '../code.js';
import { developmentChain, noise, once } from '../scenes.js';

const MIB = 1 << 20;
const KEY_BYTES = 32;
/** Length of the keys that `set_storage` writes. */
const SHORT_KEY_BYTES = 4;
const ITEMS_MAX = 1_000;
const pallet = 'System';
const scene = developmentChain;

/** The key of one of the items that a scene has stored. */
const keyOf = (index: number): string => `0x7e57${index.toString(16).padStart(2 * (KEY_BYTES - 2), '0')}`;

/** A chain that has stored items at the keys of `keyOf`. */
const stored = once(async (): Promise<TestChain> => {
  const chain = await developmentChain.fresh();
  const items = Array.from({ length: ITEMS_MAX }, (_, index) => [keyOf(index), toHex(noise(64))]);
  chain.dispatch(root, 'System.set_storage', items);
  chain.advance();
  return chain;
});

let codes = 0;

export const SYSTEM: readonly Benchmark[] = [
  {
    pallet,
    name: 'remark',
    worst: 'Decoding the bytes.',
    components: { remark: { unit: 'bytes', min: 0, max: MIB } },
    scene,
    subject: (chain, { remark }) => ({
      origin: signed(ALICE),
      call: chain.names.call('System.remark', toHex(noise(remark!))),
    }),
  },
  {
    pallet,
    name: 'setCode',
    worst: 'A later version of this runtime, which this node has not compiled before.',
    components: { code: { unit: 'bytes', min: 300 << 10, max: 2 * MIB } },
    scene,
    isFresh: true,
    subject: (chain, { code }) => ({
      origin: root,
      call: chain.names.call('System.set_code', toHex(laterRuntime(releaseCode(), code!, codes++))),
    }),
  },
  {
    pallet,
    name: 'setCodeWithoutChecks',
    worst: 'Any bytes.',
    components: { code: { unit: 'bytes', min: 0, max: 2 * MIB } },
    scene,
    subject: (chain, { code }) => ({
      origin: root,
      call: chain.names.call('System.set_code_without_checks', toHex(noise(code!))),
    }),
  },
  {
    pallet,
    name: 'setStorage',
    worst: 'New items.',
    components: {
      items: { unit: 'number of items', min: 1, max: ITEMS_MAX },
      bytes: { unit: 'length of keys and values together', min: SHORT_KEY_BYTES * ITEMS_MAX, max: MIB },
    },
    scene,
    subject: (chain, { items, bytes }) => ({
      origin: root,
      call: chain.names.call('System.set_storage', rawItems(items!, bytes!)),
    }),
  },
  {
    pallet,
    name: 'killStorage',
    worst: 'Items that exist.',
    components: { keys: { unit: 'number of keys', min: 0, max: ITEMS_MAX } },
    scene: stored,
    subject: (chain, { keys }) => ({
      origin: root,
      call: chain.names.call(
        'System.kill_storage',
        Array.from({ length: keys! }, (_, index) => keyOf(index)),
      ),
    }),
  },
  {
    pallet,
    name: 'killPrefix',
    worst: 'As many items as the caller allows.',
    components: { subkeys: { unit: 'items to be removed', min: 0, max: ITEMS_MAX } },
    scene: stored,
    subject: (chain, { subkeys }) => ({
      origin: root,
      call: chain.names.call('System.kill_prefix', '0x7e57', subkeys!),
    }),
  },
  {
    pallet,
    name: 'remarkWithEvent',
    worst: 'Hashing the bytes, and an event.',
    components: { remark: { unit: 'bytes', min: 0, max: MIB } },
    scene,
    subject: (chain, { remark }) => ({
      origin: signed(ALICE),
      call: chain.names.call('System.remark_with_event', toHex(noise(remark!))),
    }),
  },
];

/** So many items, with keys and values of exactly so many bytes together. */
function rawItems(items: number, bytes: number): [string, string][] {
  const each = Math.floor(bytes / items) - SHORT_KEY_BYTES;
  const rest = bytes % items;
  return Array.from({ length: items }, (_, index) => [
    `0x${(0x10000000 + index).toString(16)}`,
    toHex(noise(each + (index < rest ? 1 : 0))),
  ]);
}

const releaseCode = (): Uint8Array => new Uint8Array(readFileSync(join(ROOT, 'build/runtime.wasm')));
