// A minimal host for the blobs of the compiler's tests: memory, storage with transactions, hashing. Independent of
// host/executor, so that a bug of one is not hidden by the other.
import { blake2AsU8a, xxhashAsU8a } from '@polkadot/util-crypto';

/** A trap, with the blob's last log message. */
export class BlobTrap extends Error {
  constructor(
    method: string,
    reason: string,
    readonly log: readonly string[],
  ) {
    super(`${method}: ${reason}; ${log.join(' | ')}`);
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

/** A blob with its own state, which is kept between calls. */
export class Blob {
  state = new Map<string, Uint8Array>();
  readonly #saved: Map<string, Uint8Array>[] = [];
  readonly #module: WebAssembly.Module;
  readonly #imports: readonly string[];
  log: string[] = [];
  /** Bytes that the last call allocated from the host. */
  allocated = 0;

  constructor(wasm: Uint8Array) {
    this.#module = new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
    this.#imports = WebAssembly.Module.imports(this.#module).map((each) => each.name);
  }

  /** Calls an export with encoded arguments. */
  call(method: string, args: Uint8Array = new Uint8Array()): Uint8Array {
    const instance = this.instantiate();
    const answer = instance.call(method, args);
    this.allocated = instance.allocated();
    return answer;
  }

  /** An instance for several calls. `reuse`: arguments are always at the same address, as freed ones of an executor. */
  instantiate({ reuse = false } = {}): { call(method: string, args: Uint8Array): Uint8Array; allocated(): number } {
    let top = 0;
    let place = 0;
    const memory = (): WebAssembly.Memory => instance.exports.memory as WebAssembly.Memory;
    const take = (fat: bigint): Uint8Array =>
      new Uint8Array(memory().buffer).slice(
        Number(fat & 0xffffffffn),
        Number(fat & 0xffffffffn) + Number(BigInt.asUintN(64, fat) >> 32n),
      );
    const malloc = (size: number): number => {
      const at = (top + 15) & ~15;
      top = at + size;
      const missing = top - memory().buffer.byteLength;
      if (missing > 0) memory().grow(Math.ceil(missing / 65536));
      return at;
    };
    const put = (bytes: Uint8Array): number => {
      const at = malloc(bytes.length);
      new Uint8Array(memory().buffer).set(bytes, at);
      return at;
    };
    const fat = (bytes: Uint8Array): bigint => (BigInt(bytes.length) << 32n) | BigInt(put(bytes));
    const optional = (bytes: Uint8Array | undefined): bigint =>
      fat(bytes ? Uint8Array.from([1, ...compact(bytes.length), ...bytes]) : Uint8Array.of(0));
    const key = (pointer: bigint): string => hex(take(pointer));
    const functions: Record<string, (...args: never[]) => unknown> = {
      ext_allocator_malloc_version_1: malloc,
      ext_allocator_free_version_1: () => undefined,
      ext_logging_log_version_1: (_level: number, _target: bigint, message: bigint) =>
        void this.log.push(new TextDecoder().decode(take(message))),
      ext_storage_get_version_1: (pointer: bigint) => optional(this.state.get(key(pointer))),
      ext_storage_set_version_1: (pointer: bigint, value: bigint) => void this.state.set(key(pointer), take(value)),
      ext_storage_clear_version_1: (pointer: bigint) => void this.state.delete(key(pointer)),
      ext_storage_exists_version_1: (pointer: bigint) => Number(this.state.has(key(pointer))),
      ext_storage_append_version_1: (pointer: bigint, value: bigint) => {
        const old = this.state.get(key(pointer));
        const [count, rest] = old ? splitCount(old) : [0, new Uint8Array()];
        this.state.set(key(pointer), Uint8Array.from([...compact(count + 1), ...rest, ...take(value)]));
      },
      ext_storage_read_version_1: (pointer: bigint) => {
        const value = this.state.get(key(pointer));
        return fat(
          value ? Uint8Array.from([1, ...new Uint8Array(Uint32Array.of(value.length).buffer)]) : Uint8Array.of(0),
        );
      },
      ext_storage_next_key_version_1: (pointer: bigint) => {
        const next = [...this.state.keys()].sort().find((each) => each > key(pointer));
        return optional(next === undefined ? undefined : unhex(next));
      },
      ext_storage_clear_prefix_version_2: (pointer: bigint) => {
        const doomed = [...this.state.keys()].filter((each) => each.startsWith(key(pointer)));
        for (const each of doomed) this.state.delete(each);
        return fat(Uint8Array.from([0, ...new Uint8Array(Uint32Array.of(doomed.length).buffer)]));
      },
      ext_storage_start_transaction_version_1: () => void this.#saved.push(new Map(this.state)),
      ext_storage_commit_transaction_version_1: () => void this.#saved.pop(),
      ext_storage_rollback_transaction_version_1: () => {
        this.state = this.#saved.pop()!;
      },
      ext_hashing_blake2_128_version_1: (data: bigint) => put(blake2AsU8a(take(data), 128)),
      ext_hashing_blake2_256_version_1: (data: bigint) => put(blake2AsU8a(take(data), 256)),
      ext_hashing_twox_64_version_1: (data: bigint) => put(xxhashAsU8a(take(data), 64)),
      ext_hashing_twox_128_version_1: (data: bigint) => put(xxhashAsU8a(take(data), 128)),
      ext_hashing_twox_256_version_1: (data: bigint) => put(xxhashAsU8a(take(data), 256)),
    };
    const env: Record<string, (...args: never[]) => unknown> = {};
    for (const name of this.#imports) {
      env[name] =
        functions[name] ??
        (() => {
          throw new Error(`the test's host has no ${name}`);
        });
    }
    const instance = new WebAssembly.Instance(this.#module, { env } as WebAssembly.Imports);
    const base = Number((instance.exports.__heap_base as WebAssembly.Global).value);
    top = base;
    return {
      allocated: () => top - base,
      call: (method, args) => {
        const run = instance.exports[method] as ((address: number, length: number) => bigint) | undefined;
        if (!run) throw new Error(`the blob exports no ${method}`);
        try {
          let at = reuse ? place : put(args);
          if (at === 0) at = place = malloc(1024);
          new Uint8Array(memory().buffer).set(args, at);
          return take(run(at, args.length));
        } catch (error) {
          throw new BlobTrap(method, String(error), this.log.splice(0));
        }
      },
    };
  }
}

function compact(value: number): number[] {
  if (value < 64) return [value << 2];
  if (value < 16384) return [((value << 2) | 1) & 255, value >> 6];
  const wide = ((value << 2) | 2) >>> 0;
  return [wide & 255, (wide >> 8) & 255, (wide >> 16) & 255, wide >>> 24];
}

function splitCount(bytes: Uint8Array): [number, Uint8Array] {
  const width = 1 << (bytes[0]! & 3);
  const view = new DataView(Uint8Array.from([...bytes.subarray(0, width), 0, 0, 0, 0]).buffer);
  return [view.getUint32(0, true) >>> 2, bytes.subarray(width)];
}
