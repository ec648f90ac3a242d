// Compiles one AssemblyScript entry to a module, for tests of code that needs no chain: arithmetic, JSON. It uses asc's
// bump allocator and not the pallet compiler. The module exports `input(length)`, which returns an address for the
// input; functions return `length << 32 | address`.
import asc from 'assemblyscript/asc';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A test module: `call` passes bytes to an exported function and returns the bytes of its result. */
export interface TestModule {
  call(name: string, input: Uint8Array): Uint8Array;
}

/**
 * Compiles `entry` (a path from the repository's root). Throws with asc's messages if it does not compile. `mend` may
 * change the text of each source before it is compiled.
 */
export async function compileEntry(
  entry: string,
  mend = (_path: string, text: string): string => text,
): Promise<TestModule> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [entry, '--baseDir', root, '--outFile', 'module.wasm', '--runtime', 'stub', '-O1', '--use', 'abort='],
    {
      // The runtime's asconfig.json does not apply to test modules.
      readFile: (name, base) => {
        const path = join(base, name);
        return name.endsWith('asconfig.json') || !existsSync(path) ? null : mend(path, readFileSync(path, 'utf8'));
      },
      writeFile: (name, contents) => {
        if (name === 'module.wasm') binary = contents as Uint8Array;
      },
    },
  );
  if (error !== null || binary === undefined) throw new Error(`${entry} does not compile:\n${stderr.toString()}`);
  const module = new WebAssembly.Module(binary as Uint8Array<ArrayBuffer>);
  return {
    call(name, input) {
      // A new instance for each call, because the stub allocator never frees.
      const { exports } = new WebAssembly.Instance(module, {});
      const memory = exports.memory as WebAssembly.Memory;
      const address = (exports.input as (length: number) => number)(input.length);
      new Uint8Array(memory.buffer).set(input, address);
      const answer = BigInt.asUintN(64, (exports[name] as () => bigint)());
      const start = Number(answer & 0xffffffffn);
      return new Uint8Array(memory.buffer).slice(start, start + Number(answer >> 32n));
    },
  };
}
