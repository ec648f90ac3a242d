// A runtime: Wasm code that is compiled once, and called on a fresh instance each time (Polkadot specification §
// Runtime code).
//
// An entry point takes the address and length of its SCALE-encoded arguments and returns a fat pointer to its result.
// It reads and writes one Overlay. Compiled modules are cached by the hash of their code, so that loading the same code
// again costs a hash and a look-up. The host functions are in `families/`; calling the right entry points is left to
// host/node.
import { blake2_256, ScaleError, toHex } from '../bytes/index.js';
import { Overlay, TrieView } from '../state/index.js';
import { EMPTY_ROOT, NOTHING } from '../trie/index.js';
import { outline, signatureText, type Outline } from '../vm/index.js';
import { Allocator } from './allocator.js';
import { plainCode } from './code.js';
import { InvalidRuntime, RuntimeTrap, trapReason, UnknownEntryPoint } from './errors.js';
import { HOST_FUNCTIONS } from './families/index.js';
import { bind, RuntimeHost, type CallContext } from './host.js';
import { ENTRY_POINT, fatAddress, fatLength, LinearMemory, pagesFor } from './memory.js';
import { decodeVersion, versionFromSections, type RuntimeVersion } from './version.js';

/** The entry points that every runtime must export. */
const REQUIRED_ENTRY_POINTS: readonly string[] = ['Core_version', 'Core_execute_block', 'Core_initialize_block'];

/** The types that the global `__heap_base` may have. */
const HEAP_BASE_TYPES: readonly string[] = ['i32', 'mut i32'];

const HEAP_PAGES_DEFAULT = 2_048;
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
  readonly #imports: readonly string[];
  /** Pages of the memory that the code imports; undefined when it defines its own. */
  readonly #importedMemory: Outline['importedMemory'];
  #version: RuntimeVersion | undefined;

  /** Compiles and checks the code. `load` also caches. */
  constructor(code: Uint8Array, codeHash: Uint8Array, requiredEntryPoints: readonly string[]) {
    this.codeHash = codeHash;
    this.codeBytes = code.length;
    const plain = plainCode(code);
    this.#module = compile(plain);
    const shape = outline(plain);
    check(shape, requiredEntryPoints);
    this.#entryPoints = new Set(shape.exports.filter(({ type }) => type === ENTRY_POINT).map(({ name }) => name));
    this.#imports = shape.imports.filter(({ kind }) => kind === 'function').map(({ name }) => name);
    this.#importedMemory = shape.importedMemory;
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
    const { host, exports } = this.#instantiate(method, overlay, context);
    try {
      const pointer = host.giveAt(args);
      const entry = exports[method] as (pointer: number, length: number) => bigint;
      const result = entry(pointer, args.length);
      return host.memory.at(fatAddress(result), fatLength(result), 'the result').slice();
    } catch (error) {
      const reason = trapReason(error);
      if (reason === undefined) throw error;
      throw new RuntimeTrap(method, reason, host.log.lines);
    } finally {
      while (host.openTransactions > 0) overlay.rollback();
    }
  }

  #instantiate(
    method: string,
    overlay: Overlay,
    context: CallContext,
  ): { host: RuntimeHost; exports: WebAssembly.Exports } {
    const imported = this.#importedMemory && newMemory(this.#importedMemory);
    const host = new RuntimeHost(overlay, context, (code) => Runtime.load(code).version());
    const env: Record<string, WebAssembly.ImportValue> = {};
    if (imported !== undefined) env['memory'] = imported;
    for (const name of this.#imports) env[name] = bind(host, name, HOST_FUNCTIONS.get(name)!);
    let exports: WebAssembly.Exports;
    try {
      ({ exports } = new WebAssembly.Instance(this.#module, { env }));
    } catch (error) {
      // There is no start function, but a data segment may lie outside of the memory.
      const reason = trapReason(error);
      if (reason === undefined) throw error;
      throw new RuntimeTrap(method, `the instantiation failed: ${reason}`, []);
    }
    const memory = new LinearMemory(imported ?? (exports['memory'] as WebAssembly.Memory));
    const heapBase = (exports['__heap_base'] as WebAssembly.Global).value as number;
    const pagesMax = pagesFor(memory.size) + (context.heapPages ?? HEAP_PAGES_DEFAULT);
    host.attach(
      memory,
      new Allocator(heapBase >>> 0, Math.min(pagesMax, this.#importedMemory?.max ?? Infinity)),
      exports,
    );
    return { host, exports };
  }
}

/** The empty state, for `Core_version`. */
const NO_STATE = new TrieView(NOTHING, EMPTY_ROOT);

function newMemory({ min, max }: NonNullable<Outline['importedMemory']>): WebAssembly.Memory {
  return new WebAssembly.Memory(max === undefined ? { initial: min } : { initial: min, maximum: max });
}

function compile(code: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(code as Uint8Array<ArrayBuffer>);
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== 'CompileError') throw error;
    throw new InvalidRuntime(
      `the code is not a WebAssembly module: ${message.replace(/^WebAssembly\.Module\(\): /, '')}`,
    );
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
