// The engines that run the kernels, with one interface: V8 without metering, host/vm, modules instrumented by
// wasm-instrument in V8, and processes that serve `load` and `call` line by line (wasmtime_peer.py,
// rust/src/wasmi_peer.rs).
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { prepare } from '../../host/vm/index.js';
import { timed } from '../timing.js';

/** One call: the kernel's checksum, and milliseconds of processor time. */
interface Run {
  readonly value: number;
  readonly ms: number;
}

export interface Engine {
  /** As the table calls it. */
  readonly name: string;
  /** The engine that runs the same without metering, by name; `undefined` for those that do not meter. */
  readonly unmetered?: string;
  /** Compiles a module and makes a fresh instance. */
  load(path: string): Promise<void>;
  call(kernel: string, size: number): Promise<Run>;
}

type Kernels = Record<string, (size: number) => number>;

/** What `call` times in V8, given the path of the module. */
type Loader = (path: string) => (kernel: string, size: number) => number;

function inProcess(name: string, unmetered: string | undefined, loader: Loader): Engine {
  let run: ReturnType<Loader> | undefined;
  return {
    name,
    ...(unmetered === undefined ? {} : { unmetered }),
    load: async (path) => void (run = loader(path)),
    call: async (kernel, size) => {
      let value = 0;
      const ms = timed(() => void (value = run!(kernel, size)));
      return { value: value >>> 0, ms };
    },
  };
}

function instantiate(code: Uint8Array, imports: WebAssembly.Imports = {}): WebAssembly.Exports {
  return new WebAssembly.Instance(new WebAssembly.Module(code), imports).exports;
}

/** The module as it is. */
export const PLAIN = inProcess('V8', undefined, (path) => {
  const kernels = instantiate(readFileSync(path)) as Kernels;
  return (kernel, size) => kernels[kernel]!(size);
});

/** More than any kernel uses: fuel of `host/vm`, and what wasm-instrument calls gas. */
const FUEL = 1n << 60n;

/** Metered by `host/vm`, its stack limited. */
export const OURS = inProcess('CoreJam', 'V8', (path) => {
  const guest = prepare(readFileSync(path)).instantiate();
  return (kernel, size) => {
    const result = guest.call(kernel, [size], { fuel: FUEL });
    if (result.outcome !== 'returned') throw new Error(`${kernel} ${result.outcome}`);
    return result.value as number;
  };
});

/** Modules that wasm-instrument has metered, run in V8; `command` is our Rust crate. */
export function wasmInstrument(command: readonly string[]): Engine[] {
  const metered = (path: string, ...how: readonly string[]): Uint8Array => {
    const to = `${path}.${how.join('-')}`;
    execFileSync(command[0]!, [...command.slice(1), 'instrument', ...how, path, to]);
    return readFileSync(to);
  };
  const byGlobal =
    (...stack: readonly string[]): Loader =>
    (path) => {
      const exports = instantiate(metered(path, 'global', ...stack));
      const gas = exports.gas as WebAssembly.Global;
      return (kernel, size) => {
        gas.value = FUEL;
        return (exports as Kernels)[kernel]!(size);
      };
    };
  const byHost: Loader = (path) => {
    let left = FUEL; // for a start function
    const gas = (amount: bigint): void => {
      left -= amount;
      if (left < 0n) throw new Error('out of gas');
    };
    const kernels = instantiate(metered(path, 'host', 'stack'), { env: { gas } }) as Kernels;
    return (kernel, size) => {
      left = FUEL;
      return kernels[kernel]!(size);
    };
  };
  return [
    inProcess('w-i global', 'V8', byGlobal()),
    inProcess('w-i gl+stack', 'V8', byGlobal('stack')),
    inProcess('w-i host+st.', 'V8', byHost),
  ];
}

/** An engine in a process of its own, which ends when ours does. */
export function inChild(name: string, unmetered: string | undefined, command: readonly string[]): Engine {
  const child = spawn(command[0]!, command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
  process.once('exit', () => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request: string): Promise<string> => {
    child.stdin.write(`${request}\n`);
    const { value, done } = (await lines.next()) as IteratorResult<string>;
    if (done === true) throw new Error(`${name} ended on "${request}"`);
    return value;
  };
  return {
    name,
    ...(unmetered === undefined ? {} : { unmetered }),
    load: async (path) => {
      const answer = await ask(`load ${path}`);
      if (answer !== 'ok') throw new Error(`${name} responds "${answer}" to load`);
    },
    call: async (kernel, size) => {
      const [value, ms] = (await ask(`call ${kernel} ${size}`)).split(' ').map(Number);
      return { value: value!, ms: ms! };
    },
  };
}
