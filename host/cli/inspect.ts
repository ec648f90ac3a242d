// `corejam inspect FILE.wasm`: what a blob is, before it is put on a chain.
import { readFileSync } from 'node:fs';
import { blake2_256 } from '../bytes/hash.js';
import { toHex } from '../bytes/hex.js';
import { Runtime } from '../executor/index.js';
import { InvalidModule, prepare } from '../vm/index.js';
import type { Command } from './main.js';
import { bold, CliError, dim, size } from './terminal.js';

/** Reads `path` or says in a sentence why it can't. */
export function readInput(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : (error as Error).message;
    throw new CliError(`can't read ${path}: ${reason}`);
  }
}

const row = (name: string, value: string): void => console.log(`  ${name.padEnd(14)}${value}`);

function inspectRuntime(code: Uint8Array, module: WebAssembly.Module): void {
  const version = Runtime.load(code).version();
  console.log(bold('A runtime'));
  row('name', `${version.specName} ${version.specVersion} (${version.implName} ${version.implVersion})`);
  row('transactions', `version ${version.transactionVersion}`);
  row('state', `version ${version.stateVersion}`);
  row('exports', WebAssembly.Module.exports(module).filter(({ kind }) => kind === 'function').map(({ name }) => name).join(' '));
}

function inspectGuest(code: Uint8Array, module: WebAssembly.Module): void {
  const entryPoints = WebAssembly.Module.exports(module).filter(({ kind }) => kind === 'function').map(({ name }) => name);
  console.log(bold('A guest'));
  row('exports', entryPoints.join(' ') || dim('none'));
  try {
    prepare(code);
    row('metered VM', 'accepts it');
  } catch (error) {
    if (!(error instanceof InvalidModule)) throw error;
    row('metered VM', `refuses it: ${error.message}`);
  }
}

export const command: Command = {
  operands: 'FILE.wasm',
  options: {},
  async run(_values, operands) {
    if (operands.length !== 1) throw new CliError('name one file: `corejam inspect FILE.wasm`', 2);
    const code = readInput(operands[0]!);
    let module: WebAssembly.Module;
    try {
      module = new WebAssembly.Module(code as Uint8Array<ArrayBuffer>);
    } catch (error) {
      const reason = (error as Error).message.replace(/^WebAssembly\.Module\(\): /, '');
      throw new CliError(`${operands[0]} is not a WebAssembly module: ${reason}`);
    }
    const isRuntime = WebAssembly.Module.exports(module).some(({ name }) => name === 'Core_version');
    row('size', size(code.length));
    row('blake2-256', toHex(blake2_256(code)));
    if (isRuntime) inspectRuntime(code, module);
    else inspectGuest(code, module);
    row('imports', WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`).join(' ') || dim('none'));
  },
};
