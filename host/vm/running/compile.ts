// V8's compilers, and which of them a module may reach.
//
// The baseline compiler takes time in proportion to the code, whatever the code. The optimizing one does not: 48 kB of
// `x = x + 1; if (x == 0) break` over and over, which the limits admit as they do ordinary functions, cost it seconds and
// gigabytes, and half as much again ends the process on one of its own assertions (docs/decisions/0002). It starts by
// itself, in the background, on whatever function runs often. So code that runs in a process that must not die is
// compiled by the baseline compiler alone; in a process that may be killed (host/processes), both are there, for speed.
import v8 from 'node:v8';
import { HostFault } from './outcome.js';

/** `tiers`: baseline at first, optimized where it runs often. `baseline`: all of it at once, never more. */
export type Compiler = 'tiers' | 'baseline';

/** Read by V8 as it makes a module, and kept with the module. */
const TIERING = ['wasm-tier-up', 'wasm-dynamic-tiering', 'wasm-lazy-compilation'] as const;
/** Those that this process was started without stay off. */
const toggled = TIERING.filter((flag) => !process.execArgv.includes(`--no-${flag}`));
/** A custom section: V8 shares what it compiled among modules of equal bytes, however they were to be compiled. */
const BASELINE_MARK = Uint8Array.of(0, 9, 8, 0x62, 0x61, 0x73, 0x65, 0x6c, 0x69, 0x6e, 0x65);

/** @internal Compiles what instrumentation made. The original was valid, so that V8 refuses it is nobody's fault but ours: `HostFault`. */
export function compile(instrumented: Uint8Array, compiler: Compiler): WebAssembly.Module {
  try {
    return compiler === 'tiers' ? new WebAssembly.Module(instrumented) : compileBaseline(instrumented);
  } catch (error) {
    throw new HostFault('V8 refused an instrumented module', { cause: error });
  }
}

function compileBaseline(instrumented: Uint8Array): WebAssembly.Module {
  const marked = new Uint8Array(instrumented.length + BASELINE_MARK.length);
  marked.set(instrumented);
  marked.set(BASELINE_MARK, instrumented.length);
  for (const flag of toggled) v8.setFlagsFromString(`--no-${flag}`);
  try {
    return new WebAssembly.Module(marked);
  } finally {
    for (const flag of toggled) v8.setFlagsFromString(`--${flag}`);
  }
}
