// The pool of child processes: jobs that do not end are killed, children that crash are replaced, and no other job is
// lost.
import { afterAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { JobFailed, JobKilled, Pool } from '../../../host/processes/pool.js';
import { eventually } from '../../eventually.js';
import { bundle } from '../bundle.js';

const job = new URL('./pool-job.mjs', import.meta.url);
const pools: Pool[] = [];

function pool(options: Partial<ConstructorParameters<typeof Pool>[0]> = {}): Pool {
  const made = new Pool({ job, size: 2, wallClockMs: 20_000, memoryMiB: 512, ...options });
  pools.push(made);
  return made;
}

afterAll(() => Promise.all(pools.map((made) => made.close())));

/** Whether the process is running. A zombie is not. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const echo = (value: unknown): unknown => ({ task: 'echo', value });

describe('a pool of child processes', () => {
  test('jobs run in other processes, and bytes and integers cross as they are', async () => {
    const value = { bytes: Uint8Array.of(1, 2, 3), wide: 2n ** 63n, nested: [undefined, null] };
    const answer = (await pool().run(echo(value))) as { pid: number; value: typeof value };
    expect(answer.pid).not.toBe(process.pid);
    expect([...answer.value.bytes]).toEqual([1, 2, 3]);
    expect(answer.value.wide).toBe(2n ** 63n);
  });

  test('more jobs than children wait their turn, and children are used again', async () => {
    const two = pool();
    const answers = (await Promise.all(Array.from({ length: 12 }, (_, value) => two.run(echo(value))))) as {
      pid: number;
      value: number;
    }[];
    expect(answers.map(({ value }) => value)).toEqual(Array.from({ length: 12 }, (_, value) => value));
    expect(new Set(answers.map(({ pid }) => pid)).size).toBeLessThanOrEqual(2);
    expect(two.alive).toBeLessThanOrEqual(2);
  });

  test('jobs that are ahead take turns with the others, each kind in its order', async () => {
    const one = pool({ size: 1 });
    const order: string[] = [];
    const start = async (name: string, ahead: boolean): Promise<void> => {
      await one.run(echo(name), { ahead });
      order.push(name);
    };
    const jobs = ['first', 'other 1', 'other 2', 'other 3'].map((name) => start(name, false));
    jobs.push(...['ahead 1', 'ahead 2'].map((name) => start(name, true)));
    await Promise.all(jobs);
    expect(order).toEqual(['first', 'ahead 1', 'other 1', 'ahead 2', 'other 2', 'other 3']);
  });

  test('children that were started beforehand take the first jobs', async () => {
    const warm = pool();
    warm.warm();
    const pids = warm.pids;
    expect(pids).toHaveLength(2);
    const { pid } = (await warm.run(echo(1))) as { pid: number };
    expect(pids).toContain(pid);
    warm.warm();
    expect(warm.pids).toEqual(pids);
  });

  test('a job that must be alone has a child that has run no other', async () => {
    const one = pool({ size: 1 });
    const pidOf = async (options?: { alone: boolean }): Promise<number> =>
      ((await one.run(echo(1), options)) as { pid: number }).pid;
    const first = await pidOf({ alone: true });
    expect(await pidOf()).toBe(first);
    const [second, third, after] = await Promise.all([pidOf({ alone: true }), pidOf({ alone: true }), pidOf()]);
    expect(new Set([first, second, third]).size).toBe(3);
    expect(after).toBe(third);
    expect(one.alive).toBe(1);
    expect(alive(first)).toBe(false);
    expect(alive(second!)).toBe(false);
  });

  test('a job that must be alone waits for no child if there is room for another, and takes a fresh one if there is one', async () => {
    const two = pool();
    const spinning = two.run({ task: 'spin' }).catch((error: unknown) => error);
    await two.run(echo(1), { alone: true });
    two.warm();
    const fresh = two.pids;
    const { pid } = (await two.run(echo(2), { alone: true })) as { pid: number };
    expect(fresh).not.toContain(pid); // both were in use or used
    expect(two.alive).toBe(2);
    await two.close();
    await spinning;
  });

  test('a child that grows while it has nothing to do is killed too, and the next job has another', async () => {
    const one = pool({ size: 1, memoryMiB: 150 });
    const { pid } = (await one.run({ task: 'grow later', value: 300 * 2 ** 20 })) as { pid: number };
    await eventually(() => (alive(pid) ? undefined : true));
    expect(((await one.run(echo(1))) as { pid: number }).pid).not.toBe(pid);
  });

  test('the error of a killed job says whether the child had run another', async () => {
    const one = pool({ size: 1, wallClockMs: 3_000 }); // a child's start counts, on a busy machine too
    const ended = (task: string): Promise<unknown> => one.run({ task, value: 1 }).catch((error: unknown) => error);
    expect(await ended('spin')).toMatchObject({ cause: 'wall clock', alone: true });
    expect(await ended('exit')).toMatchObject({ cause: 'crash', alone: true });
    await one.run(echo(1));
    expect(await ended('spin')).toMatchObject({ cause: 'wall clock', alone: false });
  });

  test('a job that never ends is killed by the clock; the job beside it and those after it are not lost', async () => {
    const both = pool({ wallClockMs: 3_000 });
    const stuck = both.run({ task: 'spin' });
    const beside = both.run(echo('beside'));
    const after = [both.run(echo(1)), both.run(echo(2))];
    await expect(stuck).rejects.toMatchObject({ name: 'JobKilled', cause: 'wall clock' });
    await expect(beside).resolves.toMatchObject({ value: 'beside' });
    await expect(Promise.all(after)).resolves.toMatchObject([{ value: 1 }, { value: 2 }]);
    await expect(both.run(echo('again'))).resolves.toMatchObject({ value: 'again' });
  });

  test('a loop of large fills, which nothing inside V8 can stop, is stopped', async () => {
    await expect(pool({ wallClockMs: 1_500 }).run({ task: 'fill', value: 1_000 })).rejects.toMatchObject({
      cause: 'wall clock',
    });
  });

  test('a child that takes too much memory is killed', async () => {
    await expect(pool({ memoryMiB: 150 }).run({ task: 'fill', value: 8_000 })).rejects.toMatchObject({
      cause: 'memory',
    });
  });

  test('a child that crashes is replaced', async () => {
    const one = pool({ size: 1 });
    const crash = one.run({ task: 'exit', value: 9 });
    const next = one.run(echo('next'));
    await expect(crash).rejects.toThrow('the child ended with code 9');
    await expect(crash).rejects.toBeInstanceOf(JobKilled);
    await expect(next).resolves.toMatchObject({ value: 'next' });
  });

  test('a child that exits by itself is noticed at once, not when the time is over', async () => {
    await expect(pool({ size: 1 }).run({ task: 'exit late', value: 9 })).rejects.toThrow('the child ended with code 9');
  });

  test('an exception of the job is another error, and the child goes on', async () => {
    const one = pool({ size: 1 });
    const { pid } = (await one.run(echo(0))) as { pid: number };
    const failed = one.run({ task: 'throw', value: 7 });
    await expect(failed).rejects.toBeInstanceOf(JobFailed);
    await expect(failed).rejects.toThrow('told to throw 7');
    await expect(one.run(echo(0))).resolves.toMatchObject({ pid });
  });

  test('a missing module is a crash, and no endless wait', async () => {
    await expect(pool({ job: new URL('./nothing.mjs', import.meta.url) }).run(echo(1))).rejects.toMatchObject({
      cause: 'crash',
    });
  });

  test('closing rejects what runs and what waits', async () => {
    const one = pool({ size: 1 });
    const jobs = [one.run({ task: 'spin' }), one.run(echo(1))].map((promise) =>
      expect(promise).rejects.toMatchObject({ cause: 'closed' }),
    );
    const { pids } = one;
    await one.close();
    for (const pid of pids) expect(alive(pid)).toBe(false);
    await Promise.all(jobs);
    await expect(one.run(echo(2))).rejects.toBeInstanceOf(JobKilled);
  });

  test('Ctrl-C, which a terminal sends to all processes at once, is left to the parent', async () => {
    const one = pool({ size: 1 });
    const { pid } = (await one.run(echo(0))) as { pid: number };
    process.kill(pid, 'SIGINT');
    await expect(one.run(echo(0))).resolves.toMatchObject({ pid });
  });

  test.each(['spin', 'fill'])(
    'a parent that is killed takes along a child in the middle of an endless %s',
    async (task) => {
      const parent = spawn(
        process.execPath,
        [
          fileURLToPath(new URL('./pool-parent.mjs', import.meta.url)),
          bundle('host/processes/pool.ts', 'pool').href,
          task,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      expect(alive(pid)).toBe(true);
      parent.kill('SIGKILL');
      await once(parent, 'exit');
      await eventually(() => (alive(pid) ? undefined : true));
    },
  );
});
