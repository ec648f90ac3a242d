// Signed transfers over WebSocket, from the first submission to the last inclusion in a block; and the peak memory of the
// node.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startNode } from './process.js';

const client = fileURLToPath(new URL('transfers-client.js', import.meta.url));
export const TRANSFERS = 1000;
/** So many that they go through the pool several times over. */
export const TRANSFERS_MANY = 12_000;

/** What one run gave. */
export interface TransfersRun {
  ms: number;
  blocks: number;
  peakMemoryMib: number;
  /** Processor time of the node, from the first submission. */
  cpuSeconds: number;
}

/** One run of `count` transfers on a fresh node. `signatureCache` off shows what the cache is worth. */
export async function transfersRun(count: number, signatureCache: boolean): Promise<TransfersRun> {
  const node = await startNode(['--log', 'error'], signatureCache ? {} : { COREJAM_SIGNATURE_CACHE: '0' });
  try {
    const child = spawn(process.execPath, [client, node.url, String(count)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let before = 0;
    const result = await new Promise<{ ms: number; blocks: number }>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the client ended early (exit code ${code})`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line === 'ready') {
          before = node.cpuSeconds();
          child.stdin.write('go\n');
        } else resolve(JSON.parse(line) as { ms: number; blocks: number });
      });
    });
    return { ...result, peakMemoryMib: node.peakMemoryMib(), cpuSeconds: node.cpuSeconds() - before };
  } finally {
    await node.stop();
  }
}
