// engine_*: making blocks on request, for manual sealing.
import { equal, toHex } from '../bytes/index.js';
import type { Json } from '../node/index.js';
import { blockAt, type Context } from './context.js';
import { BLOCK_NOT_MADE, RpcError } from './errors.js';
import type { Params } from './params.js';

/**
 * Makes a block on the best one. `createEmpty` allows one without transactions; `finalize` has no effect: blocks are
 * final at once.
 */
export function createBlock({ node }: Context, params: Params): Json {
  const createEmpty = params.has(0, 'createEmpty') ? params.boolean(0, 'createEmpty') : true;
  const parent = params.optionalHash(2, 'parentHash');
  if (parent !== undefined && !equal(parent, node.best().hash)) {
    throw new RpcError(
      BLOCK_NOT_MADE,
      `The parent ${toHex(parent)} is not the best block, and this chain has no forks`,
    );
  }
  if (!createEmpty && node.pool.readyCount === 0) {
    throw new RpcError(BLOCK_NOT_MADE, 'The pool has no ready transaction and an empty block was not asked for');
  }
  return {
    hash: toHex(node.createBlock().hash),
    aux: {
      headerOnly: false,
      clearJustificationRequests: false,
      needsJustification: false,
      badJustification: false,
      isNewBest: true,
    },
  };
}

/** True for any block of this chain: blocks are final at once. */
export function finalizeBlock(context: Context, params: Params): Json {
  blockAt(context, params.hash(0, 'hash'));
  return true;
}
