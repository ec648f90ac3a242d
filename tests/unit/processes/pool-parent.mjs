// A process with a pool whose only job never ends: prints the child's process id, and waits to be killed.
const { Pool } = await import(process.argv[2]);
const pool = new Pool({
  job: new URL('./pool-job.mjs', import.meta.url),
  size: 1,
  wallClockMs: 600_000,
  memoryMiB: 512,
});
await pool.run({ task: 'echo' });
void pool.run({ task: process.argv[3], value: 100 });
setTimeout(() => console.log(pool.pids[0]), 200);
