// `corejam dev`: runs a chain, its validators and its RPC server in this process, until Ctrl-C.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { printable, toHex } from '../bytes/index.js';
import { coreJamApi } from '../contract/index.js';
import { InvalidRuntime, UnknownEntryPoint } from '../executor/index.js';
import { ChildRunner } from '../incore/index.js';
import { Validators } from '../validators/index.js';
import {
  createLogger,
  KeyRing,
  LOG_LEVELS,
  Node,
  parseSealing,
  signDeterministically,
  systemClock,
  type Logger,
  type LogLevel,
  type NodeOptions,
} from '../node/index.js';
import {
  ANSWER_BYTES_MAX,
  createRegistry,
  LongCalls,
  parseOrigins,
  RPC_METHODS,
  startServer,
  type ServerOptions,
} from '../rpc/index.js';
import { corejam } from '../rpc/corejam.js';
import { chainSpecOf } from './chain.js';
import type { Command } from './command.js';
import { watchParent } from './parent.js';
import { bold, CliError, dim } from './terminal.js';

/** The delay between the start of the RPC server and that of the processes for guests. */
const CHILDREN_START_MS = 200;

type Values = Record<string, string | boolean | undefined>;

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw new CliError(`--port takes a number from 0 (any free one) to 65535, not \`${text}\``, 2);
  return port;
}

const MIB = 2 ** 20;
/** A string of the engine has fewer characters than this, so no answer may have more bytes. */
const ANSWER_MIB_MAX = 256;

/** Who may use the RPC server for what, from the command line. */
function accessOptions(values: Values): Pick<ServerOptions, 'external' | 'methods' | 'origins' | 'limits'> {
  const methods = RPC_METHODS.find((name) => name === values['rpc-methods']);
  if (methods === undefined) {
    throw new CliError(`--rpc-methods takes ${RPC_METHODS.join(', ')}, not \`${String(values['rpc-methods'])}\``, 2);
  }
  const cors = values['rpc-cors'] as string | undefined;
  const origins = cors === undefined ? undefined : parseOrigins(cors);
  if (cors !== undefined && origins === undefined) {
    throw new CliError(
      `--rpc-cors takes \`all\` or origins with commas between them (https://app.example,http://localhost:*), not \`${cors}\``,
      2,
    );
  }
  const size = values['rpc-max-response-size'] as string;
  const answerBytesMax = /^\d{1,3}$/.test(size) ? Number(size) * MIB : 0;
  if (answerBytesMax < MIB || answerBytesMax > ANSWER_MIB_MAX * MIB) {
    throw new CliError(`--rpc-max-response-size takes a number of MiB from 1 to ${ANSWER_MIB_MAX}, not \`${size}\``, 2);
  }
  return {
    external: values['rpc-external'] === true,
    methods,
    ...(origins === undefined ? {} : { origins }),
    limits: { answerBytesMax },
  };
}

/** The node's options from the command line. */
function nodeOptions(values: Values, log: Logger): NodeOptions {
  if (values.tmp === true && values['base-path'] !== undefined)
    throw new CliError('give --tmp or --base-path, not both', 2);
  if (values['base-path'] === '') {
    throw new CliError('--base-path takes a folder; the current one is written `.`', 2);
  }
  const sealing = parseSealing(values.sealing as string);
  if (sealing === undefined) {
    throw new CliError(
      `--sealing takes instant, manual or interval=MS (1 ms or more), not \`${String(values.sealing)}\``,
      2,
    );
  }
  const spec = chainSpecOf(values.chain as string);
  return {
    spec,
    sealing,
    log,
    clock: systemClock,
    ...(values['base-path'] === undefined ? {} : { basePath: values['base-path'] as string }),
    ...(process.env.COREJAM_SIGNATURE_CACHE === undefined
      ? {}
      : { signatureCacheMax: Number(process.env.COREJAM_SIGNATURE_CACHE) }),
    ...(values['execute-own-blocks'] === true ? { executeOwnBlocks: true } : {}),
  };
}

/** Bound on the cache of instrumented guests on disk. */
const MODULES_BYTES_MAX = 256 * 2 ** 20;

/** The child processes that run guests: one less than there are cores, which the node needs, and at least two. */
function startChildren(node: Node): ChildRunner {
  return new ChildRunner({
    size: Math.max(2, availableParallelism() - 1),
    database: join(node.folder!, 'db'),
    modules: { folder: join(node.folder!, 'modules'), bytesMax: MODULES_BYTES_MAX },
    scratch: join(node.folder!, 'scratch'),
  });
}

/** The validators' keys; undefined, with a sentence in the log, if the runtime knows no work packages. */
function validatorKeys(node: Node, log: Logger): Uint8Array[] | undefined {
  try {
    return coreJamApi.validators((method, args) => node.runtimeCall(node.best().hash, method, args));
  } catch (error) {
    if (error instanceof InvalidRuntime) return undefined; // the node has said so
    if (!(error instanceof UnknownEntryPoint)) throw error;
    log.warn(`the runtime of ${node.spec.name} has no CoreJamApi: this node takes no work packages`);
    return undefined;
  }
}

/** Where earlier versions kept shards. They are in the chain's database now, so that both have the same blocks. */
const OLD_SHARDS = 'network';

/** Says what a base path of an earlier version loses. */
function warnOfOldShards(node: Node, log: Logger): void {
  if (!existsSync(join(node.folder!, OLD_SHARDS))) return;
  log.warn(
    `${join(node.folder!, OLD_SHARDS)} has shards of an earlier version, which are not read: packages that were Registered ` +
      'with it and are not available yet time out. The folder can be removed',
  );
}

