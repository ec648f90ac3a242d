// Benchmarks of Storage. The worst status of a preimage has sixteen ended intervals.
import { blake2_256, toHex, Writer } from '../../../host/bytes/index.js';
import { ALICE, BOB } from '../../../tests/harness/accounts.js';
import { root, signed, TestChain, type Origin } from '../../../tests/harness/chain.js';
import type { Benchmark } from '../benchmark.js';
import { must, noise, once } from '../scenes.js';

const MIB = 1 << 20;
const INTERVALS = 16;
/** Blocks: longer than so many intervals take. */
const DELAY = 64;
const pallet = 'Storage';
const data = noise(MIB / 4);
const hash = blake2_256(data);
const RICH = '1000000000000000000';
const ann = signed(ALICE);

const start = (expungeDelay: number): Promise<TestChain> =>
  TestChain.start({
    balances: { balances: [ALICE, BOB].map((who) => [toHex(who), RICH]) },
    storage: { expungeDelay },
  });

/** A chain that has the preimage, requested by `who` for the last time after intervals ended. */
const requestedBy = (who: 'root' | 'ann', intervals = INTERVALS): (() => Promise<TestChain>) =>
  once(async () => {
    const chain = await start(DELAY);
    const suffix = who === 'root' ? '' : '_untrusted';
    const origin: Origin = who === 'root' ? root : ann;
    const request = (): void => must(chain.dispatch(origin, `Storage.request${suffix}`, hash, data.length));
    request();
    must(chain.dispatch(signed(BOB), 'Storage.provide', toHex(data)));
    for (let ended = 0; ended < intervals; ended++) {
      chain.advance();
      must(chain.dispatch(origin, `Storage.unrequest${suffix}`, hash));
      chain.advance();
      request();
    }
    return chain;
  });

/** A chain whose preimage Ann requested, and which can be expunged. */
const expungeable = once(async () => {
  const chain = await start(1);
  must(chain.dispatch(ann, 'Storage.store', toHex(data)));
  chain.advance();
  must(chain.dispatch(ann, 'Storage.unrequest_untrusted', hash));
  chain.advance(2);
  return chain;
});

/** A chain on which root's request was the last to end, with the sixteenth interval. */
const unheld = once(async () => {
  const chain = await requestedBy('root', INTERVALS - 1)();
  chain.advance();
  must(chain.dispatch(root, 'Storage.unrequest', hash));
  // Without the entries of the earlier ends, which remove nothing.
  chain.poke(
    'Storage.UnheldQueue',
    [],
    new Writer()
      .u32(INTERVALS - 1)
      .u32(INTERVALS)
      .finish(),
  );
  return chain;
});

const plain = once(() => start(14_400));

/** Bytes of a length, different for each length. */
const preimageOf = (length: number): Uint8Array => {
  const bytes = noise(length);
  bytes.set(new Writer().u32(length).finish().subarray(0, length));
  return bytes;
};

export const STORAGE: readonly Benchmark[] = [
  {
    pallet,
    name: 'onInitialize',
    worst: 'The first of the queue has sixteen ended intervals, and is removed if it is due.',
    components: { due: { unit: 'preimages that are due', min: 0, max: 1 } },
    scene: unheld,
    subject: (chain, { due }) => {
      chain.poke('Storage.ExpungeDelay', [], new Writer().u32(due === 1 ? 0 : DELAY).finish());
      return { hook: 'Storage.onInitialize' };
    },
  },
  {
    pallet,
    name: 'request',
    worst: 'A preimage with sixteen ended intervals.',
    components: {},
    scene: requestedBy('ann'),
    subject: (chain) => ({ origin: root, call: chain.names.call('Storage.request', hash, data.length) }),
  },
  {
    pallet,
    name: 'unrequest',
    worst: 'The last request of a preimage with sixteen ended intervals.',
    components: {},
    scene: requestedBy('root'),
    subject: (chain) => ({ origin: root, call: chain.names.call('Storage.unrequest', hash) }),
  },
  {
    pallet,
    name: 'requestUntrusted',
    worst: "A preimage with sixteen ended intervals, and the sender's first deposit.",
    components: {},
    scene: requestedBy('root'),
    subject: (chain) => ({ origin: ann, call: chain.names.call('Storage.request_untrusted', hash, data.length) }),
  },
  {
    pallet,
    name: 'unrequestUntrusted',
    worst: 'The last request of a preimage with sixteen ended intervals.',
    components: {},
    scene: requestedBy('ann'),
    subject: (chain) => ({ origin: ann, call: chain.names.call('Storage.unrequest_untrusted', hash) }),
  },
  {
    pallet,
    name: 'provide',
    worst: 'A requested preimage.',
    components: { preimage: { unit: 'bytes', min: 0, max: MIB } },
    scene: plain,
    subject: (chain, { preimage }) => {
      const bytes = preimageOf(preimage!);
      if (chain.query('Storage.Statuses', blake2_256(bytes), bytes.length) === undefined)
        must(chain.dispatch(root, 'Storage.request', blake2_256(bytes), bytes.length));
      return { origin: ann, call: chain.names.call('Storage.provide', toHex(bytes)) };
    },
  },
  {
    pallet,
    name: 'expunge',
    worst: 'The preimage is removed.',
    components: {},
    scene: expungeable,
    subject: (chain) => ({ origin: signed(BOB), call: chain.names.call('Storage.expunge', hash) }),
  },
  {
    pallet,
    name: 'expungeUntrusted',
    worst: 'The preimage is removed, and the deposit returned by another account.',
    components: {},
    scene: expungeable,
    subject: (chain) => ({ origin: signed(BOB), call: chain.names.call('Storage.expunge_untrusted', ALICE, hash) }),
  },
  {
    pallet,
    name: 'store',
    worst: 'A new preimage, with a deposit.',
    components: { data: { unit: 'bytes', min: 0, max: MIB } },
    scene: plain,
    subject: (chain, { data: length }) => ({
      origin: ann,
      call: chain.names.call('Storage.store', toHex(preimageOf(length! + 4).subarray(4))),
    }),
  },
];
