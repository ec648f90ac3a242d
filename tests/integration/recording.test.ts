// Records the chain that tests/conformance/recorded-chain.test.ts replays. It runs with COREJAM_RECORD=1 only: after a change of
// behaviour that is meant.
//
// The scenario has every call, in ways that succeed and in ways that fail, and packages that accumulate, collide, panic, depend on
// one another, time out, and lack their deposit.
import { expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { blake2_256, toHex, utf8 } from '../../host/bytes/index.js';
import {
  buildPackage,
  classTrie,
  elementsItem,
  signPackage,
  type SignedPackage,
  sovereignAccount,
} from '../../host/incore/index.js';
import type { CommittedBlock } from '../../host/node/index.js';
import { deployOrdering, signerOf, startChain, submitTo, type TestChain } from './chain.js';

const FILE = join(fileURLToPath(new URL('../..', import.meta.url)), 'tests/conformance/recorded-chain.json.gz');
const UNIT = 10n ** 12n;

const recording = process.env.COREJAM_RECORD === '1' ? test : test.skip;

recording(
  'a chain with every call is recorded',
  async () => {
    let lost = false;
    const chain = await startChain({ deliver: (_validator, parcel) => (lost ? undefined : parcel) });
    const blocks: object[] = [];
    let classId: number | undefined = undefined;
    let childBefore = new Map<string, string>();
    chain.node.subscribeBlocks((block) => {
      const trie = classId === undefined ? undefined : classTrie(classId);
      const child = trie && chain.node.stateAt(block.hash).child(trie);
      const now = new Map([...(child?.entries() ?? [])].map(([key, value]) => [toHex(key), toHex(value)]));
      blocks.push(recordOf(block, trie, changesBetween(childBefore, now)));
      childBefore = now;
    });

    callEverything(chain);
    classId = deployOrdering(chain, [0, 1]);
    await sendPackages(chain, classId, (state) => (lost = state));
    attempt(chain, 'sudo', 'setKey', [signerOf('Bob').publicKey]);
    attempt(chain, 'sudo', 'removeKey', [], 'Bob');
    await chain.close();

    expect(blocks.length).toBeGreaterThan(60);
    writeFileSync(FILE, gzipSync(JSON.stringify({ genesisHash: toHex(chain.node.genesisHash), blocks }), { level: 9 }));
  },
  300_000,
);

type Change = [key: string, value: string | null];

function recordOf(block: CommittedBlock, trie: Uint8Array | undefined, child: Change[]): object {
  const digest = block.header.digest.find((item) => item.kind === 'preRuntime');
  if (digest?.kind !== 'preRuntime') throw new Error(`block ${block.number} has no slot`);
  return {
    parentHash: toHex(block.header.parentHash),
    slot: toHex(digest.data),
    extrinsics: block.extrinsics.map(toHex),
    changes: block.changes.map(([key, value]) => [toHex(key), value === undefined ? null : toHex(value)]),
    ...(trie === undefined || child.length === 0 ? {} : { child: [toHex(trie), child] }),
  };
}

function changesBetween(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): Change[] {
  const written = [...now].filter(([key, value]) => before.get(key) !== value);
  const removed = [...before.keys()].filter((key) => !now.has(key));
  return [...written, ...removed.map((key): Change => [key, null])];
}

/** Sends a call. A call that fails is recorded as well. */
function attempt(chain: TestChain, pallet: string, call: string, args: unknown[], by?: string): void {
  try {
    chain.send(pallet, call, args, by);
  } catch (error) {
    if (!(error instanceof Error && /was not taken|failed/.test(error.message))) throw error;
  }
}

function attemptAsRoot(chain: TestChain, pallet: string, call: string, args: unknown[]): void {
  try {
    chain.sudo(pallet, call, args);
  } catch (error) {
    if (!(error instanceof Error && /was not taken|failed/.test(error.message))) throw error;
  }
}

/** The calls of all pallets but those that packages need. */
function callEverything(chain: TestChain): void {
  const bob = signerOf('Bob').publicKey;
  const charlie = signerOf('Charlie').publicKey;
  const eve = signerOf('Eve').publicKey;
  const nobody = new Uint8Array(32).fill(9);
  attempt(chain, 'balances', 'transferKeepAlive', [nobody, 5n * UNIT]);
  attempt(chain, 'balances', 'transferAllowDeath', [nobody, 1n]);
  attempt(chain, 'balances', 'transferAllowDeath', [new Uint8Array(32).fill(8), 1n]);
  attempt(chain, 'balances', 'transferAll', [bob, true], 'Eve');
  attempt(chain, 'balances', 'transferKeepAlive', [eve, 1n], 'Eve');
  attemptAsRoot(chain, 'balances', 'forceSetBalance', [eve, 1_000n * UNIT]);
  attemptAsRoot(chain, 'balances', 'forceTransfer', [eve, nobody, 3n * UNIT]);
  attempt(chain, 'balances', 'forceTransfer', [eve, nobody, 3n * UNIT]);
  attempt(chain, 'system', 'remark', ['0x0102']);
  attempt(chain, 'system', 'remarkWithEvent', ['0x010203']);
  attemptAsRoot(chain, 'system', 'setStorage', [
    [
      ['0x6b', '0x76'],
      ['0x6b32', '0x77'],
    ],
  ]);
  attemptAsRoot(chain, 'system', 'killStorage', [['0x6b']]);
  attemptAsRoot(chain, 'system', 'killPrefix', ['0x6b', 1]);
  const preimage = utf8('a preimage of some length');
  const hash = blake2_256(preimage);
  attempt(chain, 'storage', 'provide', [toHex(preimage)]);
  attempt(chain, 'storage', 'requestUntrusted', [hash, preimage.length], 'Charlie');
  attempt(chain, 'storage', 'requestUntrusted', [hash, preimage.length], 'Charlie');
  attemptAsRoot(chain, 'storage', 'request', [hash, preimage.length]);
  attempt(chain, 'storage', 'provide', [toHex(preimage)], 'Dave');
  attempt(chain, 'storage', 'provide', [toHex(preimage)], 'Dave');
  attempt(chain, 'storage', 'unrequestUntrusted', [hash], 'Charlie');
  attempt(chain, 'storage', 'expungeUntrusted', [charlie, hash], 'Dave');
  attemptAsRoot(chain, 'storage', 'unrequest', [hash]);
  attemptAsRoot(chain, 'storage', 'unrequest', [hash]);
  attempt(chain, 'storage', 'expunge', [hash], 'Dave');
  attempt(chain, 'storage', 'store', [toHex(preimage)], 'Dave');
  attempt(chain, 'workClasses', 'register', [hash, { prune: 0, accumulate: 10n ** 9n }], 'Dave');
  attemptAsRoot(chain, 'workClasses', 'setRegistrationPolicy', ['Signed']);
  attempt(chain, 'workClasses', 'register', [hash, { prune: 0, accumulate: 10n ** 9n }], 'Dave');
  attempt(chain, 'workClasses', 'register', [new Uint8Array(32), { prune: 0, accumulate: 10n ** 9n }], 'Dave');
  attempt(chain, 'workClasses', 'register', [hash, { prune: 10n ** 15n, accumulate: 10n ** 9n }], 'Dave');
  attemptAsRoot(chain, 'coretime', 'assign', [9, 10_000]);
  attemptAsRoot(chain, 'coretime', 'assign', [0, 20_000]);
  attempt(chain, 'authorizations', 'register', [{ codeHash: new Uint8Array(32), param: '0x' }], 'Dave');
  attempt(chain, 'authorizations', 'register', [{ codeHash: hash, param: '0x01' }], 'Dave');
  attempt(chain, 'authorizations', 'unregister', [10_000], 'Dave');
  attempt(chain, 'authorizations', 'unregister', [10_001], 'Dave');
}

/** Packages on cores 0 and 1. `lose` says whether shards reach their validators. */
async function sendPackages(chain: TestChain, classId: number, lose: (lost: boolean) => void): Promise<void> {
  const packageOf = (items: string[][], prerequisite?: Uint8Array): SignedPackage => {
    const workItems = items.map((keys) =>
      elementsItem(
        classId,
        keys.map((key) => ({ namespace: utf8('n'), key: utf8(key), data: utf8(key.repeat(20)) })),
      ),
    );
    return signPackage(buildPackage(workItems, chain.node.best().hash, prerequisite), signerOf('Bob'));
  };
  const blocks = (count: number): void => {
    for (let made = 0; made < count; made++) chain.block();
  };
  await submitTo(chain, packageOf([['a', 'b'], ['c']]), 0);
  await submitTo(chain, packageOf([['d'], ['e', 'e']]), 1);
  blocks(3);
  await submitTo(chain, packageOf([['a']]), 0);
  const late = packageOf([['f']]);
  await submitTo(chain, packageOf([['g']], late.hash), 1);
  await submitTo(chain, late, 0);
  blocks(4);
  lose(true);
  await submitTo(chain, packageOf([['lost']]), 1);
  blocks(13);
  lose(false);
  attemptAsRoot(chain, 'balances', 'forceSetBalance', [sovereignAccount(classId), UNIT]);
  await submitTo(chain, packageOf([['poor'], ['x'.repeat(100)]]), 0);
  blocks(3);
}
