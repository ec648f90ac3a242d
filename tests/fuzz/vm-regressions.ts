// Regressions, kept as files: a module (.wasm, or .wat if it was written by hand) and a .json with the reason it is
// kept and the calls to make. `vm-main.ts` tries each in every tier of V8.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wat } from '../unit/vm/wat.js';
import type { Case, Step } from './vm-case.js';
import { read, show } from './vm-case.js';

interface Told {
  readonly why: string;
  readonly schedule: number;
  /** How the module must be refused, where it must be. */
  readonly refused?: string;
  /** Calls of one instance in a row, and how the last of them must end. */
  readonly runs: readonly {
    readonly steps: readonly Step[];
    readonly outcome: string;
    readonly value?: number | bigint;
  }[];
}

/** A case and its expected results. */
export interface Regression {
  readonly name: string;
  readonly given: Case;
  readonly told: Told;
}

/** Every regression of a folder. */
export function regressionsIn(folder: string): Regression[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.json'.length);
      const told = read<Told>(readFileSync(join(folder, file), 'utf8'));
      const text = join(folder, `${name}.wat`);
      const code = existsSync(text)
        ? wat(readFileSync(text, 'utf8'))
        : new Uint8Array(readFileSync(join(folder, `${name}.wasm`)));
      const { schedule, refused, runs } = told;
      const given = {
        name,
        code,
        seed: 0,
        schedule,
        refusable: refused !== undefined,
        runs: runs.map(({ steps }) => steps),
      };
      return { name, given, told };
    });
}

/** Writes a case as a regression and returns its path without extension. */
export function keep(folder: string, given: Case, why: string, outcomes: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, given.name.replaceAll(/[^\w]+/g, '-'));
  const runs = (given.runs ?? []).map((steps, index) => ({ steps, outcome: outcomes[index] ?? 'unknown' }));
  writeFileSync(`${path}.wasm`, given.code);
  const told: Told = { why, schedule: given.schedule, runs };
  writeFileSync(`${path}.json`, `${JSON.stringify(JSON.parse(show(told)), undefined, 2)}\n`);
  return path;
}
