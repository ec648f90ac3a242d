// The machines that must agree, with one interface: the metered VM, the reference that defines it, and V8 with the
// original module, which counts no fuel.
import { createHash } from 'node:crypto';
import type { GuestContext, HostFunction, PreparedModule } from '../../host/vm/index.js';
import { trapName } from '../../host/vm/running/outcome.js';
import { Reference } from '../unit/vm/reference.js';
import type { Answer, Step, Value } from './vm-case.js';
import { hostFunctions, Journal } from './vm-host.js';

const PAGE = 65_536;

/** An instance that can be called. */
export interface Machine {
  call(step: Step): Answer;
}

type Outcome = Pick<Answer, 'outcome' | 'values' | 'trap'>;

function stateOf(memory: Uint8Array, globals: readonly Value[]): string {
  return createHash('sha1').update(memory).update(globals.join()).digest('hex').slice(0, 16);
}

/** The message about a bad pointer has figures that differ between the machines. */
function trapOf(trap: string | undefined): string | undefined {
  return trap?.startsWith('host function given') === true ? 'host function given a range out of bounds' : trap;
}

/** The metered VM. */
export function meteredMachine(module: PreparedModule): Machine & { readonly traced: () => bigint | undefined } {
  const journal = new Journal();
  const guest = module.instantiate({ imports: hostFunctions(module.imports, journal) });
  let setup = module.setupFuel;
  return {
    call({ entry, args, fuel, stack }) {
      const result = guest.call(entry, args, { fuel: setup + BigInt(fuel), stack });
      const { outcome, values, trap, fuelUsed } = { values: undefined, trap: undefined, ...result };
      const used = Number(fuelUsed - setup);
      setup = 0n;
      let pages = 0;
      while (guest.peek((pages + 1) * PAGE, 0) !== undefined) pages += 1;
      const state = stateOf(
        guest.peek(0, pages * PAGE)!,
        [...module.globals.keys()].map((name) => guest.global(name)!),
      );
      return { outcome, values, trap: trapOf(trap), used, ...journal.take(), state };
    },
    /** Fuel in the trace, `undefined` without one. */
    traced() {
      const trace = guest.trace();
      if (trace === undefined) return undefined;
      const shares = [...trace.functions.map(({ self }) => self), ...trace.host.map(({ total }) => total)];
      return shares.reduce((sum, fuel) => sum + fuel, 0n);
    },
  };
}

/** The reference; `onResult` sees what only it knows. */
export function referenceMachine(
  reference: (host: Readonly<Record<string, HostFunction>>) => Reference,
  { imports, globals }: PreparedModule,
  onResult: (result: ReturnType<Reference['call']>) => void,
): Machine {
  const journal = new Journal();
  const instance = reference(hostFunctions(imports, journal));
  return {
    call({ entry, args, fuel, stack }) {
      const result = instance.call(entry, args, BigInt(fuel), stack);
      onResult(result);
      const { outcome, values, trap, fuelUsed } = result;
      // Where a run ends that has too little fuel is no part of the definition.
      const state =
        outcome === 'outOfFuel'
          ? ''
          : stateOf(
              instance.memory,
              [...globals.keys()].map((name) => instance.global(name)),
            );
      return { outcome, values, trap: trapOf(trap), used: Number(fuelUsed), ...journal.take(), state };
    },
  };
}

class Refusal extends Error {}

/** What a host function sees of an unmetered instance. */
class PlainContext implements GuestContext {
  readonly #memory: () => WebAssembly.Memory | undefined;
  readonly #maxPages: number;

  constructor(memory: () => WebAssembly.Memory | undefined, maxPages: number) {
    this.#memory = memory;
    this.#maxPages = maxPages;
  }

