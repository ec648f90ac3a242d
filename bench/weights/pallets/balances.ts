// Benchmarks of Balances: transfers that create the receiver and remove the sender, as in pallet_balances.
import { ALICE, BOB, stranger } from '../../../tests/harness/accounts.js';
import { root, signed } from '../../../tests/harness/chain.js';
import type { Benchmark } from '../benchmark.js';
import { developmentChain } from '../scenes.js';

const pallet = 'Balances';
const scene = developmentChain;
const components = {};
const NEW = stranger(0x77);

export const BALANCES: readonly Benchmark[] = [
  {
    pallet,
    name: 'transferAllowDeath',
    worst: 'A new account is created, and the sender is removed.',
    components,
    scene,
    subject: (chain) => ({
      origin: signed(ALICE),
      call: chain.names.call('Balances.transfer_allow_death', NEW, chain.account(ALICE).free),
    }),
  },
  {
    pallet,
    name: 'forceTransfer',
    worst: 'A new account is created, and the source is removed.',
    components,
    scene,
    subject: (chain) => ({
      origin: root,
      call: chain.names.call('Balances.force_transfer', BOB, NEW, chain.account(BOB).free),
    }),
  },
  {
    pallet,
    name: 'transferKeepAlive',
    worst: 'A new account is created.',
    components,
    scene,
    subject: (chain) => ({
      origin: signed(ALICE),
      call: chain.names.call('Balances.transfer_keep_alive', NEW, chain.account(ALICE).free / 2n),
    }),
  },
  {
    pallet,
    name: 'transferAll',
    worst: 'A new account is created, and the sender is removed.',
    components,
    scene,
    subject: (chain) => ({ origin: signed(ALICE), call: chain.names.call('Balances.transfer_all', NEW, false) }),
  },
  {
    pallet,
    name: 'forceSetBalance',
    worst: 'A new account is created.',
    components,
    scene,
    subject: (chain) => ({
      origin: root,
      call: chain.names.call('Balances.force_set_balance', NEW, 1_000_000_000_000_000n),
    }),
  },
];
