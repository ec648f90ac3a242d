// Deploying, by extrinsics: code into Storage, an Authorizer, a Work Class, a core.
import type { ApiPromise } from '@polkadot/api';
import { blake2_256, toHex } from '../../bytes/index.js';
import { sovereignAccount } from '../../incore/index.js';
import { guestFile } from '../chain.js';
import { readInput } from '../files.js';
import { bold, size } from '../terminal.js';
import { idFrom, send, type Account } from './client.js';

const UNIT = 1_000_000_000_000n;
/** The core that the demo uses. */
const CORE = 0;
/** Weight of the class for each item, in picoseconds: enough for a namespace of thousands of elements. */
const REQUIREMENTS = { prune: 20_000_000_000n, accumulate: 60_000_000_000n };

/** Called after each step, with the number of its block. */
export type Step = (block: number, text: string) => void;

/** Uploads code to Storage. Returns its hash. */
async function store(api: ApiPromise, by: Account, name: string, step: Step): Promise<string> {
  const code = readInput(guestFile(name));
  const hash = toHex(blake2_256(code));
  const { blockNumber } = await send(api, api.tx.storage!.store!(toHex(code)), by);
  step(blockNumber, `stored the code of ${bold(name)}, ${size(code.length)}, as ${hash.slice(0, 18)}…`);
  return hash;
}

/**
 * Sets up a core for packages signed by `owner`, and the Work Class "ordering" with a deposit for its storage. Returns
 * its id.
 */
export async function deploy(api: ApiPromise, root: Account, owner: Account, step: Step): Promise<number> {
  const authorizerCode = await store(api, root, 'signature', step);
  const classCode = await store(api, root, 'ordering', step);
  const registered = await send(
    api,
    api.tx.authorizations!.register!({ codeHash: authorizerCode, param: toHex(owner.publicKey) }),
    root,
  );
  const authId = idFrom(registered, 'authorizations', 'Registered');
  step(registered.blockNumber, `registered Authorizer ${authId}: packages signed by ${owner.address}`);
  const classed = await send(api, api.tx.sudo!.sudo!(api.tx.workClasses!.register!(classCode, REQUIREMENTS)), root);
  const classId = idFrom(classed, 'workClasses', 'Registered');
  step(classed.blockNumber, `registered Work Class ${classId}: ordering`);
  const funded = await send(api, api.tx.balances!.transferKeepAlive!(sovereignAccount(classId), 10_000n * UNIT), root);
  step(funded.blockNumber, `gave the class 10,000 UNIT, the deposit for what it stores`);
  const assigned = await send(api, api.tx.sudo!.sudo!(api.tx.coretime!.assign!(CORE, authId)), root);
  step(assigned.blockNumber, `assigned core ${CORE} to Authorizer ${authId}`);
  return classId;
}
