// The demo: deploys to a chain, and submits packages of which some are accumulated, one is pruned and one is refused.
//
// Deployment is by extrinsics through @polkadot/api; packages are submitted by corejam_submitPackage.
import type { ApiPromise } from '@polkadot/api';
import { fromHex, toHex } from '../../bytes/index.js';
import type { WorkItem } from '../../contract/index.js';
import { buildPackage, packElements, signPackage, withEvidence } from '../../incore/index.js';
import type { Element, Signer, UnsignedPackage } from '../../incore/index.js';
import { bold, CliError, dim, green, size } from '../terminal.js';
import { devAccount, type Account } from './client.js';
import { deploy } from './deploy.js';
import { readBack } from './elements.js';
import { watchPackage, type Stage } from './stages.js';

const step = (block: number, text: string): void =>
  console.log(`  ${dim(`block ${String(block).padStart(3)}`)}  ${text}`);

const signerOf = (account: Account): Signer => ({
  publicKey: account.publicKey,
  sign: (message) => account.sign(message),
});

interface Packed {
  encoded: string;
  unsigned: UnsignedPackage;
}

/** A package of `items` with the best block as context, signed by `owner`. */
async function packageOf(api: ApiPromise, items: readonly WorkItem[], owner: Signer): Promise<Packed> {
  const unsigned = buildPackage(items, fromHex((await api.rpc.chain.getBlockHash()).toHex()));
  return { encoded: toHex(signPackage(unsigned, owner).encoded), unsigned };
}

async function showElements(api: ApiPromise, classId: number, elements: readonly Element[]): Promise<void> {
  const head = await api.rpc.chain.getHeader();
  const where = `through childstate RPC at block ${head.number.toNumber()}, state root ${head.stateRoot.toHex().slice(0, 18)}…`;
  console.log(`\n${bold('Read back')} ${dim(where)}`);
  for (const element of elements) {
    const { sequence, length, proofNodes } = await readBack(api, classId, element, head.hash.toHex());
    console.log(
      `  ${String(sequence).padStart(3)}  ${Buffer.from(element.key).toString().padEnd(44)}${size(length).padStart(10)}  ` +
        `${green('proven')} ${dim(`by ${proofNodes} trie nodes`)}`,
    );
  }
}

function ensureEnded({ stage, message, reason }: Stage, expected: Stage['stage']): void {
  if (stage === expected) return;
  throw new CliError(
    `the package should have ended as ${expected}, but ended as ${stage}: ${message ?? reason ?? 'no reason given'}`,
  );
}

/** Runs the demo on the chain of `api`. Throws CliError if the chain does not do what the demo claims. */
export async function runDemo(api: ApiPromise, elements: readonly Element[]): Promise<void> {
  const root = devAccount('//Alice');
  const owner = devAccount('//Bob');
  console.log(bold('Deploying, by extrinsics'));
  const classId = await deploy(api, root, owner, step);
  const packages = packElements(classId, elements);
  for (const [index, items] of packages.entries()) {
    const { encoded } = await packageOf(api, items, signerOf(owner));
    const title = `Package ${index + 1} of ${packages.length}, for ${elements.length === 1 ? 'one file' : `${elements.length} files`}`;
    const last = await watchPackage(api, encoded, title);
    ensureEnded(last, 'accumulated');
  }
  await showElements(api, classId, elements);

  const again = await packageOf(api, packages[0]!, signerOf(owner));
  const collided = await watchPackage(api, again.encoded, 'A second package with the same keys: it collides');
  ensureEnded(collided, 'pruned');

  const { unsigned } = await packageOf(api, packages[0]!, signerOf(owner));
  const forged = withEvidence(unsigned, signerOf(devAccount('//Eve')).sign(new Uint8Array(32)));
  const refused = await watchPackage(api, toHex(forged.encoded), 'A package signed by another account: it is refused');
  ensureEnded(refused, 'refused');
}
