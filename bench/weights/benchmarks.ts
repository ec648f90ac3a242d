// All benchmarks of calls.
import type { Benchmark } from './benchmark.js';
import { BALANCES } from './pallets/balances.js';
import { REGISTRIES } from './pallets/registries.js';
import { STORAGE } from './pallets/storage.js';
import { SUDO } from './pallets/sudo.js';
import { SYSTEM } from './pallets/system.js';
import { TIMESTAMP } from './pallets/timestamp.js';

export const BENCHMARKS: readonly Benchmark[] = [
  ...SYSTEM,
  ...TIMESTAMP,
  ...BALANCES,
  ...SUDO,
  ...STORAGE,
  ...REGISTRIES,
];
