// chain_*: blocks and headers.
import { toHex } from '../bytes/index.js';
import type { Json } from '../node/index.js';
import { AnswerSize } from './answers.js';
import { blockAt, headerJson, type Context, type ContextSubscription } from './context.js';
import type { Client } from './registry.js';
import { CHAIN_ERROR, invalidParams, RpcError } from './errors.js';
import { blockNumberOf, type Params } from './params.js';
import { mapInSteps } from './storage.js';
import type { Answer } from './text.js';
import type { Steps } from './turns.js';

const BLOCKS_MAX = 4096;

/** The header of a block, the best one by default; null if it is unknown. */
export function getHeader({ node }: Context, params: Params): Json {
  const hash = params.optionalHash(0, 'hash');
  const block = hash === undefined ? node.best() : node.block(hash);
  return block === undefined ? null : headerJson(block.header);
}

/** A block with its extrinsics, the best one by default; null if it is unknown. */
export function getBlock({ node }: Context, params: Params, client: Client): Answer {
  const hash = params.optionalHash(0, 'hash');
  const block = hash === undefined ? node.best() : node.block(hash);
  if (block === undefined) return null;
  const answer = new AnswerSize(client);
  return {
    block: {
      header: headerJson(block.header),
      extrinsics: node.body(block.hash)!.map((extrinsic) => answer.hex(extrinsic)),
    },
    justifications: null,
  };
}

/** The hash of the block of a number, or a list of hashes for a list of numbers; the best block's by default. */
export function getBlockHash({ node }: Context, params: Params): Json | Steps<Json> {
  if (!params.has(0, 'hash')) return toHex(node.best().hash);
  const byNumber = (value: Json): Json => {
    const number = blockNumberOf(value, 'block number');
    if (number === undefined) {
      throw new RpcError(CHAIN_ERROR, `\`${String(value)}\` > u32::MAX, the max block number is u32.`);
    }
    const hash = node.blockHash(number);
    return hash === undefined ? null : toHex(hash);
  };
  const value = params.json(0, 'hash');
  if (!Array.isArray(value)) return byNumber(value);
  if (value.length > BLOCKS_MAX) {
    throw invalidParams(`at most ${BLOCKS_MAX} block numbers are taken, and this list has ${value.length}`);
  }
  return mapInSteps(value, byNumber);
}

export { getBlockHash as getHead };

/** The hash of the last finalized block. */
export function getFinalizedHead({ node }: Context): Json {
  return toHex(node.finalized().hash);
}

export { getFinalizedHead as getFinalisedHead };

function heads(
  notification: string,
  unsubscribe: readonly string[],
  first: (context: Context) => Json,
): ContextSubscription {
  return {
    notification,
    unsubscribe,
    start: (context, _params, sink) => {
      sink.send(first(context));
      return context.node.subscribeBlocks(({ header }) => sink.send(headerJson(header)));
    },
  };
}

const bestHeader = (context: Context): Json => headerJson(blockAt(context, undefined).header);
const NEW_HEADS = ['chain_unsubscribeNewHeads', 'chain_unsubscribeNewHead', 'unsubscribe_newHead'];
const FINALIZED_HEADS = ['chain_unsubscribeFinalizedHeads', 'chain_unsubscribeFinalisedHeads'];

/** The header of the best block, now and whenever it changes. */
export const subscribeNewHeads = heads('chain_newHead', NEW_HEADS, bestHeader);
export { subscribeNewHeads as subscribeNewHead };

/** Each new header: the same as the best ones, since this chain has no forks. */
export const subscribeAllHeads = heads('chain_allHead', ['chain_unsubscribeAllHeads'], bestHeader);

/** The header of the last finalized block, now and whenever it changes. Finality comes with the block. */
export const subscribeFinalizedHeads = heads('chain_finalizedHead', FINALIZED_HEADS, bestHeader);
export { subscribeFinalizedHeads as subscribeFinalisedHeads };
