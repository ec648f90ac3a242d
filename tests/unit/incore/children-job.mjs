// The job module for the tests of children.ts: the real one, except for arguments that make the machine fail.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';

const worker = new URL('../../../build/test/incore-worker/module.mjs', import.meta.url);
const { run: real } = await import(worker.href);

/** Allocates 32 MiB every 20 ms in a thread of its own, as a thread of V8's compiler could. */
const TAKER = `const taken = []; setInterval(() => taken.push(Buffer.alloc(2 ** 25, 1)), 20);`;

// Loading leaves up to 50 MiB of garbage, nearly as much as a guest may have memory, which V8 collects at some later
// time. So the garbage is collected first, and a ballast exceeds the memory that was used while loading.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
let ballast;

export async function run(job) {
  const said = job.entry !== 'refine' || 'file' in job.args ? '' : Buffer.from(job.args).toString('latin1');
  if (said.includes('host function that never returns')) for (;;);
  if (said.includes('host that takes all memory')) {
    const taken = [];
    for (;;) {
      taken.push(Buffer.alloc(2 ** 25, 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  if (said.includes('host that takes memory in the background')) new Worker(TAKER, { eval: true });
  if (said.includes('host of a known size')) {
    collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    ballast ??= Buffer.alloc(100 * 2 ** 20, 1);
  }
  if (said.includes('host that crashes')) process.exit(9);
  return real(job);
}
