// Starts the fuzzer (`vm-main.ts`) from a test: bundled from the current sources, in a process of its own.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../unit/bundle.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a role of the fuzzer to its end, showing its output, and returns its report. */
export async function runFuzzer<T>(role: 'fuzz' | 'replay', ...args: number[]): Promise<T> {
  const script = fileURLToPath(bundle('tests/fuzz/vm-main.ts', `fuzz-${role}`));
  const folder = join(root, 'build/fuzz');
  mkdirSync(folder, { recursive: true });
  const report = join(folder, `report-${role}-${process.pid}.json`);
  const given = [script, role, root, report, ...args.map(String)];
  const child = spawn(process.execPath, given, { stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) => child.once('exit', resolve).once('error', reject));
  if (code !== 0) throw new Error(`the fuzzer ended with ${code}`);
  const told = JSON.parse(readFileSync(report, 'utf8')) as T;
  rmSync(report);
  return told;
}
