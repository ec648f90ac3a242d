// JSON-RPC errors: the standard codes, and Substrate's for transactions and state.

/** An error that a client is shown: a code, a sentence, and sometimes more. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
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
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;
/** Oversized requests, oversized batches, too many subscriptions: the codes of Substrate's own server. */
export const TOO_LARGE = -32007;
export const TOO_MANY = -32006;
export const BATCH_TOO_LARGE = -32010;

/** Substrate's `state_*` and `childstate_*`: an unknown block, or a call that failed. */
export const CLIENT_ERROR = 4003;
/** Substrate's `state_*`: a count above the maximum. */
export const INVALID_COUNT = 4002;
/** Substrate's `system_*`: a dry run or a nonce that can't be had. */
export const SYSTEM_ERROR = 8000;

/** The parameters are not what the method takes. */
export function invalidParams(sentence: string): RpcError {
  return new RpcError(INVALID_PARAMS, `Invalid params: ${sentence}`);
}
