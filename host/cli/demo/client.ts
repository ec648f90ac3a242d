// The demo's client: an unmodified @polkadot/api over WebSocket, without access to the node's internals.
import { ApiPromise, Keyring, WsProvider, type SubmittableResult } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import { CliError } from '../terminal.js';

// Taken from @polkadot/api, because shipped code must not depend on @polkadot/types.
type EventRecord = SubmittableResult['events'][number];
type DispatchError = NonNullable<SubmittableResult['dispatchError']>;

/** A key pair that signs extrinsics. */
export type Account = ReturnType<Keyring['addFromUri']>;

/** The node's methods beyond Substrate's RPC. */
const COREJAM_RPC = {
  corejam: {
    submitPackage: {
      description: 'Submit an encoded work package',
      params: [{ type: 'Bytes', name: 'package' }],
      type: 'H256',
    },
    subscribePackage: {
      description: 'Subscribe to the stages of a package',
      params: [{ type: 'H256', name: 'hash' }],
      type: 'Json',
      pubsub: ['package', 'subscribePackage', 'unsubscribePackage'] as [string, string, string],
    },
  },
};

/** Connects to a node. Throws CliError. */
export async function connect(url: string): Promise<ApiPromise> {
  return ApiPromise.create({
    provider: new WsProvider(url, 1_000),
    rpc: COREJAM_RPC,
    noInitWarn: true,
    throwOnConnect: true,
  }).catch((error: Error) => {
    throw new CliError(`${url} does not serve this client: ${error.message}`);
  });
}

/** A development account, `//Alice` and the like. */
export function devAccount(seed: string): Account {
  return new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri(seed);
}

/** `pallet.Error: its documentation`. */
function explain(api: ApiPromise, error: DispatchError): string {
  if (!error.isModule) return error.toString();
  const { section, name, docs } = api.registry.findMetaError(error.asModule);
  return `${section}.${name}: ${docs.join(' ')}`;
}

/** An included extrinsic: its block and its events. */
export interface Done {
  blockNumber: number;
  events: EventRecord[];
}

/**
 * Signs, submits, and waits for the block. Throws CliError if the extrinsic is refused, or its dispatch or an inner
 * sudo call fails.
 */
export async function send(api: ApiPromise, tx: SubmittableExtrinsic<'promise'>, signer: Account): Promise<Done> {
  const name = `${tx.method.section}.${tx.method.method}`;
  const { events, blockHash } = await new Promise<{ events: EventRecord[]; blockHash: string }>((resolve, reject) => {
    tx.signAndSend(signer, ({ status, events, dispatchError }) => {
      if (dispatchError !== undefined) reject(new CliError(`${name} failed: ${explain(api, dispatchError)}`));
      // With instant finality the client library may skip `inBlock`.
      else if (status.isInBlock || status.isFinalized) {
        resolve({ events, blockHash: (status.isInBlock ? status.asInBlock : status.asFinalized).toHex() });
      } else if (status.isInvalid || status.isDropped || status.isUsurped)
        reject(new CliError(`${name} was refused: ${status.type}`));
    }).catch((error: Error) => reject(new CliError(`${name} was refused: ${error.message}`)));
  });
  for (const { event } of events) {
    if (event.section !== 'sudo' || event.method !== 'Sudid') continue;
    const result = event.data[0] as unknown as { isErr: boolean; asErr: DispatchError };
    if (result.isErr) throw new CliError(`the call inside ${name} failed: ${explain(api, result.asErr)}`);
  }
  const { number } = await api.rpc.chain.getHeader(blockHash);
  return { blockNumber: number.toNumber(), events };
}

/** The id in an event: its first field by default. */
export function idFrom({ events }: Done, section: string, method: string, field = 0): number {
  const found = events.find(({ event }) => event.section === section && event.method === method);
  if (found === undefined) throw new CliError(`the chain did not deposit the event ${section}.${method}`);
  return Number(found.event.data[field]!.toString());
}
