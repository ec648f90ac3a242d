// `corejam profile FILE.wasm ENTRY`: runs an entry point of a guest once, metered as on a chain, and shows how much
// each function used. There is no chain: a host function that needs one traps, and the trap names the function.
import { blake2_256, fromHex, printable, printableJson, toHex, Writer } from '../bytes/index.js';
import { AUTHORIZE_WEIGHT_PS, REFINE_WEIGHT_PS } from '../contract/index.js';
import { GUEST_FUNCTIONS, ON_CHAIN_LIMITS, ON_CHAIN_SCHEDULE, runGuest, type GuestResult } from '../executor/index.js';
import { LIMITS, ModuleCache, type HostFunction, type Trace } from '../vm/index.js';
import { readInput } from './files.js';
import { readModule } from './inspect.js';
import type { Command } from './command.js';
import { profileText, sharesOf } from './profile/text.js';
import { CliError } from './terminal.js';

type Values = Record<string, string | boolean | undefined>;

/** The cache of prepared modules stays empty: the profiled module is used once. */
const CACHE_BYTES_MAX = 1;

/** Entry points that run on-chain, where the limit on memory is lower. */
const ON_CHAIN_ENTRIES: readonly string[] = ['prune', 'accumulate'];

/** Host functions that need a chain: each traps. */
const NO_CHAIN: Readonly<Record<string, HostFunction>> = Object.fromEntries(
  Object.entries(GUEST_FUNCTIONS)
    .filter(([, { server }]) => server === 'node' || server === 'runtime')
    .map(([name, { params, results, price }]) => {
      const call: HostFunction['call'] = (guest) => guest.trap(`there is no chain here, which ${name} needs`);
      return [name, { params, results, price, call }];
    }),
);

/** The SCALE tuple of the entry point's arguments. */
function argumentsOf(values: Values, entry: string): Uint8Array {
  const given = ['args', 'args-file', 'payload'].filter((name) => values[name] !== undefined);
  if (given.length > 1) throw new CliError(`give --${given[0]} or --${given[1]}, not both`, 2);
  if (values['args-file'] !== undefined) return readInput(values['args-file'] as string);
  if (values.payload !== undefined) {
    if (entry !== 'refine')
      throw new CliError('--payload is for refine; give other entry points their arguments by --args', 2);
    return refineArguments(readInput(values.payload as string));
  }
  try {
    return fromHex((values.args as string | undefined) ?? '0x');
  } catch (error) {
    if (error instanceof RangeError) throw new CliError(`--args: ${error.message}`, 2);
    throw error;
  }
}

/** `(payload, authorization, auth_id, context, package_hash)`, with placeholders for all but the payload. */
function refineArguments(payload: Uint8Array): Uint8Array {
  const hash = new Uint8Array(32);
  const writer = new Writer(payload.length + 128).bytes(payload);
  writer.u8(1).bytes(new Uint8Array()); // Authorization::Bulk
  writer.u8(0); // no auth_id
  writer.raw(hash).u8(0); // Context: header hash, no prerequisite
  return writer.raw(hash).finish();
}

function weightOf(values: Values, entry: string): bigint {
  const text = values.weight as string | undefined;
  if (text === undefined) return entry === 'is_authorized' ? AUTHORIZE_WEIGHT_PS : REFINE_WEIGHT_PS;
  if (!/^\d{1,18}$/.test(text)) throw new CliError(`--weight takes picoseconds, not \`${text}\``, 2);
  return BigInt(text);
}

function rowsOf(values: Values): number {
  const text = values.top as string;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new CliError(`--top takes a number of rows, not \`${text}\``, 2);
  return Number(text);
}

/** The result and the trace for JSON: fuel as numbers, which hold any weight of a chain exactly. */
function json(result: GuestResult, trace: Trace): unknown {
  const output = result.outcome === 'returned' ? { output: toHex(result.output) } : { reason: result.reason };
  const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
  const figures: unknown = JSON.parse(JSON.stringify(trace, plain));
  return { outcome: result.outcome, ...output, weightUsedPs: Number(result.weightUsed), fuel: figures };
}

export const command: Command = {
  operands: 'FILE.wasm ENTRY',
  options: {
    args: { type: 'string', value: 'HEX', help: 'The SCALE-encoded tuple of arguments, 0x… [none]' },
    'args-file': { type: 'string', value: 'FILE', help: 'The same, as a file of bytes.' },
    payload: { type: 'string', value: 'FILE', help: 'For refine: a payload; the other arguments are placeholders.' },
    weight: {
      type: 'string',
      value: 'PS',
      help: 'The weight limit in picoseconds [10 ms for is_authorized, 2 s for others]',
    },
    top: { type: 'string', value: 'N', default: '30', help: 'The number of rows to print.' },
    json: { type: 'boolean', help: 'Print JSON.' },
  },
  notes: [
    'ENTRY is refine, is_authorized or any other function of type (i32, i32) -> (i64). The figures are the same on every machine.',
    'Functions are named by the name section (whose bytes count towards setup), else by export or index: profile the',
    'build/guests/NAME.named.wasm of `npm run build -- --names`, or the output of `asc --debug`. There is no chain: a host',
    'function that needs one ends the run. Exits with 1 if the entry point does not return.',
  ].join('\n'),
  async run(values, operands) {
    const [file, entry, ...more] = operands;
    if (file === undefined || entry === undefined || more.length > 0) {
      throw new CliError('name a file and an entry point: `corejam profile FILE.wasm refine`', 2);
    }
    const [weight, rows] = [weightOf(values, entry), rowsOf(values)];
    const [args, code] = [argumentsOf(values, entry), readModule(file)];
    const prices = ON_CHAIN_ENTRIES.includes(entry)
      ? { limits: ON_CHAIN_LIMITS, schedule: ON_CHAIN_SCHEDULE }
      : { limits: LIMITS };
    let trace: Trace | undefined;
    const result = runGuest({
      code,
      codeHash: blake2_256(code),
      entry,
      args,
      weight,
      functions: NO_CHAIN,
      log: (_level, target, message) => process.stderr.write(`${printable(target)}: ${printable(message, 2_048)}\n`),
      modules: new ModuleCache(CACHE_BYTES_MAX, { ...prices, imports: { functions: GUEST_FUNCTIONS }, trace: true }),
      observe: (instance) => void (trace = instance.trace()),
    });
    if (result.outcome === 'invalid') throw new CliError(`${file} can't run: ${printable(result.reason, 400)}`);
    if (trace === undefined) throw new Error('a module that was prepared to be traced has no trace');
    if (values.json === true) console.log(printableJson(json(result, trace)));
    else console.log(profileText(result, sharesOf(result, trace), rows));
    if (result.outcome !== 'returned') process.exitCode = 1;
  },
};
