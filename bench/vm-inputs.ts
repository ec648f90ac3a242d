// Bad and good input: how long it takes to refuse or prepare, for each MiB.
//
//   node build/js/bench/vm-inputs.js [WORD…]      inputs whose names contain a word; exit code 1 if one exceeds a bound
//   node build/js/bench/vm-inputs.js --times N    milliseconds, as JSON, of the first run within N bounds: for tests
//
// Milliseconds are processor time of all threads, the best of several runs, because machines are shared. Megabytes are
// what one run adds to a process that has prepared a small module. Input smaller than `LEAST_BYTES` counts as that
// much. An odd module within the limits has the same bound at any size.
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

const RUNS = 10;
const MIB = 1 << 20;
const LEAST_BYTES = 256 << 10;
const REFUSED_MS_PER_MIB = 50;
const ORDINARY_MS_PER_MIB = 100;
const ODD_MS = 250;
const MB_PER_MIB = 64;

interface Timing {
  readonly ms: number;
  readonly refusal: InvalidModule | undefined;
}

/** Something to prepare. */
interface Input {
  readonly name: string;
  readonly code: Uint8Array;
  /** The output of a compiler. */
  readonly ordinary: boolean;
  readonly trace: boolean;
}

/** What `--times` prints of each. */
export interface InputTimes {
  readonly name: string;
  readonly ordinary: boolean;
  readonly bytes: number;
  readonly ms: number;
  readonly bound: number;
  readonly refusal?: { readonly reason: string; readonly offset: number };
}

let prepared = 0;

/** Prepares with prices and limits used only once, because V8 caches what it has compiled from equal bytes. */
export function prepareAnew(code: Uint8Array, options: PrepareOptions = {}): void {
  prepared += 1;
  const schedule = { ...SCHEDULE, call: SCHEDULE.call + prepared, local: SCHEDULE.local + prepared };
  const limits = { ...LIMITS, memoryPages: LIMITS.memoryPages + prepared };
  prepare(code, { ...options, schedule, limits });
}

/** Prepares once. */
function timeOnce({ code, trace }: Pick<Input, 'code' | 'trace'>): Timing {
  let refusal: InvalidModule | undefined;
  const ms = timed(() => {
    try {
      prepareAnew(code, { trace });
    } catch (error) {
      if (!(error instanceof InvalidModule)) throw error;
      refusal = error;
    }
  });
  return { ms, refusal };
}

/** The best of several runs, which stop when one is within `slack` bounds. */
function timeBest(input: Input, slack = 0): Timing & { readonly bound: number } {
  let best = timeOnce(input);
  const bound = boundMs(input.code.length, best.refusal !== undefined, input.ordinary);
  for (let run = 1; run < RUNS && best.ms > slack * bound; run += 1) {
    const next = timeOnce(input);
    if (next.ms < best.ms) best = next;
  }
  return { ...best, bound };
}

/** Milliseconds that these bytes may take. */
function boundMs(bytes: number, refused: boolean, ordinary: boolean): number {
  const mebibytes = Math.max(bytes, LEAST_BYTES) / MIB;
  return refused ? REFUSED_MS_PER_MIB * mebibytes : ordinary ? ORDINARY_MS_PER_MIB * mebibytes : ODD_MS;
}

/** Megabytes that these bytes may take. */
function boundMb(bytes: number): number {
  return (MB_PER_MIB * Math.max(bytes, LEAST_BYTES)) / MIB;
}

/** The output of compilers: the runtime, guests, kernels, and modules of dependencies. */
async function ordinaryModules(): Promise<[string, Uint8Array][]> {
  const guests = readdirSync(join(ROOT, 'build/guests')).filter((name) => name.endsWith('.wasm'));
  const files = [
    'build/runtime.wasm',
    'build/runtime.debug.wasm',
    ...guests.map((name) => `build/guests/${name}`),
    'node_modules/source-map/lib/mappings.wasm',
    'node_modules/xxhash-wasm/workerd/xxhash.wasm',
  ];
  const kernels = Object.entries(await buildKernels());
  const present = files.filter((file) => existsSync(join(ROOT, file)));
  return [
    ...present.map((file): [string, Uint8Array] => [file, readFileSync(join(ROOT, file))]),
    ...kernels.map(([language, code]): [string, Uint8Array] => [`kernels: ${language}`, code]),
  ];
}

