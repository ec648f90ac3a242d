// All benchmarks of calls, hooks and inherents.
import type { Benchmark } from './benchmark.js';
import { BALANCES } from './pallets/balances.js';
import { SYSTEM } from './pallets/system.js';
import { TIMESTAMP } from './pallets/timestamp.js';

export const BENCHMARKS: readonly Benchmark[] = [...SYSTEM, ...TIMESTAMP, ...BALANCES];
