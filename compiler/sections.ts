// The custom sections `runtime_version` and `runtime_apis`, which nodes read without running the blob. Both come from
// the result of the blob's Core_version, so they can't differ from it.

/** The blob with the two sections; unchanged if it has no Core_version, as in tests. */
export function withSections(wasm: Uint8Array): Uint8Array {
  const version = runtimeVersion(wasm);
  if (!version) return wasm;
  const { apis, withoutApis } = splitVersion(version);
  return Uint8Array.from([...wasm, ...section('runtime_version', withoutApis), ...section('runtime_apis', apis)]);
}

/** Runs Core_version, which needs only memory from a host. */
function runtimeVersion(wasm: Uint8Array): Uint8Array | undefined {
  const module = new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
  let top = 0;
  const env: Record<string, (...args: never[]) => unknown> = {};
  for (const { name } of WebAssembly.Module.imports(module)) {
    env[name] = () => {
      throw new Error(`Core_version calls ${name}: a version is known without a host`);
    };
  }
  env.ext_allocator_malloc_version_1 = (size: number): number => {
    const at = (top + 15) & ~15;
    top = at + size;
    const { memory } = instance.exports as { memory: WebAssembly.Memory };
    const missing = top - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    return at;
  };
  env.ext_allocator_free_version_1 = () => undefined;
  const instance = new WebAssembly.Instance(module, { env } as WebAssembly.Imports);
  const run = instance.exports.Core_version as ((address: number, length: number) => bigint) | undefined;
  if (!run) return undefined;
  top = Number((instance.exports.__heap_base as WebAssembly.Global).value);
  const fat = BigInt.asUintN(64, run(top, 0));
  const memory = new Uint8Array((instance.exports.memory as WebAssembly.Memory).buffer);
  return memory.slice(Number(fat & 0xffffffffn), Number(fat & 0xffffffffn) + Number(fat >> 32n));
}

/**
 * Splits RuntimeVersion: two texts, three u32, Vec<([u8; 8], u32)>, u32, u8. The list is empty in `runtime_version`;
 * `runtime_apis` has its items without the length.
 */
function splitVersion(version: Uint8Array): { apis: Uint8Array; withoutApis: Uint8Array } {
  let at = 0;
  const count = (): number => {
    const mode = version[at]! & 3;
    const value = mode === 0 ? version[at]! >> 2 : (version[at]! | (version[at + 1]! << 8)) >> 2;
    if (mode > 1) throw new Error('RuntimeVersion: a list is too long');
    at += mode + 1;
    return value;
  };
  // `at += count()` would use the value of `at` before `count` changes it.
  for (let text = 0; text < 2; text++) at = count() + at;
  at += 12;
  const before = at;
  const bytes = 12 * count();
  const apis = version.slice(at, at + bytes);
  at += bytes;
  return { apis, withoutApis: Uint8Array.from([...version.slice(0, before), 0, ...version.slice(at)]) };
}

function section(name: string, payload: Uint8Array): number[] {
  const title = [...new TextEncoder().encode(name)];
  const body = [...leb(title.length), ...title, ...payload];
  return [0, ...leb(body.length), ...body];
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 128; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}
