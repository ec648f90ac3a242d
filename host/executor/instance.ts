// An instance of a runtime, for one call at a time.
import type { Outline, Renewable } from '../vm/index.js';
import { Allocator } from './allocator.js';
import { HOST_FUNCTIONS } from './families/index.js';
import { bind, type HostSlot, type RuntimeHost } from './host.js';
import { LinearMemory, pagesFor } from './memory.js';

const HEAP_PAGES_DEFAULT = 2_048;
/** A runtime that is called less often than this, as when a node starts, is not read for whether it is renewable. */
const CALLS_BEFORE_RENEWAL = 32;

/** What an instance has before its first call. */
interface Beginning {
  /** The memory's content, without the zeros at its end. */
  readonly content: Uint8Array;
  readonly memoryBytes: number;
  readonly globals: readonly { readonly name: string; readonly value: number | bigint }[];
}

/** A compiled module, and what its instances need. */
export interface Instantiable {
  readonly module: WebAssembly.Module;
  /** Names of the host functions that it imports. */
  readonly imports: readonly string[];
  readonly importedMemory: Outline['importedMemory'];
}

export class RuntimeInstance {
  readonly exports: WebAssembly.Exports;
  readonly memory: LinearMemory;
  readonly #slot = {} as HostSlot;
  readonly #pagesMax: number;

  /** Throws what V8 throws if a data segment lies outside of the memory. */
  constructor({ module, imports, importedMemory }: Instantiable) {
    const imported = importedMemory && newMemory(importedMemory);
    const env: Record<string, WebAssembly.ImportValue> = {};
    if (imported !== undefined) env['memory'] = imported;
    for (const name of imports) env[name] = bind(this.#slot, name, HOST_FUNCTIONS.get(name)!);
    this.exports = new WebAssembly.Instance(module, { env }).exports;
    this.memory = new LinearMemory(imported ?? (this.exports['memory'] as WebAssembly.Memory));
    this.#pagesMax = importedMemory?.max ?? Infinity;
  }

  /** The instance works for this call from now on. */
  serve(host: RuntimeHost): void {
    this.#slot.host = host;
    const heapBase = (this.exports['__heap_base'] as WebAssembly.Global).value as number;
    const pagesMax = pagesFor(this.memory.size) + (host.context.heapPages ?? HEAP_PAGES_DEFAULT);
    host.attach(this.memory, new Allocator(heapBase >>> 0, Math.min(pagesMax, this.#pagesMax)), this.exports);
  }

  /** What a new instance has, before it serves a call. */
  beginning(globals: readonly string[]): Beginning {
    const { bytes } = this.memory;
    let end = bytes.length;
    while (end > 0 && bytes[end - 1] === 0) end -= 1;
    return {
      content: bytes.slice(0, end),
      memoryBytes: bytes.length,
      globals: globals.map((name) => ({ name, value: this.#global(name).value })),
    };
  }

  /** Makes the instance as new. Its memory must not have grown. */
  renew({ content, globals }: Beginning): void {
    const { bytes } = this.memory;
    bytes.set(content);
    bytes.fill(0, content.length);
    for (const { name, value } of globals) this.#global(name).value = value;
  }

  #global(name: string): WebAssembly.Global {
    return this.exports[name] as WebAssembly.Global;
  }
}

function newMemory({ min, max }: NonNullable<Outline['importedMemory']>): WebAssembly.Memory {
  return new WebAssembly.Memory(max === undefined ? { initial: min } : { initial: min, maximum: max });
}

/** The instances of one runtime: new ones, and one that served a call and is made as new. */
export class Instances {
  readonly #source: Instantiable;
  /** Undefined once it is known that instances can't be renewed. */
  #renewable: Renewable | undefined;
  #calls = 0;
  #beginning: Beginning | undefined;
  #spare: RuntimeInstance | undefined;

  constructor(source: Instantiable, renewable: Renewable | undefined) {
    this.#source = source;
    this.#renewable = renewable;
  }

  /** An instance that is new, or as new. */
  take(): RuntimeInstance {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined) {
      spare.renew(this.#beginning!);
      return spare;
    }
    const instance = new RuntimeInstance(this.#source);
    if (this.#renews()) this.#beginning ??= instance.beginning(this.#renewable!.globals);
    return instance;
  }

  /** Keeps an instance that has served a call, if it can be renewed. One whose call trapped is never given back. */
  giveBack(instance: RuntimeInstance): void {
    if (this.#beginning === undefined || instance.memory.size !== this.#beginning.memoryBytes) return;
    this.#spare = instance;
  }

  #renews(): boolean {
    if (this.#renewable === undefined || this.#calls++ < CALLS_BEFORE_RENEWAL) return false;
    if (this.#beginning === undefined && !this.#renewable.isRenewable()) this.#renewable = undefined;
    return this.#renewable !== undefined;
  }
}
