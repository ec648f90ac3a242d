// The `corejam` command line: finds the command, parses its options, and prints failures.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Failure, printableLines } from '../bytes/index.js';
import type { Command } from './command.js';
import { bold, CliError, redError } from './terminal.js';

/** Each command's summary, and how to load it: on demand, so that `--help` does not wait for a client library. */
const COMMANDS: Record<string, { summary: string; load: () => Promise<{ command: Command }> }> = {
  dev: { summary: 'Runs a dev chain: runtime, validators and RPC on this machine.', load: () => import('./dev.js') },
  demo: {
    summary: 'Starts a chain and takes real work packages through every stage.',
    load: () => import('./demo.js'),
  },
  'build-spec': { summary: 'Prints a chain spec as JSON.', load: () => import('./build-spec.js') },
  inspect: {
    summary: 'Shows what a runtime blob or a guest is, and whether the host accepts it.',
    load: () => import('./inspect.js'),
  },
  profile: {
    summary: 'Runs an entry point of a guest and shows how much weight each function used.',
    load: () => import('./profile.js'),
  },
};

function printOverview(): void {
  console.log('CoreJam: a chain whose cores anyone can use (RFC-0031).\n');
  console.log(`Usage: ${bold('corejam COMMAND')} [OPTIONS]\n`);
  for (const [name, { summary }] of Object.entries(COMMANDS)) console.log(`  ${name.padEnd(12)}${summary}`);
  console.log('\n`corejam COMMAND --help` lists the options of a command.');
}

function printHelp(name: string, command: Command): void {
  console.log(
    `${COMMANDS[name]!.summary}\n\nUsage: ${bold(`corejam ${name}`)} [OPTIONS] ${command.operands}`.trimEnd() + '\n',
  );
  for (const [option, { type, short, value, default: fallback, help }] of Object.entries(command.options)) {
    const left = `  ${short === undefined ? '    ' : `-${short}, `}--${option}${type === 'string' ? ` ${value ?? 'VALUE'}` : ''}`;
    console.log(`${left.padEnd(38)}${help}${fallback === undefined ? '' : ` [${fallback}]`}`);
  }
  console.log(`${'  -h, --help'.padEnd(38)}This text.`);
  if (command.notes !== undefined) console.log(`\n${command.notes}`);
}

/** Parses arguments by a command's table of options. Throws CliError. */
function parseOptions(command: Command, args: string[]) {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const [name, { type, short, default: fallback }] of Object.entries(command.options)) {
    options[name] = {
      type,
      ...(short === undefined ? {} : { short }),
      ...(fallback === undefined ? {} : { default: fallback }),
    };
  }
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const { message } = error as Error;
    const [, ambiguous] = /^Option '([^']+)' argument is ambiguous/.exec(message) ?? [];
    if (ambiguous !== undefined) {
      throw new CliError(`${ambiguous} needs a value; one that begins with a dash is written ${ambiguous}=-…`, 2);
    }
    // Node's first sentence says what is wrong; the rest is advice that does not apply here.
    throw new CliError(message.split(/\n|\. To specify/)[0]!.replace(/\.$/, ''), 2);
  }
}

async function main(args: string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return printOverview();
  if (!Object.hasOwn(COMMANDS, name))
    throw new CliError(`there is no command \`${name}\`; \`corejam --help\` lists them`, 2);
  const { command } = await COMMANDS[name]!.load();
  const { values, positionals } = parseOptions(command, rest);
  if (values.help === true) return printHelp(name, command);
  if (positionals.length > 0 && command.operands === '') {
    throw new CliError(`\`corejam ${name}\` takes no operands; \`${positionals[0]}\` is one too many`, 2);
  }
  await command.run(values as Record<string, string | boolean | undefined>, positionals);
}

/** An error of the operating system: a full disk, a missing permission. */
const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'errno' in error;

/** Prints an error and returns the exit code. A failure is one sentence; anything else is a bug, with its stack. */
function report(error: unknown): number {
  if (error instanceof Failure || isSystemError(error)) {
    process.stderr.write(`${redError('error:')} ${printableLines(error.message)}\n`);
    if (process.env.COREJAM_BACKTRACE !== undefined) process.stderr.write(`${error.stack}\n`);
    return error instanceof CliError ? error.exitCode : 1;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `${redError('error:')} this is a bug in corejam; please report it with these lines:\n${stack}\n`,
  );
  return 1;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}
