// All benchmarks of calls and hooks.
import type { Benchmark } from './benchmark.js';
import { ACCUMULATION } from './pallets/accumulation.js';
import { AVAILABILITY } from './pallets/availability.js';
import { BALANCES } from './pallets/balances.js';
import { REGISTRIES } from './pallets/registries.js';
import { INVOCATION } from './pallets/invocation.js';
import { REPORTING } from './pallets/reporting.js';
import { STORAGE } from './pallets/storage.js';
import { SUDO } from './pallets/sudo.js';
import { SYSTEM } from './pallets/system.js';
import { TIMESTAMP } from './pallets/timestamp.js';
import { UTILITY } from './pallets/utility.js';

export const BENCHMARKS: readonly Benchmark[] = [
  ...SYSTEM,
  ...TIMESTAMP,
  ...BALANCES,
  ...SUDO,
  ...UTILITY,
  ...STORAGE,
  ...REGISTRIES,
  ...INVOCATION,
  ...REPORTING,
  ...AVAILABILITY,
  ...ACCUMULATION,
];
