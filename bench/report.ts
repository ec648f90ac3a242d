// Prints figures of the bench: median and spread, with the goal.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './root.js';

/** Smallest, middle and largest of the samples of one figure. */
export interface Spread {
  min: number;
  median: number;
  max: number;
  runs: number;
}

export function spread(samples: number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  return { min: sorted[0]!, median: sorted[sorted.length >> 1]!, max: sorted.at(-1)!, runs: sorted.length };
}

const number = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** One row: `name   median unit (min … max, n runs)   goal …`. */
export function print(name: string, unit: string, { min, median, max, runs }: Spread, goal?: number): void {
  const figure = `${number(median)} ${unit}`.padStart(14);
  const range = `(${number(min)} … ${number(max)}, ${runs} ${runs === 1 ? 'run' : 'runs'})`.padEnd(34);
  const verdict = goal === undefined ? '' : `goal ${goal} ${unit}: ${median <= goal ? 'met' : 'missed'}`;
  console.log(`${name.padEnd(52)}${figure}  ${range}${verdict}`);
}

/** Machine and versions, so that a figure can be read later. */
export function printMachine(): void {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  console.log(
    `corejam ${version}, Node ${process.versions.node}, V8 ${process.versions.v8}, ` +
      `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`,
  );
}
