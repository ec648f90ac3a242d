// The job of children.ts as its tests run it: the real one, but for packages whose arguments say that the machine fails.
const worker = new URL('../../../build/test/incore-worker/module.mjs', import.meta.url);
const { run: real } = await import(worker.href);

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
  if (said.includes('host that crashes')) process.exit(9);
  return real(job);
}
