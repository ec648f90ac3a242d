// Which runtime executes on which state, and calls into it whose writes are thrown away.
import { toHex } from '../bytes/index.js';
import { Runtime, type CallContext, type SignatureCache } from '../executor/index.js';
import { Overlay, type StateView } from '../state/index.js';
import { CODE_KEY } from './genesis.js';
import type { Logger } from './types.js';

const ROOTS_KEPT = 512;

/** Runtimes by state root, so that nobody reads the code out of the trie for every call. */
export class Runtimes {
  readonly #byRoot = new Map<string, Runtime>();
  readonly context: CallContext;

  constructor(signatures: SignatureCache, log: Logger) {
    this.context = {
      signatures,
      maxLogLevel: 3,
      log: (level, target, message) => {
        const line = `${target}: ${message}`;
        if (level === 0) log.error(line);
        else if (level === 1) log.warn(line);
        else if (level === 2) log.info(line);
        else log.debug(line);
      },
    };
  }

  /** The runtime whose code this state holds. Throws InvalidRuntime. */
  at(state: StateView): Runtime {
    const key = toHex(state.root);
    const kept = this.#byRoot.get(key);
    if (kept !== undefined) return kept;
    const code = state.get(CODE_KEY);
    if (code === undefined) throw new Error(`the state ${key} holds no runtime`);
    const runtime = Runtime.load(code);
    this.#byRoot.set(key, runtime);
    if (this.#byRoot.size > ROOTS_KEPT) this.#byRoot.delete(this.#byRoot.keys().next().value!);
    return runtime;
  }

  /** A block that left the code alone: its state has the runtime of its parent's. */
  carryOver(root: Uint8Array, runtime: Runtime): void {
    this.#byRoot.set(toHex(root), runtime);
    if (this.#byRoot.size > ROOTS_KEPT) this.#byRoot.delete(this.#byRoot.keys().next().value!);
  }

  /** Call on a state and forget what the call wrote. Throws RuntimeTrap. */
  call(state: StateView, method: string, args: Uint8Array): Uint8Array {
    return this.at(state).call(method, args, new Overlay(state), this.context);
  }
}

/** Call on an overlay and roll back what the call wrote. Throws RuntimeTrap. */
export function callAndRollBack(runtime: Runtime, overlay: Overlay, method: string, args: Uint8Array, context: CallContext): Uint8Array {
  overlay.begin();
  try {
    return runtime.call(method, args, overlay, context);
  } finally {
    overlay.rollback();
  }
}
