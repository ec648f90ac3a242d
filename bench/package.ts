// One work package of four items of 64 KiB: from submission to accumulation, with instant sealing.
import type { ApiPromise } from '@polkadot/api';
import { connect, devAccount } from '../host/cli/demo/client.js';
import { deploy } from '../host/cli/demo/deploy.js';
import { fromHex, toHex, utf8 } from '../host/bytes/index.js';
import { buildPackage, elementsItem, signPackage } from '../host/incore/index.js';
import { Rpc, startNode } from './process.js';

const ITEMS = 4;
const ITEM_BYTES = 64 * 1024;
const FAILURES = ['pruned', 'refused', 'timedOut', 'discarded'];

async function wholeWay(api: ApiPromise, rpc: Rpc, classId: number, round: number): Promise<number> {
  const owner = devAccount('//Bob');
  const items = Array.from({ length: ITEMS }, (_, index) =>
    elementsItem(classId, [
      {
        namespace: utf8('bench'),
        key: utf8(`${round}/${index}`),
        data: new Uint8Array(ITEM_BYTES).fill(round + index),
      },
    ]),
  );
  const unsigned = buildPackage(items, fromHex((await api.rpc.chain.getBlockHash()).toHex()));
  const encoded = toHex(
    signPackage(unsigned, { publicKey: owner.publicKey, sign: (message) => owner.sign(message) }).encoded,
  );
  const started = performance.now();
  const hash = await rpc.call<string>('corejam_submitPackage', [encoded]);
  await new Promise<void>((resolve, reject) => {
    rpc.onNotification((notification) => {
      const { stage, message } = notification as { stage: string; message?: string };
      if (stage === 'accumulated') resolve();
      else if (FAILURES.includes(stage)) reject(new Error(`the package ended as ${stage}: ${message}`));
    });
    rpc.call('corejam_subscribePackage', [hash]).catch(reject);
  });
  return performance.now() - started;
}

/** Milliseconds of each of `runs` packages, on one fresh chain. */
export async function packageRun(runs: number): Promise<number[]> {
  const node = await startNode(['--log', 'error']);
  const api = await connect(node.url);
  const rpc = await Rpc.connect(node.url);
  try {
    const classId = await deploy(api, devAccount('//Alice'), devAccount('//Bob'), () => undefined);
    const samples: number[] = [];
    for (let round = 0; round <= runs; round++) {
      const ms = await wholeWay(api, rpc, classId, round);
      if (round > 0) samples.push(ms);
    }
    return samples;
  } finally {
    rpc.close();
    await api.disconnect();
    await node.stop();
  }
}
