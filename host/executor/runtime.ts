// A runtime: Wasm code that is compiled once, and called each time on an instance that is new or as new (Polkadot
// specification § Runtime code).
//
// An entry point takes the address and length of its SCALE-encoded arguments and returns a fat pointer to its result.
// It reads and writes one Overlay. Compiled modules are cached by the hash of their code, so that loading the same code
// again costs a hash and a look-up. The host functions are in `families/`; calling the right entry points is left to
// host/node.
import { blake2_256, ScaleError, toHex } from '../bytes/index.js';
import { Overlay, TrieView } from '../state/index.js';
import { EMPTY_ROOT, NOTHING } from '../trie/index.js';
import { exposeGlobals, outline, signatureText, type Outline, type Renewable } from '../vm/index.js';
import { plainCode } from './code.js';
import { InvalidRuntime, RuntimeTrap, trapReason, UnknownEntryPoint } from './errors.js';
import { HOST_FUNCTIONS } from './families/index.js';
import { RuntimeHost, type CallContext } from './host.js';
import { Instances, type RuntimeInstance } from './instance.js';
import { ENTRY_POINT, fatAddress, fatLength } from './memory.js';
import { decodeVersion, versionFromSections, type RuntimeVersion } from './version.js';

/** The entry points that every runtime must export. */
const REQUIRED_ENTRY_POINTS: readonly string[] = ['Core_version', 'Core_execute_block', 'Core_initialize_block'];

/** The types that the global `__heap_base` may have. */
const HEAP_BASE_TYPES: readonly string[] = ['i32', 'mut i32'];

/** A chain uses one runtime, and two around an upgrade; a test suite may use many. */
const CACHED_MODULES_MAX = 16;

const cache = new Map<string, Runtime>();

export class Runtime {
  /** BLAKE2b-256 of the code as given, compressed or not. */
  readonly codeHash: Uint8Array;
  /** The size of the code as given, in bytes. */
  readonly codeBytes: number;
  readonly #module: WebAssembly.Module;
  readonly #entryPoints: ReadonlySet<string>;
  readonly #instances: Instances;
  #version: RuntimeVersion | undefined;

  /** Compiles and checks the code. `load` also caches. */
  constructor(code: Uint8Array, codeHash: Uint8Array, requiredEntryPoints: readonly string[]) {
    this.codeHash = codeHash;
    this.codeBytes = code.length;
    const plain = plainCode(code);
    const { module, renewable } = compile(plain);
    this.#module = module;
    const shape = outline(plain);
    check(shape, requiredEntryPoints);
    this.#entryPoints = new Set(shape.exports.filter(({ type }) => type === ENTRY_POINT).map(({ name }) => name));
    const imports = shape.imports.filter(({ kind }) => kind === 'function').map(({ name }) => name);
    this.#instances = new Instances({ module, imports, importedMemory: shape.importedMemory }, renewable);
  }

  /**
   * The runtime of this code, plain or compressed. Throws InvalidRuntime if it is not Wasm, lacks one of
   * `requiredEntryPoints`, or imports anything that this host does not have.
   */
  static load(code: Uint8Array, requiredEntryPoints: readonly string[] = REQUIRED_ENTRY_POINTS): Runtime {
    const codeHash = blake2_256(code);
    const key = `${toHex(codeHash)} ${requiredEntryPoints.join(' ')}`;
    let runtime = cache.get(key);
    cache.delete(key); // set again below, so that the order of the Map is the order of use
    runtime ??= new Runtime(code, codeHash, requiredEntryPoints);
    cache.set(key, runtime);
    if (cache.size > CACHED_MODULES_MAX) cache.delete(cache.keys().next().value!);
    return runtime;
  }

