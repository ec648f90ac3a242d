// Benchmarks of Authorizations, WorkClasses and Coretime.
import { blake2_256, toHex } from '../../../host/bytes/index.js';
import { FIRST_AUTH_ID, MAX_GUEST_CODE_SIZE } from '../../../host/contract/index.js';
import { ALICE } from '../../../tests/harness/accounts.js';
import { root, signed, TestChain } from '../../../tests/harness/chain.js';
import { stub } from '../../../tests/pallets/support/guests.js';
import type { Benchmark } from '../benchmark.js';
import { developmentChain, must, noise, once } from '../scenes.js';

const PARAM_BYTES_MAX = 1_024;
/** Code that can be registered as both. */
const code = stub();
/** What a registration declares for preparing code, which is priced by hand, for code that is refused. */
const preparing = 7_000_000_000n + 150_000n * BigInt(MAX_GUEST_CODE_SIZE);
const authorizer = { codeHash: blake2_256(code), param: toHex(noise(PARAM_BYTES_MAX)) };
const ann = signed(ALICE);
const components = {};

/** A chain with stored code, two Authorizers, a core that one of them has, and classes that accounts may register. */
const registered = once(async () => {
  const chain = await developmentChain.fresh();
  must(chain.dispatch(ann, 'Storage.store', toHex(code)));
  must(chain.dispatch(ann, 'Authorizations.register', authorizer));
  must(chain.dispatch(ann, 'Authorizations.register', authorizer));
  must(chain.dispatch(root, 'Coretime.assign', 0, FIRST_AUTH_ID));
  must(chain.dispatch(root, 'WorkClasses.set_registration_policy', 'Signed'));
  chain.advance();
  return chain;
});

/** A chain with an unregistered Authorizer, whose code is removed when the deposit returns. */
const unregistered = once(async () => {
  const chain = await TestChain.start({
    balances: { balances: [[toHex(ALICE), '1000000000000000']] },
    storage: { expungeDelay: 1 },
    coretime: { cores: 1 },
  });
  must(chain.dispatch(ann, 'Storage.store', toHex(code)));
  must(chain.dispatch(ann, 'Authorizations.register', authorizer));
  must(chain.dispatch(ann, 'Storage.unrequest_untrusted', authorizer.codeHash));
  chain.advance();
  must(chain.dispatch(ann, 'Authorizations.unregister', FIRST_AUTH_ID));
  chain.advance(2);
  return chain;
});

export const REGISTRIES: readonly Benchmark[] = [
  {
    pallet: 'Authorizations',
    name: 'register',
    worst: 'The longest parameter.',
    beyondTable: preparing,
    components,
    scene: registered,
    subject: (chain) => ({ origin: ann, call: chain.names.call('Authorizations.register', authorizer) }),
  },
  {
    pallet: 'Authorizations',
    name: 'unregister',
    worst: 'The second call, which removes the code and returns the deposit.',
    components,
    scene: unregistered,
    subject: (chain) => ({ origin: ann, call: chain.names.call('Authorizations.unregister', FIRST_AUTH_ID) }),
  },
  {
    pallet: 'WorkClasses',
    name: 'register',
    worst: 'By an account, with a deposit.',
    beyondTable: preparing,
    components,
    scene: registered,
    subject: (chain) => ({
      origin: ann,
      call: chain.names.call('WorkClasses.register', authorizer.codeHash, { prune: 0n, accumulate: 10_000_000_000n }),
    }),
  },
  {
    pallet: 'WorkClasses',
    name: 'setRegistrationPolicy',
    worst: 'Any policy.',
    components,
    scene: registered,
    subject: (chain) => ({ origin: root, call: chain.names.call('WorkClasses.set_registration_policy', 'Root') }),
  },
  {
    pallet: 'Coretime',
    name: 'assign',
    worst: 'A core goes from one Authorizer to another.',
    components,
    scene: registered,
    subject: (chain) => ({ origin: root, call: chain.names.call('Coretime.assign', 0, FIRST_AUTH_ID + 1) }),
  },
];
