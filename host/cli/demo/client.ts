// The demo as a client: an unmodified @polkadot/api over the WebSocket, and nothing of the node's insides.
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import type { DispatchError, EventRecord } from '@polkadot/types/interfaces';
import { CliError } from '../terminal.js';

/** A signer of extrinsics, as the keyring makes them. */
export type Account = ReturnType<Keyring['addFromUri']>;

/** What the node speaks beyond Substrate's RPC. */
const COREJAM_RPC = {
  corejam: {
    submitPackage: {
      description: 'Submit an encoded work package',
      params: [{ type: 'Bytes', name: 'package' }],
      type: 'H256',
    },
    subscribePackage: {
      description: 'Hear of every stage of a package',
      params: [{ type: 'H256', name: 'hash' }],
      type: 'Json',
      pubsub: ['package', 'subscribePackage', 'unsubscribePackage'] as [string, string, string],
    },
  },
};

/** Connects to a node; the chain's metadata describes the rest. */
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

/** What an extrinsic did: the block that holds it, and its events. */
export interface Done {
  blockNumber: number;
  events: EventRecord[];
}

/** Signs, submits, and waits for the block; a failed dispatch (that of an inner sudo call as well) is an error with its reason. */
export async function send(api: ApiPromise, tx: SubmittableExtrinsic<'promise'>, signer: Account): Promise<Done> {
  const name = `${tx.method.section}.${tx.method.method}`;
  const { events, blockHash } = await new Promise<{ events: EventRecord[]; blockHash: string }>((resolve, reject) => {
    tx.signAndSend(signer, ({ status, events, dispatchError }) => {
      if (dispatchError !== undefined) reject(new CliError(`${name} failed: ${explain(api, dispatchError)}`));
      // With instant finality the client library may pass over `inBlock`.
      else if (status.isInBlock || status.isFinalized) {
        resolve({ events, blockHash: (status.isInBlock ? status.asInBlock : status.asFinalized).toHex() });
      } else if (status.isInvalid || status.isDropped || status.isUsurped)
        reject(new CliError(`${name} was refused: ${status.type}`));
    }).catch((error: Error) => reject(new CliError(`${name} was refused: ${error.message}`)));
  });
  for (const { event } of events) {
    if (event.section !== 'sudo' || event.method !== 'Sudid') continue;
    const result = event.data[0] as unknown as { isErr: boolean; asErr: DispatchError };
    if (result.isErr) throw new CliError(`${name} failed inside: ${explain(api, result.asErr)}`);
  }
  const { number } = await api.rpc.chain.getHeader(blockHash);
  return { blockNumber: number.toNumber(), events };
}

/** The first value of an event, which tells the id that was given. */
export function idFrom({ events }: Done, section: string, method: string, field = 0): number {
  const found = events.find(({ event }) => event.section === section && event.method === method);
  if (found === undefined) throw new CliError(`the chain did not answer with ${section}.${method}`);
  return Number(found.event.data[field]!.toString());
}
