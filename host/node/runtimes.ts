// The runtime of each state, and calls whose writes are discarded.
import { toHex, utf8 } from '../bytes/index.js';
import {
  InvalidRuntime,
  Runtime,
  type CallContext,
  type RuntimeVersion,
  type SignatureCache,
} from '../executor/index.js';
import { Overlay, type StateView } from '../state/index.js';
import { BoundedMap } from './bounded-map.js';
import type { Logger } from './log.js';

/** The storage key of the runtime's code. */
export const CODE_KEY = utf8(':code');

/**
 * The entry points without which there is no chain: a blob that lacks one is refused when it is loaded. Without AuraApi the
 * node serves the state and makes no blocks.
 */
const ENTRY_POINTS = [
  'Core_version',
  'Core_initialize_block',
  'Core_execute_block',
  'Metadata_metadata',
  'BlockBuilder_inherent_extrinsics',
  'BlockBuilder_check_inherents',
  'BlockBuilder_apply_extrinsic',
  'BlockBuilder_finalize_block',
  'TaggedTransactionQueue_validate_transaction',
];

/** A runtime as the node uses it: the executor's, or one for tests. */
export interface ChainRuntime {
  readonly codeHash: Uint8Array;
  version(): RuntimeVersion;
  /** Throws UnknownEntryPoint or RuntimeTrap. */
  call(method: string, args: Uint8Array, overlay: Overlay, context?: CallContext): Uint8Array;
}

/** Loads a runtime from its code. Throws InvalidRuntime. */
export type LoadRuntime = (code: Uint8Array) => ChainRuntime;

/** Loads the executor's runtime and checks that it has every entry point that a chain needs. */
export const loadChainRuntime: LoadRuntime = (code) => Runtime.load(code, ENTRY_POINTS);

/** The state version (the layout of trie values) that a runtime declares. */
export function stateVersionOf(runtime: ChainRuntime): 0 | 1 {
  return runtime.version().stateVersion === 0 ? 0 : 1;
}

const ROOTS_KEPT = 512;

/** Runtimes by state root, so that the code is not read from the trie for each call. */
export class Runtimes {
  readonly #byRoot = new BoundedMap<string, ChainRuntime>(ROOTS_KEPT);
  /** For blocks: the runtime's log lines go to the operator. */
  readonly context: CallContext;
  /**
   * For calls of clients and of the pool: a bad argument causes a panic, so the runtime's log lines are debug output.
   */
  readonly questions: CallContext;
  /** For questions whose answer may presume that every signature is valid: verifying is most of their cost. */
  readonly presuming: CallContext;

  constructor(
    signatures: SignatureCache,
    log: Logger,
    readonly load: LoadRuntime = loadChainRuntime,
  ) {
    const levels = [log.error, log.warn, log.info] as const;
    this.context = {
      signatures,
      log: (level, target, message) => (levels[level] ?? log.debug).call(log, `${target}: ${message}`),
    };
    this.questions = { signatures, log: (_level, target, message) => log.debug(`${target}: ${message}`) };
    this.presuming = { ...this.questions, signatures: { verify: () => true } };
  }

  /** The runtime whose code this state holds. Throws InvalidRuntime. */
  at(state: StateView): ChainRuntime {
    const key = toHex(state.root);
    const kept = this.#byRoot.get(key);
    if (kept !== undefined) return kept;
    const runtime = this.loadCode(state.get(CODE_KEY));
    this.#byRoot.set(key, runtime);
    return runtime;
  }

  /** The runtime of the value at `:code`. Throws InvalidRuntime. */
  loadCode(code: Uint8Array | undefined): ChainRuntime {
    if (code === undefined) throw new InvalidRuntime('the state holds no runtime: there is no value at `:code`');
    return this.load(code);
  }

  /** Sets the runtime of a state whose block did not change the code. */
  carryOver(root: Uint8Array, runtime: ChainRuntime): void {
    this.#byRoot.set(toHex(root), runtime);
  }

  /** Calls on a state and discards the writes. Throws RuntimeTrap. */
  call(state: StateView, method: string, args: Uint8Array, context = this.questions): Uint8Array {
    return this.at(state).call(method, args, new Overlay(state), context);
  }
}

/** Calls on an overlay and rolls the writes back. Throws RuntimeTrap. */
export function callAndRollBack(
  runtime: ChainRuntime,
  overlay: Overlay,
  method: string,
  args: Uint8Array,
  context: CallContext,
): Uint8Array {
  overlay.begin();
  try {
    return runtime.call(method, args, overlay, context);
  } finally {
    overlay.rollback();
  }
}
