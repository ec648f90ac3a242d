// The blob's exports in AssemblyScript: runtime APIs, host calls and entry points with Substrate's calling convention.
// Arguments are (address, length) of their SCALE tuple; the result is length << 32 | address of its encoding.
import { read, write } from './codecs.js';
import { apiIdentifier } from './hashing.js';
import type { Parameter, Runtime } from './model.js';
import type { Types } from './type-reader.js';
import type { ScaleType } from './types.js';

/** The text of the exported functions, which are in an entry file of asc. */
export function exports(types: Types, runtime: Runtime): string {
  const apis = runtime.apis.flatMap((api) =>
    api.methods.map((method) =>
      wrapper(
        `${api.name}_${method.name}`,
        `${types.alias(api.symbol)}.${method.method}`,
        method.arguments,
        method.result,
      ),
    ),
  );
  const others = runtime.exported.map((each) =>
    each.gate
      ? hostcall(each.name, each.gate.callee, each.callee, each.arguments, each.result)
      : wrapper(each.name, each.callee, each.arguments, each.result),
  );
  return [...apis, ...others].join('\n');
}

/** Names of all exports that the blob must have. */
export function exportNames(runtime: Runtime): string[] {
  return [
    ...runtime.apis.flatMap((api) => api.methods.map((method) => `${api.name}_${method.name}`)),
    ...runtime.exported.map((each) => each.name),
  ];
}

function body(name: string, callee: string, args: Parameter[], result: ScaleType): string {
  const call = `${callee}(${args.map((_, index) => `a${index}`).join()})`;
  return `const r = new Reader(<usize>address, <u32>length);
    ${args.map((each, index) => `const a${index} = ${read(each.type)};`).join('\n')}
    if (!r.done) throw new Error('${name}: the arguments do not decode');
    const w = new Writer();
    ${result.shape.kind === 'void' ? `${call};` : `const answer = ${call}; ${write(result, 'answer')}`}
    const bytes = w.finish();`;
}

function wrapper(name: string, callee: string, args: Parameter[], result: ScaleType): string {
  return `export function ${name}(address: i32, length: i32): u64 { ${body(name, callee, args, result)}
    return <u64>bytes.length << 32 | <u64>changetype<usize>(bytes); }`;
}

/**
 * Asks the gate first; an empty result is a refusal. Frees its memory before it returns: the host copies the result
 * before it makes another call.
 */
function hostcall(name: string, gate: string, callee: string, args: Parameter[], result: ScaleType): string {
  return `export function ${name}(address: i32, length: i32): u64 {
    if (!${gate}()) return 0;
    const mark = __arena_mark(); ${body(name, callee, args, result)}
    const fat = <u64>bytes.length << 32 | <u64>changetype<usize>(bytes);
    __arena_reset(mark); return fat; }`;
}

/** `$generated_apiVersions` of frame's Generated: the encoded list of RuntimeVersion. */
export async function apiVersions(runtime: Runtime): Promise<string> {
  const writes = await Promise.all(
    runtime.apis.map(async (api) => {
      const identifier = Buffer.from(await apiIdentifier(api.name)).readBigUInt64LE();
      return `w.u64(0x${identifier.toString(16)}); w.u32(${api.version});`;
    }),
  );
  return `@global export function $generated_apiVersions(): StaticArray<u8> {
    const w = new Writer(); w.compact(${runtime.apis.length}); ${writes.join(' ')} return w.finish(); }`;
}
