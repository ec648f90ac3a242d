// Benchmarks of Availability: the inherent with the bitfields, and its hooks.
import { concat } from '../../../host/bytes/index.js';
import { bitfieldMessage, encodeBitfields } from '../../../host/incore/index.js';
import { none, type TestChain } from '../../../tests/harness/chain.js';
import type { Benchmark } from '../benchmark.js';
import { busyChain, pokeReport, pokeTracked, pokeVotes, sign, THRESHOLD, TIME_OUT, type Tracked } from '../packages.js';
import { once } from '../scenes.js';

const CORES = 512;
const BITFIELDS = 128;
const pallet = 'Availability';

const scene = once(async () => {
  const chain = await busyChain(CORES);
  chain.advanceTo(TIME_OUT + 2);
  return chain;
});

/** Packages on the first cores: `due` ones timed out, those before them do not. */
function pending(chain: TestChain, count: number, due = 0): Tracked[] {
  const list = Array.from({ length: count }, (_, core) => ({
    core,
    registeredAt: core < count - due ? chain.number - 1 : chain.number - TIME_OUT,
    order: core,
    classes: [1, 2, 3, 4],
  }));
  pokeTracked(chain, 'Pending', list);
  return list;
}

/** Bitfields that have only the bit of the last of `packages` cores. */
function bitfields(chain: TestChain, count: number, packages: number): Uint8Array {
  const bits = Array.from({ length: CORES }, (_, core) => core === packages - 1);
  const message = bitfieldMessage(chain.parentHash, bits);
  const list = Array.from({ length: count }, (_, validator) => ({
    validator,
    bits,
    signature: sign(validator, message),
  }));
  return encodeBitfields(list);
}

export const AVAILABILITY: readonly Benchmark[] = [
  {
    pallet,
    name: 'bitfields',
    worst: 'The only new bit of each is for the last package; settling is `settle`.',
    components: {
      bitfields: { unit: 'number of bitfields', min: BITFIELDS / 2, max: BITFIELDS },
      bits: { unit: 'bitfields times packages that await availability', min: 1 << 13, max: 1 << 15 },
    },
    scene,
    // The runtime declares as many packages as it has cores, all of which time out.
    declaredAt: (values) => ({ ...values, bits: values['bitfields']! * CORES }),
    carries: { pallet, name: 'settle', values: { pending: CORES, available: 0, timedOut: CORES } },
    subject: (chain, values) => {
      const packages = Math.floor(values['bits']! / values['bitfields']!);
      const list = pending(chain, packages);
      pokeVotes(
        chain,
        list.map(({ core }) => core),
        (core) => (core === packages - 1 ? 0 : THRESHOLD - 1),
      );
      const indices = chain.names.call('Availability.bitfields', []).subarray(0, 2);
      return { origin: none, call: concat(indices, bitfields(chain, values['bitfields']!, packages)) };
    },
  },
  {
    pallet,
    name: 'settle',
    worst: 'Each core has votes; those that become available go to queues as long as cores have them.',
    components: {
      pending: { unit: 'packages that await availability', min: CORES / 2, max: CORES },
      available: { unit: 'packages of them that become available', min: 1, max: CORES / 4 },
      timedOut: { unit: 'packages of them that time out', min: 0, max: CORES / 4 },
    },
    scene,
    // Without bitfields nothing becomes available.
    declaredAt: (values) => ({ ...values, available: 0 }),
    subject: (chain, { pending: count = 0, available = 0, timedOut = 0 }) => {
      const list = pending(chain, count, timedOut);
      for (const tracked of list) pokeReport(chain, tracked);
      pokeVotes(
        chain,
        list.map(({ core }) => core),
        (core) => (core < available ? THRESHOLD : THRESHOLD - 1),
      );
      pokeTracked(chain, 'Ready', list.slice(0, available));
      return { hook: 'Availability.settle' };
    },
  },
  {
    pallet,
    name: 'onInitialize',
    worst: 'Any block.',
    components: {},
    scene,
    subject: () => ({ hook: 'Availability.onInitialize' }),
  },
];
