// A block runs thousands of slices (D37), each in a fresh instance: the host's memory must not grow with their number.
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { guest, invoke } from './machine-runtime.js';

const RUNS = 500;
const MIB = 2 ** 20;
/** Of the 2,000 MiB that the instances have together. */
const BOUND_MIB = 600;

/** Memory of this process, in MiB, on Linux. */
const residentMib = (): number =>
  (Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024) / MIB;

(process.platform === 'linux' ? test : test.skip)(
  `${RUNS} guests that fill their 4 MiB of memory leave no memory behind`,
  async () => {
    // Grows to the limit of 64 pages and writes to each.
    const fill = `(drop (memory.grow (i32.sub (i32.const 64) (memory.size))))
      (memory.fill (i32.const 4096) (i32.const 1) (i32.const ${4 * MIB - 4096})) (i64.const 0)`;
    const code = guest(fill);
    const run = (): void => expect(invoke(code).outcome).toBe(0);
    for (let warmUp = 0; warmUp < 50; warmUp++) run();
    const before = residentMib();
    for (let index = 0; index < RUNS; index++) run();
    // V8 frees it in the background, later where other programs have the processors.
    for (let waits = 0; waits < 200 && residentMib() - before >= BOUND_MIB; waits++) await sleep(50);
    expect(residentMib() - before).toBeLessThan(BOUND_MIB);
  },
);
