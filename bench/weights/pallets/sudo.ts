// Benchmarks of Sudo: its own part, with an empty remark as the inner call.
import { ALICE, BOB } from '../../../tests/harness/accounts.js';
import { signed, type TestChain } from '../../../tests/harness/chain.js';
import type { Benchmark } from '../benchmark.js';
import { developmentChain } from '../scenes.js';

const pallet = 'Sudo';
const scene = developmentChain;
const components = {};
const origin = signed(ALICE);
const inner = (chain: TestChain): Uint8Array => chain.names.call('System.remark', '0x');
const carries = { pallet: 'System', name: 'remark', values: { remark: 0 } };

export const SUDO: readonly Benchmark[] = [
  {
    pallet,
    name: 'sudo',
    worst: 'Without the inner call.',
    components,
    carries,
    scene,
    subject: (chain) => ({ origin, call: chain.names.call('Sudo.sudo', inner(chain)) }),
  },
  {
    pallet,
    name: 'sudoUncheckedWeight',
    worst: "Without the inner call; the declared weight is the caller's.",
    components,
    carries,
    isPart: true,
    scene,
    subject: (chain) => ({
      origin,
      call: chain.names.call('Sudo.sudo_unchecked_weight', inner(chain), { refTime: 0, proofSize: 0 }),
    }),
  },
  {
    pallet,
    name: 'setKey',
    worst: 'Any account.',
    components,
    scene,
    subject: (chain) => ({ origin, call: chain.names.call('Sudo.set_key', BOB) }),
  },
  {
    pallet,
    name: 'sudoAs',
    worst: 'Without the inner call.',
    components,
    carries,
    scene,
    subject: (chain) => ({ origin, call: chain.names.call('Sudo.sudo_as', BOB, inner(chain)) }),
  },
  {
    pallet,
    name: 'removeKey',
    worst: 'Any state.',
    components,
    scene,
    subject: (chain) => ({ origin, call: chain.names.call('Sudo.remove_key') }),
  },
];
