// V8's compilers, and which of them a module may reach.
//
// The baseline compiler takes time in proportion to the code. The optimizing one does not: 48 kB of `x = x + 1; if (x
// == 0) break` in repetition, which the limits accept as they accept ordinary functions, take it seconds and gigabytes,
// and half as much again ends the process by an assertion of V8's (docs/decisions/0002-metering.md). V8 starts it in
// the background for any function that runs often. So in a process that must survive, modules are compiled by the
// baseline compiler only; in one that may be killed (host/processes), by both.
import v8 from 'node:v8';
import { HostFault } from './outcome.js';

/**
 * `tiers`: lazily by the baseline compiler, then optimized where it runs often. `baseline`: all at once, and never
 * optimized.
 */
export type Compiler = 'tiers' | 'baseline';

/** V8 reads these flags when it creates a module, and keeps their values with it. */
const TIERING = ['wasm-tier-up', 'wasm-dynamic-tiering', 'wasm-lazy-compilation'] as const;
/** Flags that this process was started without stay off. */
const toggled = TIERING.filter((flag) => !process.execArgv.includes(`--no-${flag}`));
/**
 * A custom section that makes the bytes differ: V8 shares compiled code among modules of equal bytes, whatever the
 * flags.
 */
const BASELINE_MARK = Uint8Array.of(0, 9, 8, 0x62, 0x61, 0x73, 0x65, 0x6c, 0x69, 0x6e, 0x65);

/**
 * @internal Compiles an instrumented module. The original was valid, so a refusal by V8 is a fault of the host:
 * `HostFault`.
 */
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