  #at(pointer: number, length: number): DataView {
    const { buffer } = this.#memory() ?? { buffer: new ArrayBuffer(0) };
    if (pointer + length > buffer.byteLength) throw new Refusal('host function given a range out of bounds');
    return new DataView(buffer, pointer, length);
  }

  fuelLeft = (): bigint => 0n;
  charge = (): void => undefined;
  trap = (reason: string): never => {
    throw new Refusal(reason);
  };
  read = (pointer: number, length: number): Uint8Array =>
    new Uint8Array(this.#at(pointer, length).buffer, pointer, length).slice();
  write = (pointer: number, bytes: Uint8Array): void =>
    new Uint8Array(this.#at(pointer, bytes.length).buffer).set(bytes, pointer);
  space = (pointer: number, length: number): ((bytes: Uint8Array) => void) => {
    this.#at(pointer, length);
    return (bytes) => this.write(pointer, bytes);
  };
  readU32 = (pointer: number): number => this.#at(pointer, 4).getUint32(0, true);
  readU64 = (pointer: number): bigint => this.#at(pointer, 8).getBigUint64(0, true);
  writeU32 = (pointer: number, value: number): void => this.#at(pointer, 4).setUint32(0, value, true);
  writeU64 = (pointer: number, value: bigint): void => this.#at(pointer, 8).setBigUint64(0, value, true);
  memoryBytes = (): number => this.#memory()?.buffer.byteLength ?? 0;
  grow = (pages: number): number =>
    pages > this.#maxPages - this.memoryBytes() / PAGE ? -1 : (this.#memory()?.grow(pages) ?? -1);
  allocate = (): number => this.trap('no allocator');
  global = (): undefined => undefined;
}

/** V8, with the module as it was given. Call it only where a run is known to end. */
export function originalMachine(
  original: WebAssembly.Module,
  { imports, globals, memoryPagesMax }: PreparedModule,
): Machine {
  const journal = new Journal();
  let exports: WebAssembly.Exports | undefined;
  const memoryName = WebAssembly.Module.exports(original).find(({ kind }) => kind === 'memory')?.name;
  const memory = (): WebAssembly.Memory | undefined =>
    memoryName === undefined ? undefined : (exports?.[memoryName] as WebAssembly.Memory | undefined);
  const context = new PlainContext(memory, memoryPagesMax);
  const linked = Object.entries(hostFunctions(imports, journal)).map(
    ([name, host]) => [name, (...args: Value[]) => host.call(context, ...args.map(unsigned))] as const,
  );
  const attempt = (work: () => unknown): Outcome => {
    try {
      const raw = work();
      const values = (raw === undefined ? [] : Array.isArray(raw) ? raw : [raw]) as Value[];
      return { outcome: 'returned', values: values.map(unsigned), trap: undefined };
    } catch (error) {
      if (!(error instanceof Refusal) && !(error instanceof WebAssembly.RuntimeError)) throw error;
      return {
        outcome: 'trapped',
        values: undefined,
        trap: error instanceof Refusal ? error.message : trapName(error),
      };
    }
  };
  const instantiate = (): void =>
    void ({ exports } = new WebAssembly.Instance(original, { env: Object.fromEntries(linked) }));
  const state = (): string => {
    // A start function that traps leaves nothing to look at.
    if (exports === undefined || memoryName === undefined) return '';
    const values = [...globals.keys()].map((name) => unsigned((exports![name] as WebAssembly.Global).value as Value));
    return stateOf(new Uint8Array(memory()!.buffer), values);
  };
  return {
    call({ entry, args }) {
      const start = exports === undefined ? attempt(instantiate) : undefined;
      const call = (): unknown => (exports![entry] as (...values: readonly Value[]) => unknown)(...args);
      const outcome = start?.outcome === 'trapped' ? start : attempt(call);
      return { ...outcome, used: 0, ...journal.take(), state: state() };
    },
  };
}

function unsigned(value: Value): Value {
  return typeof value === 'bigint' ? BigInt.asUintN(64, value) : value >>> 0;
}
