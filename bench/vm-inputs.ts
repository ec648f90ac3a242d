// Bad input, and good: how long refusing or preparing takes for each MiB.
//
//   node build/js/bench/vm-inputs.js [WORD…]      those whose names contain a word; exit code 1 where one is over its bound
//
// Milliseconds are of processor time, of all threads, the best of some runs, since machines are shared. Megabytes are what one run
// adds to a process that has prepared a small module. What is smaller than `LEAST_BYTES` counts as that much. A module that is odd,
// but inside the limits, has one bound whatever its size.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidModule, LIMITS, prepare, SCHEDULE } from '../host/vm/index.js';
import type { PrepareOptions } from '../host/vm/index.js';
import { addedMb } from './memory.js';
import { ROOT } from './root.js';
import { timed } from './timing.js';
import { INPUT_BYTES, INPUTS, overlappingNames } from './vm-input-families.js';
import { buildKernels } from './vm-kernels.js';
import { functionOf } from './vm-raw.js';

const RUNS = 5;
const MIB = 1 << 20;
const LEAST_BYTES = 256 << 10;
const REFUSED_MS_PER_MIB = 50;
const ORDINARY_MS_PER_MIB = 100;
const ODD_MS = 250;
const MB_PER_MIB = 64;

export interface Timing {
  readonly ms: number;
  readonly refusal: InvalidModule | undefined;
}

let prepared = 0;

/** Prepares under prices and limits of its own: V8 would find what it compiled from the same bytes a moment ago. */
export function prepareAnew(code: Uint8Array, options: PrepareOptions = {}): void {
  prepared += 1;
  const schedule = { ...SCHEDULE, call: SCHEDULE.call + prepared, local: SCHEDULE.local + prepared };
  const limits = { ...LIMITS, memoryPages: LIMITS.memoryPages + prepared };
  prepare(code, { ...options, schedule, limits });
}

/** The best of some runs of `work`, no more of them than until one takes at most `enough` ms, and how the last was refused. */
export function timeRefusal(work: () => unknown, runs = RUNS, enough = 0): Timing {
  let ms = Infinity;
  let refusal: InvalidModule | undefined;
  for (let run = 0; run < runs && ms > enough; run += 1) {
    refusal = undefined;
    const took = timed(() => {
      try {
        work();
      } catch (error) {
        if (!(error instanceof InvalidModule)) throw error;
        refusal = error;
      }
    });
    ms = Math.min(ms, took);
  }
  return { ms, refusal };
}

/** Milliseconds that these bytes may take. */
export function boundMs(bytes: number, refused: boolean, ordinary: boolean): number {
  const mebibytes = Math.max(bytes, LEAST_BYTES) / MIB;
  return refused ? REFUSED_MS_PER_MIB * mebibytes : ordinary ? ORDINARY_MS_PER_MIB * mebibytes : ODD_MS;
}

/** Megabytes that these bytes may take. */
function boundMb(bytes: number): number {
  return MB_PER_MIB * Math.max(bytes, LEAST_BYTES) / MIB;
}

/** Modules that somebody compiled: the chain's and the guests', the kernels, and what dependencies bring along. */
export async function ordinaryModules(): Promise<[string, Uint8Array][]> {
  const guests = readdirSync(join(ROOT, 'build/guests')).filter((name) => name.endsWith('.wasm'));
  const files = [
    'build/runtime.wasm', 'build/runtime.debug.wasm', ...guests.map((name) => `build/guests/${name}`),
    'node_modules/source-map/lib/mappings.wasm', 'node_modules/xxhash-wasm/workerd/xxhash.wasm',
  ];
  const kernels = Object.entries(await buildKernels());
  const present = files.filter((file) => existsSync(join(ROOT, file)));
  return [
    ...present.map((file): [string, Uint8Array] => [file, readFileSync(join(ROOT, file))]),
    ...kernels.map(([language, code]): [string, Uint8Array] => [`kernels: ${language}`, code]),
  ];
}

/** In a process of its own: prints the megabytes that preparing a file adds. */
function child(path: string, trace: boolean): void {
  const code = readFileSync(path);
  prepareAnew(functionOf([0x01]));
  process.stdout.write(String(addedMb(() => void timeRefusal(() => prepareAnew(code, { trace }), 1))));
}

/** Megabytes that preparing these bytes adds to a process. */
function memoryOf(code: Uint8Array, trace: boolean): number {
  const folder = mkdtempSync(join(tmpdir(), 'corejam-inputs-'));
  try {
    const path = join(folder, 'input.wasm');
    writeFileSync(path, code);
    const own = [fileURLToPath(import.meta.url), '--child', path, ...(trace ? ['trace'] : [])];
    return Number(execFileSync(process.execPath, own, { encoding: 'utf8' }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints a row and says whether it is within its bounds. */
function row(name: string, code: Uint8Array, ordinary: boolean, trace = false): boolean {
  const { ms, refusal } = timeRefusal(() => prepareAnew(code, { trace }));
  const mb = memoryOf(code, trace);
  const bound = boundMs(code.length, refusal !== undefined, ordinary);
  const within = ms <= bound && mb <= boundMb(code.length);
  const outcome = refusal === undefined ? 'prepared' : refusal.message;
  const figures = [(code.length / 1024).toFixed(0), ms.toFixed(1), bound.toFixed(0), mb.toFixed(0), boundMb(code.length).toFixed(0)];
  console.log(name.padEnd(76), ...figures.map((text) => text.padStart(8)), within ? '       ' : '  OVER ',
    outcome.length > 90 ? `${outcome.slice(0, 50)} … ${outcome.slice(-37)}` : outcome);
  return within;
}

/** Prints the table of all, or of those whose names contain one of the words; answers how many are over their bound. */
export async function printInputs(words: readonly string[] = []): Promise<number> {
  const wanted = (name: string): boolean => words.length === 0 || words.some((word) => name.includes(word));
  console.log('input'.padEnd(76), ...['KiB', 'ms', 'bound', 'MB', 'bound'].map((text) => text.padStart(8)), '        outcome');
  const within: boolean[] = [];
  const ordinary = (await ordinaryModules()).filter(([name]) => wanted(name));
  for (const [, code] of ordinary) timeRefusal(() => prepareAnew(code)); // the VM itself is warm
  for (const [name, code] of ordinary) within.push(row(name, code, true));
  for (const { name, build } of INPUTS) if (wanted(name)) within.push(row(name, build(INPUT_BYTES), false));
  const names = 'names in subsections that overlap, traced';
  if (wanted(names)) within.push(row(names, overlappingNames(INPUT_BYTES), false, true));
  const over = within.filter((fine) => !fine).length;
  console.log(`\n${within.length} inputs, ${over} over their bounds: ${REFUSED_MS_PER_MIB} ms a MiB refused, ` +
    `${ORDINARY_MS_PER_MIB} ms a MiB prepared, ${ODD_MS} ms where it is odd; ${MB_PER_MIB} MB a MiB`);
  return over;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , first, path, trace] = process.argv;
  if (first === '--child') child(path!, trace !== undefined);
  else process.exitCode = await printInputs(process.argv.slice(2)) === 0 ? 0 : 1;
}
