// `corejam inspect FILE.wasm`: shows what a module is, before it is put on a chain.
import { printableJson } from '../bytes/index.js';
import { InvalidRuntime, isCompressed } from '../executor/index.js';
import { readInput } from './files.js';
import { examine, type Report } from './inspect/report.js';
import { reportText } from './inspect/text.js';
import type { Command } from './command.js';
import { CliError, width } from './terminal.js';

const MAGIC = [0x00, 0x61, 0x73, 0x6d];

/** Reads a WebAssembly module, plain or compressed. Throws CliError, which says what the file is instead. */
export function readModule(path: string): Uint8Array {
  const code = readInput(path);
  if (MAGIC.every((byte, index) => code[index] === byte) || isCompressed(code)) return code;
  const start = new TextDecoder().decode(code.subarray(0, 512)).trimStart();
  if (code.length === 0) throw new CliError(`${path} is not a WebAssembly module: it is empty`);
  if (/^(\(module|\(;|;;)/.test(start)) {
    throw new CliError(
      `${path} is not a WebAssembly module but the text of one: assemble it first, for example with wat2wasm`,
    );
  }
  throw new CliError(`${path} is not a WebAssembly module: it does not begin with the bytes 00 61 73 6d`);
}

function examined(path: string): Report {
  try {
    return examine(readModule(path));
  } catch (error) {
    if (error instanceof InvalidRuntime) throw new CliError(`${path}: ${error.message}`);
    throw error;
  }
}

export const command: Command = {
  operands: 'FILE.wasm',
  options: {
    json: { type: 'boolean', help: 'Print JSON.' },
  },
  notes: [
    'For a guest: its entry points, its imports and their prices, how much of each limit it uses, and where and why it is',
    'refused. Exits with 1 if the host refuses the module: as a runtime if it exports Core_version, else as a guest.',
  ].join('\n'),
  async run(values, operands) {
    if (operands.length !== 1) throw new CliError('name one file: `corejam inspect FILE.wasm`', 2);
    const file = operands[0]!;
    const report = examined(file);
    console.log(values.json === true ? printableJson({ file, ...report }) : reportText(file, report, width()));
    if (!(report.runtime ?? report.guest).accepted) process.exitCode = 1;
  },
};
