// author_*: submitting transactions and watching them. Errors have the codes and messages of Substrate's node.
import { blake2_256, toHex } from '../bytes/index.js';
import {
  isFinal,
  isObject,
  isWholeExtrinsic,
  type PoolRefusal,
  type TransactionStatus,
  type ValidityError,
  type Json,
} from '../node/index.js';
import { AnswerSize } from './answers.js';
import type { Context, ContextSubscription } from './context.js';
import type { Client } from './registry.js';
import { AUTHOR_ERROR, BAD_FORMAT, invalidParams, RpcError } from './errors.js';
import { bytesOf, hashOf, type Params } from './params.js';
import type { Answer } from './text.js';

const HASHES_MAX = 1024;
const KEY_TYPE_BYTES = 4;

const VALIDITY: Readonly<Record<ValidityError['kind'], readonly [code: number, message: string]>> = {
  invalid: [1010, 'Invalid Transaction'],
  unknown: [1011, 'Unknown Transaction Validity'],
};

function refusalError(refusal: PoolRefusal): RpcError {
  switch (refusal.kind) {
    case 'malformed':
      return new RpcError(BAD_FORMAT, `Extrinsic has invalid format: ${refusal.message}`);
    case 'trapped':
      return new RpcError(1002, `Verification Error: Runtime error: ${refusal.message}`);
    case 'validity':
      return new RpcError(...VALIDITY[refusal.error.kind], refusal.error.message);
    case 'banned':
      return new RpcError(1012, 'Transaction is temporarily banned', refusal.reason);
    case 'alreadyImported':
      return new RpcError(1013, 'Transaction Already Imported', refusal.hash);
    case 'tooLowPriority':
      return new RpcError(
        1014,
        `Priority is too low: (${refusal.old} vs ${refusal.new})`,
        'The transaction has too low priority to replace another transaction already in the pool.',
      );
    case 'abandonsTag':
      return new RpcError(
        1014,
        'Priority is too low: a replacement must provide all tags of what it replaces',
        'What would be replaced does what others may wait for. It is withdrawn only by a block.',
      );
    case 'cycle':
      return new RpcError(1015, 'Cycle Detected');
    case 'full':
      return new RpcError(1016, 'Immediately Dropped', "The transaction couldn't enter the pool because of the limit");
    case 'noTags':
      return new RpcError(
        1019,
        'No tags provided',
        "Transaction does not provide any tags, so the pool can't identify it",
      );
  }
}

/** Submits a transaction to the pool. Returns its hash. */
export function submitExtrinsic({ node }: Context, params: Params): Json {
  const submitted = node.pool.submit(params.bytes(0, 'extrinsic'));
  // Substrate has another code here than where the transaction is watched.
  if (!submitted.ok && submitted.error.kind === 'malformed') {
    throw new RpcError(AUTHOR_ERROR, `Client error: ${submitted.error.message}`);
  }
  if (!submitted.ok) throw refusalError(submitted.error);
  return toHex(submitted.value.hash);
}

function statusJson(status: TransactionStatus): Json {
  if (typeof status === 'string') return status;
  return Object.fromEntries(Object.entries(status).map(([name, hash]) => [name, toHex(hash)]));
}

/**
 * Submits a transaction to the pool, and sends each of its statuses up to the final one. `finalized` waits until the client
 * has followed `inBlock` (following.ts).
 */
export const submitAndWatchExtrinsic: ContextSubscription = {
  notification: 'author_extrinsicUpdate',
  unsubscribe: ['author_unwatchExtrinsic'],
  start: ({ node }, params, sink) => {
    let followed: Promise<void> | undefined;
    const tell = (status: TransactionStatus): void => {
      sink.send(statusJson(status));
      if (isFinal(status)) sink.close();
    };
    const submitted = node.pool.submit(params.bytes(0, 'bytes'), (status) => {
      const isFinalized = typeof status === 'object' && 'finalized' in status;
      if (isFinalized && followed !== undefined) return void followed.then(() => tell(status));
      tell(status);
      if (typeof status === 'object' && 'inBlock' in status) followed = sink.followed(toHex(status.inBlock));
    });
    if (!submitted.ok) throw refusalError(submitted.error);
    return submitted.value.unwatch;
  },
};

/** The ready transactions, in order of arrival. */
export function pendingExtrinsics({ node }: Context, _params: Params, client: Client): Answer {
  const answer = new AnswerSize(client);
  return node.pool.ready().map(({ bytes }) => answer.hex(bytes));
}

/**
 * Removes transactions, given by hash or as bytes, from the pool, and bans them for a while. Returns the hashes that
 * were there.
 */
export function removeExtrinsic({ node }: Context, params: Params): Json {
  const hashes = params.list(0, 'bytesOrHash', HASHES_MAX).map((item, index) => {
    if (!isObject(item)) {
      throw invalidParams(`bytesOrHash[${index}] must be an object with \`hash\` or \`extrinsic\``);
    }
    const { hash, extrinsic } = item;
    const name = `bytesOrHash[${index}]`;
    if (hash !== undefined && hash !== null) return toHex(hashOf(hash, `${name}.hash`));
    const bytes = bytesOf(extrinsic, `${name}.extrinsic`);
    if (!isWholeExtrinsic(bytes)) {
      throw new RpcError(BAD_FORMAT, `Extrinsic has invalid format: ${name}.extrinsic has a wrong length prefix`);
    }
    return toHex(blake2_256(bytes));
  });
  return node.pool.remove(hashes);
}

/** Whether this node can sign with this key of this type (`aura`). */
export function hasKey({ node }: Context, params: Params): Json {
  const key = params.bytes(0, 'publicKey');
  const keyType = params.string(1, 'keyType');
  if (Buffer.byteLength(keyType) !== KEY_TYPE_BYTES) {
    throw new RpcError(AUTHOR_ERROR, 'Invalid key type ID format (should be of length four)');
  }
  return keyType === 'aura' && node.hasKey(key);
}

/** Whether this node can sign with an encoded set of session keys: one sr25519 key for Aura. */
export function hasSessionKeys({ node }: Context, params: Params): Json {
  const keys = params.bytes(0, 'sessionKeys');
  if (keys.length !== 32) throw new RpcError(AUTHOR_ERROR, 'Session keys are not encoded correctly');
  return node.hasKey(keys);
}

const noKeystore = (): never => {
  throw new RpcError(1000, 'This node keeps no keystore: it signs with the keys of the development accounts');
};

/** Always an error: there is no keystore. */
export function insertKey(): Json {
  return noKeystore();
}

/** Always an error: there is no keystore. */
export function rotateKeys(): Json {
  return noKeystore();
}