  /** The names of the entry points. */
  get entryPoints(): string[] {
    return [...this.#entryPoints];
  }

  /** Whether there is an entry point of this name. */
  has(method: string): boolean {
    return this.#entryPoints.has(method);
  }

  /**
   * Name, versions and APIs, from the custom sections or else from `Core_version` on an empty state. Throws
   * InvalidRuntime.
   */
  version(): RuntimeVersion {
    if (this.#version !== undefined) return this.#version;
    try {
      this.#version =
        versionFromSections(this.#module) ??
        decodeVersion(this.call('Core_version', new Uint8Array(), new Overlay(NO_STATE)));
    } catch (error) {
      if (!(error instanceof ScaleError || error instanceof RuntimeTrap)) throw error;
      throw new InvalidRuntime(`the runtime's version can't be read: ${error.message}`);
    }
    return this.#version;
  }

  /**
   * Calls an entry point with its SCALE-encoded arguments and returns its encoded result.
   *
   * Reads and writes go to `overlay`. Storage transactions that the runtime left open are rolled back. Its other writes
   * stay, even after a trap: a caller that must be able to undo them opens a transaction around the call.
   * Throws UnknownEntryPoint, and RuntimeTrap if the runtime does not return.
   */
  call(method: string, args: Uint8Array, overlay: Overlay, context: CallContext = {}): Uint8Array {
    if (!this.has(method)) throw new UnknownEntryPoint(method);
    const host = new RuntimeHost(overlay, context, (code) => Runtime.load(code).version());
    const instance = this.#instantiate(method);
    instance.serve(host);
    try {
      const pointer = host.giveAt(args);
      const entry = instance.exports[method] as (pointer: number, length: number) => bigint;
      const result = entry(pointer, args.length);
      const answer = host.memory.at(fatAddress(result), fatLength(result), 'the result').slice();
      this.#instances.giveBack(instance);
      return answer;
    } catch (error) {
      const reason = trapReason(error);
      if (reason === undefined) throw error;
      throw new RuntimeTrap(method, reason, host.log.lines);
    } finally {
      while (host.openTransactions > 0) overlay.rollback();
    }
  }

  #instantiate(method: string): RuntimeInstance {
    try {
      return this.#instances.take();
    } catch (error) {
      // There is no start function, but a data segment may lie outside of the memory.
      const reason = trapReason(error);
      if (reason === undefined) throw error;
      throw new RuntimeTrap(method, `the instantiation failed: ${reason}`, []);
    }
  }
}

/** The empty state, for `Core_version`. */
const NO_STATE = new TrieView(NOTHING, EMPTY_ROOT);

/** Compiles the code, with its globals exposed if that is possible. What V8 says of a mistake is of the code as given. */
function compile(code: Uint8Array): { module: WebAssembly.Module; renewable: Renewable | undefined } {
  const renewable = exposeGlobals(code);
  const exposed = renewable && tryCompile(renewable.code);
  if (exposed !== undefined && typeof exposed !== 'string') return { module: exposed, renewable };
  const module = tryCompile(code);
  if (typeof module !== 'string') return { module, renewable: undefined };
  throw new InvalidRuntime(`the code is not a WebAssembly module: ${module.replace(/^WebAssembly\.Module\(\): /, '')}`);
}

/** The module, or V8's words for why it is none. */
function tryCompile(code: Uint8Array): WebAssembly.Module | string {
  try {
    return new WebAssembly.Module(code as Uint8Array<ArrayBuffer>);
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== 'CompileError') throw error;
    return message;
  }
}

/** Throws InvalidRuntime with all faults at once, so that the author of the blob need not find them one by one. */
function check(shape: Outline, requiredEntryPoints: readonly string[]): void {
  const faults = [...importFaults(shape), ...exportFaults(shape, requiredEntryPoints)];
  if (shape.hasOddMemory) faults.push('it has a memory that is shared or has addresses of 64 bits');
  if (shape.hasStart) faults.push('it has a start function, which no host runs');
  if (faults.length > 0)
    throw new InvalidRuntime(`the code is not a runtime that this host can run: ${faults.join('; ')}`);
}

function importFaults({ imports, exports }: Outline): string[] {
  const faults: string[] = [];
  const others: string[] = [];
  let hasMemory = exports.some(({ name, kind }) => name === 'memory' && kind === 'memory');
  for (const { module, name, kind, type } of imports) {
    if (kind === 'function') {
      const known = module === 'env' ? HOST_FUNCTIONS.get(name) : undefined;
      if (known === undefined) faults.push(`it imports ${module}.${name}, which is not a host function`);
      else if (type !== signatureText(known))
        faults.push(`it imports ${name} as ${type}, but that is ${signatureText(known)}`);
    } else if (module === 'env' && name === 'memory' && kind === 'memory') hasMemory = true;
    else others.push(`it imports the ${kind} ${module}.${name}`);
  }
  if (!hasMemory) others.push('it neither exports nor imports a memory');
  return [...faults, ...others];
}

function exportFaults({ exports }: Outline, requiredEntryPoints: readonly string[]): string[] {
  const faults: string[] = [];
  const heapBase = exports.find(({ name, kind }) => name === '__heap_base' && kind === 'global')?.type;
  if (heapBase === undefined) faults.push('it does not export __heap_base');
  else if (!HEAP_BASE_TYPES.includes(heapBase))
    faults.push(`it exports __heap_base as ${heapBase}, but it must be i32`);
  for (const required of requiredEntryPoints) {
    const type = exports.find(({ name, kind }) => name === required && kind === 'function')?.type;
    if (type === undefined) faults.push(`it does not export ${required}`);
    else if (type !== ENTRY_POINT) {
      faults.push(`it exports ${required} as ${type}, but an entry point is ${ENTRY_POINT}`);
    }
  }
  return faults;
}