/** Everything that is measured, in the table's order. Built one after another: together they are large. */
async function* inputs(): AsyncGenerator<Input> {
  const ordinary = await ordinaryModules();
  for (const [, code] of ordinary) timeOnce({ code, trace: false }); // the VM itself is warm
  for (const [name, code] of ordinary) yield { name, code, ordinary: true, trace: false };
  for (const { name, build } of INPUTS) yield { name, code: build(INPUT_BYTES), ordinary: false, trace: false };
  yield {
    name: 'names in subsections that overlap, traced',
    code: overlappingNames(INPUT_BYTES),
    ordinary: false,
    trace: true,
  };
}

/** In a process of its own: prints the megabytes that preparing a file adds. */
function child(path: string, trace: boolean): void {
  const code = readFileSync(path);
  prepareAnew(functionOf([0x01]));
  process.stdout.write(String(addedMb(() => void timeOnce({ code, trace }))));
}

/** Megabytes that preparing these bytes adds to a process. */
function memoryOf({ code, trace }: Input): number {
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

/** Prints a row and returns whether it is within its bounds. */
function row(input: Input): boolean {
  const { name, code } = input;
  const { ms, refusal, bound } = timeBest(input);
  const mb = memoryOf(input);
  const within = ms <= bound && mb <= boundMb(code.length);
  const outcome = refusal === undefined ? 'prepared' : refusal.message;
  const figures = [
    (code.length / 1024).toFixed(0),
    ms.toFixed(1),
    bound.toFixed(0),
    mb.toFixed(0),
    boundMb(code.length).toFixed(0),
  ];
  console.log(
    name.padEnd(76),
    ...figures.map((text) => text.padStart(8)),
    within ? '       ' : '  OVER ',
    outcome.length > 90 ? `${outcome.slice(0, 50)} … ${outcome.slice(-37)}` : outcome,
  );
  return within;
}

/**
 * Prints the table of all inputs, or of those whose names contain one of the words. Returns how many exceed a bound.
 */
export async function printInputs(words: readonly string[] = []): Promise<number> {
  console.log(
    'input'.padEnd(76),
    ...['KiB', 'ms', 'bound', 'MB', 'bound'].map((text) => text.padStart(8)),
    '        outcome',
  );
  const within: boolean[] = [];
  for await (const input of inputs()) {
    if (words.length === 0 || words.some((word) => input.name.includes(word))) within.push(row(input));
  }
  const over = within.filter((fine) => !fine).length;
  console.log(
    `\n${within.length} inputs, ${over} over their bounds: ${REFUSED_MS_PER_MIB} ms a MiB refused, ` +
      `${ORDINARY_MS_PER_MIB} ms a MiB prepared, ${ODD_MS} ms where it is odd; ${MB_PER_MIB} MB a MiB`,
  );
  return over;
}

/** Prints what each takes, as one array of `InputTimes`. */
async function printTimes(slack: number): Promise<void> {
  const rows: InputTimes[] = [];
  for await (const input of inputs()) {
    const { ms, bound, refusal } = timeBest(input, slack);
    const { name, code, ordinary } = input;
    const refused = refusal === undefined ? {} : { refusal: { reason: refusal.reason, offset: refusal.offset } };
    rows.push({ name, ordinary, bytes: code.length, ms, bound, ...refused });
  }
  console.log(JSON.stringify(rows));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , first, second, trace] = process.argv;
  if (first === '--child') child(second!, trace !== undefined);
  else if (first === '--times') await printTimes(Number(second));
  else process.exitCode = (await printInputs(process.argv.slice(2))) === 0 ? 0 : 1;
}
