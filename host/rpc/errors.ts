// JSON-RPC errors: their codes, and the only place that turns a failure into what a client is sent.
import { Failure } from '../bytes/index.js';
import { DatabaseNotWritten } from '../db/index.js';
import { RuntimeTrap, UnknownEntryPoint } from '../executor/index.js';
import { BlockNotMade, UnknownBlock } from '../node/index.js';

/** The `error` member of a response. */
export type ErrorObject = {
  readonly code: number;
  readonly message: string;
  readonly data?: string;
};

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
/** Too many subscriptions, oversized requests, answers, batches and their answers: codes of Substrate's own server. */
export const TOO_MANY = -32006;
export const TOO_LARGE = -32007;
const ANSWER_TOO_LARGE = -32008;
export const BATCH_TOO_LARGE = -32010;
const BATCH_ANSWER_TOO_LARGE = -32011;

/** `engine_*`: no block was made. */
export const BLOCK_NOT_MADE = 1;
/** Substrate's `state_*`: a block range that can't be used. */
export const INVALID_BLOCK_RANGE = 4001;
/** Substrate's `state_*`: a count above the maximum. */
export const INVALID_COUNT = 4002;
/** Substrate's `state_*` and `childstate_*`: an unknown block, or a call that failed. */
const CLIENT_ERROR = 4003;
/** Substrate's `chain_*`: a block number that no block can have. */
export const CHAIN_ERROR = 3001;
/** Substrate's `payment_*` and `system_dryRun`: the runtime's entry point failed. */
const RUNTIME_ERROR = 1;
/** Substrate's `payment_*` and `system_dryRun`: the bytes are no extrinsic. */
const DECODE_ERROR = 2;
/** Substrate's `author_*`: an extrinsic's bytes that are none, for all methods except author_submitExtrinsic. */
export const BAD_FORMAT = 1001;
/** Substrate's `author_*`: any other failure, also of author_submitExtrinsic to decode. */
export const AUTHOR_ERROR = 1040;

/** The parameters are not what the method takes. */
export function invalidParams(sentence: string): RpcError {
  return new RpcError(INVALID_PARAMS, `Invalid params: ${sentence}`);
}

/** Substrate's error for a `state_*` or `childstate_*` request that can't be served. */
export function clientError(sentence: string): RpcError {
  return new RpcError(CLIENT_ERROR, `Client error: ${sentence}`);
}

const exceeded = (max: number): string => `Exceeded max limit of ${max}`;

/** Substrate's error for an answer of more than `max` bytes. */
export function oversizedAnswer(max: number): RpcError {
  return new RpcError(ANSWER_TOO_LARGE, 'Response is too big', exceeded(max));
}

/** Substrate's error for a batch whose answers have more than `max` bytes together. */
export function oversizedBatchAnswer(max: number): RpcError {
  return new RpcError(BATCH_ANSWER_TOO_LARGE, 'The batch response was too large', exceeded(max));
}

/** Substrate's error for an unsafe method that this server does not offer. */
export function unsafeDenied(): RpcError {
  return new RpcError(METHOD_NOT_FOUND, 'RPC call is unsafe to be called externally');
}

/** Substrate's error for bytes that are no extrinsic, where `attempt` says what was asked. */
export function undecodable(attempt: string): RpcError {
  return new RpcError(DECODE_ERROR, attempt, 'the length prefix does not match the length');
}

/** The result of `run`; a failure of the runtime becomes Substrate's error, where `attempt` says what was asked. */
export function runtimeResult<T>(attempt: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw runtimeFailure(attempt, error);
  }
}

/** The same, of a call that may be made elsewhere. */
export async function runtimeResultLater<T>(attempt: string, run: Promise<T>): Promise<T> {
  try {
    return await run;
  } catch (error) {
    throw runtimeFailure(attempt, error);
  }
}

function runtimeFailure(attempt: string, error: unknown): unknown {
  if (!(error instanceof RuntimeTrap || error instanceof UnknownEntryPoint)) return error;
  return new RpcError(RUNTIME_ERROR, attempt, error.message);
}

/** What a client sees of anything else: a bug, or a failure that no request causes. */
const INTERNAL = new RpcError(INTERNAL_ERROR, 'Internal error: the node failed to answer; its log says more');

function rpcErrorOf(error: unknown): RpcError | undefined {
  if (error instanceof RpcError) return error;
  if (error instanceof UnknownBlock) return clientError(`UnknownBlock: ${error.message}`);
  if (error instanceof RuntimeTrap || error instanceof UnknownEntryPoint) {
    return clientError(`Execution failed: ${error.message}`);
  }
  if (error instanceof BlockNotMade || error instanceof DatabaseNotWritten)
    return new RpcError(BLOCK_NOT_MADE, `No block was made: ${error.message}`);
  return undefined;
}

/** The error object for what a request threw; `onInternal` is called if the client is sent no details. */
export function errorObject(error: unknown, onInternal?: () => void): ErrorObject {
  const known = rpcErrorOf(error);
  if (known === undefined) onInternal?.();
  const { code, message, data } = known ?? INTERNAL;
  return { code, message, ...(data === undefined ? {} : { data }) };
}
