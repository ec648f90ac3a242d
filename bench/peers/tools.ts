// The tools of the peers, installed below build/peers: wasmtime's Python package in an environment of its own, and our
// Rust crate. If a tool or the network is missing, the result names it and the bench continues without it.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root.js';

const sources = join(ROOT, 'bench/peers');
const folder = join(ROOT, 'build/peers');

export const WASMTIME_VERSION = '50.0.1';

/** A tool that is there, as the command that starts it, or the reason why it is not. */
export type Tool = { readonly command: readonly string[] } | { readonly missing: string };

/** Runs a command to its end and passes its errors on. Returns why it failed, or `undefined`. */
async function run(command: string, ...args: readonly string[]): Promise<string | undefined> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: ROOT });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    process.stderr.write(text);
    errors += text;
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve(`${command} is not installed`));
    child.once('close', (code) => {
      const last = errors.trimEnd().split('\n').at(-1)!;
      resolve(
        code === 0 ? undefined : `${[command, ...args].slice(0, 4).join(' ')} failed: ${last || `exit code ${code}`}`,
      );
    });
  });
}

/** Python with wasmtime, and the script that runs kernels. */
export async function wasmtime(): Promise<Tool> {
  const environment = join(folder, 'venv');
  const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const command = [python, join(sources, 'wasmtime_peer.py')];
  const check = `import importlib.metadata as m, sys; sys.exit(m.version("wasmtime") != "${WASMTIME_VERSION}")`;
  if (await quietly(python, '-c', check)) return { command };
  mkdirSync(folder, { recursive: true });
  console.error(`installing wasmtime ${WASMTIME_VERSION} for Python into build/peers`);
  const missing =
    (await run('python3', '-m', 'venv', environment)) ??
    (await run(
      python,
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--retries',
      '1',
      '--timeout',
      '20',
      `wasmtime==${WASMTIME_VERSION}`,
    ));
  return missing === undefined ? { command } : { missing };
}

async function quietly(command: string, ...args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, { stdio: 'ignore' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

/** Our crate, which has wasmi and wasm-instrument in it. */
export async function rust(): Promise<Tool> {
  const target = join(folder, 'target');
  console.error('building bench/peers/rust (wasmi, wasm-instrument) into build/peers, about a minute at first');
  const missing = await run(
    'cargo',
    'build',
    '--release',
    '--locked',
    '--manifest-path',
    join(sources, 'rust/Cargo.toml'),
    '--target-dir',
    target,
  );
  return missing === undefined ? { command: [join(target, 'release/corejam-peers')] } : { missing };
}
