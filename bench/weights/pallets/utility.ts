// Benchmarks of Utility: its own part, with empty remarks as the inner calls.
import { ALICE } from '../../../tests/harness/accounts.js';
import { root, signed, type TestChain } from '../../../tests/harness/chain.js';
import type { Benchmark } from '../benchmark.js';
import { developmentChain } from '../scenes.js';

const pallet = 'Utility';
const scene = developmentChain;
const origin = signed(ALICE);
const remark = (chain: TestChain): Uint8Array => chain.names.call('System.remark', '0x');
const carries = { pallet: 'System', name: 'remark', values: { remark: 0 } };

/** A batch of remarks. What these weigh is part of the slope, too: it is the least of all calls. */
const batch = (name: string, call: string): Benchmark => ({
  pallet,
  name,
  worst: 'All calls succeed; without their own weight.',
  components: { calls: { unit: 'calls', min: 1, max: 1_024 } },
  carries: { ...carries, times: 'calls' },
  scene,
  subject: (chain, { calls }) => ({
    origin,
    call: chain.names.call(
      `Utility.${call}`,
      Array.from({ length: calls! }, () => remark(chain)),
    ),
  }),
});

export const UTILITY: readonly Benchmark[] = [
  batch('batch', 'batch'),
  {
    pallet,
    name: 'asDerivative',
    worst: 'Without the inner call.',
    components: {},
    carries,
    scene,
    subject: (chain) => ({ origin, call: chain.names.call('Utility.as_derivative', 0xffff, remark(chain)) }),
  },
  batch('batchAll', 'batch_all'),
  batch('forceBatch', 'force_batch'),
  {
    pallet,
    name: 'withWeight',
    worst: "Without the inner call; the declared weight is the caller's.",
    components: {},
    carries,
    isPart: true,
    scene,
    subject: (chain) => ({
      origin: root,
      call: chain.names.call('Utility.with_weight', remark(chain), { refTime: 0, proofSize: 0 }),
    }),
  },
];
