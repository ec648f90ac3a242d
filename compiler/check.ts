// Checks of a built module: no start function, which smoldot refuses; no imports that the host does not have; all
// required exports (asc can succeed with an empty module); only WebAssembly 1.0.
import wabt from 'wabt';
import type { Compiled } from './compile.js';

/** Requirements of a module. */
export interface Expectation {
  kind: 'runtime' | 'guest';
  /** Names that the module may import from `env`; all if omitted. */
  imports?: ReadonlySet<string>;
}

/** All proposals beyond WebAssembly 1.0, disabled. */
const PLAIN = {
  exceptions: false,
  mutable_globals: false,
  sat_float_to_int: false,
  sign_extension: false,
  simd: false,
  threads: false,
  multi_value: false,
  tail_call: false,
  bulk_memory: false,
  reference_types: false,
};

/** Throws an error with a sentence if the module does not meet the requirements. */
export async function check(compiled: Compiled, expected: Expectation): Promise<void> {
  const module = new WebAssembly.Module(compiled.wasm as Uint8Array<ArrayBuffer>);
  if (hasSection(compiled.wasm, START_SECTION)) {
    throw new Error(
      'the module has a start function: a top-level or static initialiser needs running; make it a function',
    );
  }
  const exported = new Set(WebAssembly.Module.exports(module).map((each) => each.name));
  const missing = [...compiled.exports, 'memory', '__heap_base'].filter((name) => !exported.has(name));
  if (missing.length > 0) throw new Error(`the module does not export ${missing.join(', ')}`);
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const known = from === 'env' && kind === 'function' && (expected.imports?.has(name) ?? true);
    if (!known) throw new Error(`the module imports ${kind} '${from}.${name}', which the host does not have`);
  }
  if (expected.kind === 'guest') return;
  const tools = await wabt();
  const parsed = tools.readWasm(compiled.wasm, PLAIN);
  try {
    parsed.validate();
  } finally {
    parsed.destroy();
  }
}

const START_SECTION = 8;

/** Whether the module has a section with this number. */
function hasSection(wasm: Uint8Array, wanted: number): boolean {
  for (let at = 8; at < wasm.length;) {
    const id = wasm[at++]!;
    if (id === wanted) return true;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++]!;
      size += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    at += size;
  }
  return false;
}
