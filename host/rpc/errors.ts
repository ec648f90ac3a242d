// JSON-RPC errors: their codes, and the only place that turns a failure into what a client is sent.
import { Failure } from '../bytes/index.js';
import { RuntimeTrap, UnknownEntryPoint } from '../executor/index.js';
import { BlockNotMade, UnknownBlock } from '../node/index.js';

/** The `error` member of a response. */
export interface ErrorObject {
  readonly code: number;
  readonly message: string;
  readonly data?: string;
}

/** A failure of a request, as the client is to see it: a code, a sentence, and for some codes more. */
export class RpcError extends Failure {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: string,
  ) {
    super(message);
  }
}

export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;
/** Oversized requests, oversized batches, too many subscriptions: the codes of Substrate's own server. */
export const TOO_LARGE = -32007;
export const TOO_MANY = -32006;
export const BATCH_TOO_LARGE = -32010;

/** `engine_*`: no block was made. */
export const BLOCK_NOT_MADE = 1;
/** Substrate's `state_*`: a block range that can't be used. */
export const INVALID_BLOCK_RANGE = 4001;
/** Substrate's `state_*`: a count above the maximum. */
export const INVALID_COUNT = 4002;
/** Substrate's `state_*` and `childstate_*`: an unknown block, or a call that failed. */
const CLIENT_ERROR = 4003;
/** Substrate's `system_*`: a dry run that failed. */
export const SYSTEM_ERROR = 8000;

/** The parameters are not what the method takes. */
export function invalidParams(sentence: string): RpcError {
  return new RpcError(INVALID_PARAMS, `Invalid params: ${sentence}`);
}

/** Substrate's error for a `state_*` or `childstate_*` request that can't be served. */
export function clientError(sentence: string): RpcError {
  return new RpcError(CLIENT_ERROR, `Client error: ${sentence}`);
}

/** What a client sees of anything else: a bug, or a failure that no request causes. */
const INTERNAL = new RpcError(INTERNAL_ERROR, 'Internal error: the node failed to answer; its log says more');

function rpcErrorOf(error: unknown): RpcError | undefined {
  if (error instanceof RpcError) return error;
  if (error instanceof UnknownBlock) return clientError(`UnknownBlock: ${error.message}`);
  if (error instanceof RuntimeTrap || error instanceof UnknownEntryPoint) {
    return clientError(`Execution failed: ${error.message}`);
  }
  if (error instanceof BlockNotMade) return new RpcError(BLOCK_NOT_MADE, `No block was made: ${error.message}`);
  return undefined;
}

/** The error object for what a request threw; `onInternal` is called if the client is sent no details. */
export function errorObject(error: unknown, onInternal?: () => void): ErrorObject {
  const known = rpcErrorOf(error);
  if (known === undefined) onInternal?.();
  const { code, message, data } = known ?? INTERNAL;
  return { code, message, ...(data === undefined ? {} : { data }) };
}