/** The validators of a development chain; undefined if its runtime knows no work packages. All run in this process; guests run in child processes. */
function startValidators(node: Node, children: ChildRunner, log: Logger): Validators | undefined {
  const keys = validatorKeys(node, log);
  if (keys === undefined) return undefined;
  warnOfOldShards(node, log);
  const ring = node.spec.chainType === 'Development' ? KeyRing.development() : new KeyRing();
  const signers = keys
    .map((key) => ring.find(key))
    .filter((pair) => pair !== undefined)
    .map((pair) => ({
      publicKey: pair.publicKey,
      sign: (message: Uint8Array) => signDeterministically(pair, message),
    }));
  return new Validators({
    chain: node,
    runGuest: children.run,
    signers,
    nowMs: () => systemClock.nowMs(),
    warn: (message) => log.warn(message),
    verify: (publicKey, message, signature) => node.signatures.verify('sr25519', publicKey, message, signature),
  });
}

function versionOf(): string {
  return (JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;
}

async function run(values: Values): Promise<void> {
  const level = values.log as LogLevel;
  if (!LOG_LEVELS.includes(level))
    throw new CliError(`--log takes one of ${LOG_LEVELS.join(', ')}, not \`${level}\``, 2);
  const log = createLogger(level);
  const port = portOf(values.port as string);
  const access = accessOptions(values);
  // Registered before anything is opened, so that Ctrl-C at any time leaves nothing behind.
  // A node that another program started (the demo) exits with that program.
  const interrupted = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'].map((event) => once(process, event)));
  const node = Node.open(nodeOptions(values, log));
  const children = startChildren(node);
  const longCalls = new LongCalls({
    database: join(node.folder!, 'db'),
    log: (_level, target, message) => log.debug(`${target}: ${message}`),
  });
  const validators = startValidators(node, children, log);
  const close = async (): Promise<void> => {
    validators?.close();
    await Promise.all([children.close(), longCalls.close()]);
    await validators?.settled(); // the children's unfinished packages go on when the chain is opened again
    await node.close();
  };
  let parentEnded = (): void => undefined;
  const orphaned = new Promise<void>((resolve) => (parentEnded = resolve));
  const unwatch = watchParent(values['with-parent'] === true, parentEnded);
  try {
    const extra = validators === undefined ? {} : corejam(validators);
    const registry = createRegistry(node, { name: 'CoreJam', version: versionOf() }, extra, longCalls);
    const server = await startServer(registry, {
      port,
      ...access,
      onFault: (method, error) =>
        log.error(`${method} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    });
    console.log(`${bold(printable(node.spec.name))}, genesis ${toHex(node.genesisHash)}`);
    if (node.folder !== undefined && values['base-path'] !== undefined) console.log(dim(`kept in ${node.folder}`));
    console.log(`listening on ${server.url}`);
    // After the first requests are served: starting the children takes processor time.
    const notYet = systemClock.after(CHILDREN_START_MS, () => children.warm());
    await Promise.race([interrupted, orphaned]);
    notYet();
    await server.close();
  } finally {
    unwatch();
    await close();
    if (process.connected) process.disconnect();
  }
}

export const command: Command = {
  operands: '',
  options: {
    chain: {
      type: 'string',
      value: 'dev|local|scale|FILE',
      default: 'dev',
      help: 'The chain: `dev` (six validators, three cores), `local` (two and two), or the file of a chain spec.',
    },
    tmp: {
      type: 'boolean',
      help: 'Keep the chain in a temporary folder that is removed at the end (the default).',
    },
    'base-path': {
      type: 'string',
      value: 'DIR',
      help: 'Keep the chain in `corejam` in this folder, which must be new, empty or that of a chain.',
    },
    port: {
      type: 'string',
      value: 'PORT',
      default: '9944',
      help: 'WebSocket and HTTP on one port; 0 picks a free one.',
    },
    'rpc-external': { type: 'boolean', help: 'Listen on every interface, not only on 127.0.0.1.' },
    'rpc-methods': {
      type: 'string',
      value: 'auto|safe|unsafe',
      default: 'auto',
      help: 'Unsafe methods (engine_*, author_removeExtrinsic, state_getPairs, …): `auto` refuses them with --rpc-external.',
    },
    'rpc-cors': {
      type: 'string',
      value: 'ORIGINS',
      help: 'Whose pages may connect: origins with commas, `http://localhost:*` for any port, or `all`. By default localhost, polkadot.js.org and dev.papi.how.',
    },
    'rpc-max-response-size': {
      type: 'string',
      value: 'MIB',
      default: String(ANSWER_BYTES_MAX / MIB),
      help: 'The most MiB that an answer, or the answers of a batch together, may have.',
    },
    sealing: {
      type: 'string',
      value: 'MODE',
      default: 'instant',
      help: 'instant, manual (engine_createBlock) or interval=MS.',
    },
    'with-parent': {
      type: 'boolean',
      help: 'End when the process that started this one ends, as in a test runner that may be killed.',
    },
    'execute-own-blocks': {
      type: 'boolean',
      help: "Execute the author's own blocks again through Core_execute_block.",
    },
    log: { type: 'string', value: 'LEVEL', default: 'info', help: `${LOG_LEVELS.join(', ')}.` },
  },
  notes: 'The accounts //Alice to //Ferdie are endowed, //Alice may use sudo; Ctrl-C ends the chain.',
  run,
};
