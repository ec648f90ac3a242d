// Empty blocks, one after another by engine_createBlock: from request to response, including the commit.
import { setTimeout as sleep } from 'node:timers/promises';
import { Rpc, startNode } from './process.js';

const WARM_UP = 20;
const BLOCKS = 100;
/** The processes for guests start when the chain has begun to listen, and are not what is measured. */
const SETTLE_MS = 1_500;

/** Milliseconds of each block. */
export async function emptyBlockRun(flags: string[]): Promise<number[]> {
  const node = await startNode(['--sealing', 'manual', '--log', 'error', ...flags]);
  try {
    const rpc = await Rpc.connect(node.url);
    await sleep(SETTLE_MS);
    const samples: number[] = [];
    for (let index = 0; index < WARM_UP + BLOCKS; index++) {
      const started = performance.now();
      await rpc.call('engine_createBlock', [true, true]);
      if (index >= WARM_UP) samples.push(performance.now() - started);
    }
    rpc.close();
    return samples;
  } finally {
    await node.stop();
  }
}
