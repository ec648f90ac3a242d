// system_*: the node and its chain.
import { concat, Reader, toHex, Writer } from '../bytes/index.js';
import { isWholeExtrinsic, type Json } from '../node/index.js';
import { blockAt, type Context } from './context.js';
import { runtimeResult, undecodable } from './errors.js';
import type { Params } from './params.js';
import { accountOf } from './ss58.js';

/** The program's name. */
export function name({ program }: Context): Json {
  return program.name;
}

/** The program's version. */
export function version({ program }: Context): Json {
  return program.version;
}

/** The chain's name. */
export function chain({ node }: Context): Json {
  return node.spec.name;
}

/** Development, Local or Live. */
export function chainType({ node }: Context): Json {
  return node.spec.chainType;
}

/** The spec's properties: address prefix, token. */
export function properties({ node }: Context): Json {
  return node.spec.properties;
}

/** This node has no peers, and needs none. */
export function health(): Json {
  return { peers: 0, isSyncing: false, shouldHavePeers: false };
}

/** None: this node has no peers. */
export function peers(): Json {
  return [];
}

/** Empty: this node has no network identity. */
export function localPeerId(): Json {
  return '';
}

/** None: this node listens to clients only. */
export function localListenAddresses(): Json {
  return [];
}

/** This node authors blocks. */
export function nodeRoles(): Json {
  return ['Authority'];
}

/** The state of synchronisation: always complete, since there are no peers. */
export function syncState({ node }: Context): Json {
  const { number } = node.best();
  return { startingBlock: 0, currentBlock: number, highestBlock: number };
}

/** The next nonce of an account, after its ready transactions in the pool. */
export function accountNextIndex({ node }: Context, params: Params): Json {
  const account = accountOf(params.string(0, 'account'));
  const answer = runtimeResult('Unable to query nonce.', () =>
    node.runtimeCall(node.best().hash, 'AccountNonceApi_account_nonce', account),
  );
  let nonce = new Reader(answer).u32();
  // FRAME's tag of a transaction: its sender and nonce.
  const tag = (index: number): string => toHex(concat(account, new Writer(4).u32(index).finish()));
  while (nonce < 0xffff_ffff && node.pool.provides(tag(nonce))) nonce++;
  return nonce;
}

/** Tries a transaction on the state after a block and discards its effects. Returns the ApplyExtrinsicResult. */
export function dryRun(context: Context, params: Params): Json {
  const extrinsic = params.bytes(0, 'extrinsic');
  const block = blockAt(context, params.optionalHash(1, 'at'));
  if (!isWholeExtrinsic(extrinsic)) throw undecodable('Unable to dry run extrinsic');
  const outcome = context.node.dryRun(block.hash, extrinsic);
  return runtimeResult('Unable to dry run extrinsic.', () => {
    if (!outcome.ok) throw outcome.error;
    return toHex(outcome.value);
  });
}
export { dryRun as dryRunAt };
