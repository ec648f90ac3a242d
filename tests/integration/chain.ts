// A whole chain in this process: the release blob, a node that makes blocks on request, the validators, and extrinsics
// that @polkadot/types encodes by the chain's metadata.
import { Keyring } from '@polkadot/api';
import { expandMetadata, Metadata, TypeRegistry } from '@polkadot/types';
import type { Call } from '@polkadot/types/interfaces';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildGuests, buildRuntime } from '../../compiler/build.js';
import { blake2_256, fromHex, toHex } from '../../host/bytes/index.js';
import { type Database, MemoryDatabase } from '../../host/db/index.js';
import { runGuest } from '../../host/executor/index.js';
import { sovereignAccount, sr25519Signer } from '../../host/incore/index.js';
import type { SignedPackage, Signer } from '../../host/incore/index.js';
import { Validators } from '../../host/validators/index.js';
import type { ValidatorsOptions, StageEvent } from '../../host/validators/index.js';
import { DEV_NAMES, devKey, ManualClock, Node, readChainSpec, silent } from '../../host/node/index.js';
import type { ChainSpec, NodeOptions } from '../../host/node/index.js';
import { givenBlob } from '../harness/blob.js';
import type { EventName } from '../harness/names.js';
import { valueOf } from '../unit/results.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const UNIT = 10n ** 12n;
/** Weight of the class for each item, in picoseconds. */
const REQUIREMENTS = { prune: 5_000_000_000n, accumulate: 20_000_000_000n };

/** An event of a block, as metadata names it. */
interface ChainEvent {
  name: EventName;
  data: string[];
}

export interface TestChain {
  node: Node;
  validators: Validators;
  clock: ManualClock;
  warnings: string[];
  /** The node's log: its errors and warnings. */
  lines: string[];
  /** Makes the next block. Returns its events. */
  block(): ChainEvent[];
  /** Signs and submits a call and makes a block. Returns its events. Throws if the call failed. */
  send(pallet: string, call: string, args: unknown[], by?: string): ChainEvent[];
  /** The same through sudo. */
  sudo(pallet: string, call: string, args: unknown[]): ChainEvent[];
  /** A signed call. `nonce`: by default the next one of the account on the chain. */
  signed(pallet: string, call: string, args: unknown[], by: string, nonce?: number): Uint8Array;
  close(): Promise<void>;
}

/** The development key of that name, as a signer of packages. */
export function signerOf(name: string): Signer {
  return sr25519Signer(devKey(name));
}

/** A guest of this repository, as built. */
function guestCode(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(root, 'build/guests', `${name}.wasm`)));
}

/** The dev chain's spec, with the blob that CORE_BLOB names or the release blob. */
async function devSpec(): Promise<ChainSpec> {
  const given = givenBlob();
  if (given === undefined) await buildRuntime(root, { variant: 'release', log: null });
  const spec = readChainSpec(join(root, 'chain-spec/dev.json'));
  if (given === undefined || spec.genesis.kind !== 'runtime') return spec;
  return { ...spec, genesis: { ...spec.genesis, code: given } };
}

/** Builds what is out of date and opens a development chain, in memory, in the folder `basePath` or in a given database. */
export async function startChain(
  change: Partial<ValidatorsOptions> = {},
  where: string | Database = new MemoryDatabase(),
  options: Partial<NodeOptions> = {},
): Promise<TestChain> {
  await buildGuests(root, null);
  const clock = new ManualClock();
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line);
  const node = Node.open({
    log: { ...silent, error: keep, warn: keep },
    spec: await devSpec(),
    sealing: 'manual',
    clock,
    executeOwnBlocks: true,
    ...(typeof where === 'string' ? { basePath: where } : { database: where }),
    ...options,
  });
  const warnings: string[] = [];
  const validators = new Validators({
    chain: node,
    runGuest,
    signers: DEV_NAMES.map(signerOf),
    nowMs: () => clock.nowMs(),
    warn: (message) => void warnings.push(message),
    verify: (publicKey, message, signature) => node.signatures.verify('sr25519', publicKey, message, signature),
    ...change,
  });
  const client = clientOf(node);
  const block = (): ChainEvent[] => {
    clock.advance(6_000);
    return client.events(node.createBlock().hash);
  };
  const send: TestChain['send'] = (pallet, call, args, by = 'Alice') => {
    const submitted = node.pool.submit(client.signed(client.call(pallet, call, args), by));
    if (!submitted.ok) throw new Error(`${pallet}.${call} was not taken: ${JSON.stringify(submitted.error)}`);
    const events = block();
    const failed = events.find(
      ({ name, data }) => name === 'System.ExtrinsicFailed' || (name === 'Sudo.Sudid' && data[0]!.includes('err')),
    );
    if (failed !== undefined) throw new Error(`${pallet}.${call} failed: ${failed.data.join(' ')}`);
    return events;
  };
  return {
    node,
    validators,
    clock,
    warnings,
    lines,
    block,
    send,
    signed: (pallet, call, args, by, nonce) => client.signed(client.call(pallet, call, args), by, nonce),
    sudo: (pallet, call, args) => send('sudo', 'sudo', [client.call(pallet, call, args)]),
    close: async () => {
      validators.close();
      await node.close();
    },
  };
}

/**
 * Uploads both guests, registers them, pays the class's deposit, and assigns `cores` to packages signed by //Bob.
 * Returns the class.
 */
export function deployOrdering(chain: TestChain, cores: readonly number[]): number {
  const hashOf = (name: string): Uint8Array => blake2_256(guestCode(name));
  for (const name of ['signature', 'ordering']) chain.send('storage', 'store', [toHex(guestCode(name))]);
  const authorizer = { codeHash: hashOf('signature'), param: toHex(signerOf('Bob').publicKey) };
  const registered = chain.send('authorizations', 'register', [authorizer]);
  const authId = registered.find(({ name }) => name === 'Authorizations.Registered')!.data[0]!;
  const classed = chain.sudo('workClasses', 'register', [hashOf('ordering'), REQUIREMENTS]);
  const classId = Number(classed.find(({ name }) => name === 'WorkClasses.Registered')!.data[0]);
  chain.send('balances', 'transferKeepAlive', [sovereignAccount(classId), 1_000n * UNIT]);
  for (const core of cores) chain.sudo('coretime', 'assign', [core, authId]);
  return classId;
}

/** Submits a package and waits until it is attested or refused. Returns its stages so far. */
export async function submitTo(
  chain: TestChain,
  { encoded, hash }: SignedPackage,
  core?: number,
): Promise<StageEvent[]> {
  valueOf(chain.validators.submit(encoded, core));
  await chain.validators.settled();
  return [...chain.validators.tracker.story(hash)!];
}

/** Encoding and decoding by the chain's metadata, as a client does. */
function clientOf(node: Node): {
  call(pallet: string, name: string, args: unknown[]): Call;
  signed(call: Call, by: string, nonce?: number): Uint8Array;
  events(at: Uint8Array): ChainEvent[];
} {
  const registry = new TypeRegistry();
  const answer = node.runtimeCall(node.best().hash, 'Metadata_metadata', new Uint8Array());
  const metadata = new Metadata(registry, registry.createType('Bytes', answer).toHex());
  registry.setMetadata(metadata);
  const { tx, query } = expandMetadata(registry, metadata);
  const keyring = new Keyring({ type: 'sr25519' });
  const nonceOf = (publicKey: Uint8Array): number => {
    const index = node.runtimeCall(node.best().hash, 'AccountNonceApi_account_nonce', publicKey);
    return new DataView(index.buffer, index.byteOffset).getUint32(0, true);
  };
  return {
    call: (pallet, name, args) => tx[pallet]![name]!(...args) as unknown as Call,
    signed: (call, by, nonce) => {
      const pair = keyring.addFromUri(`//${by}`);
      const extrinsic = registry.createType('Extrinsic', call);
      extrinsic.sign(pair, {
        blockHash: node.genesisHash,
        genesisHash: node.genesisHash,
        nonce: nonce ?? nonceOf(pair.publicKey),
        tip: 0,
        runtimeVersion: node.runtimeAt(node.best().hash).version() as never,
      });
      return fromHex(extrinsic.toHex());
    },
    events: (at) => {
      const key = registry.createType('StorageKey', query.system!.events!).toU8a(true);
      const raw = node.stateAt(at).get(key);
      const records = registry.createType('Vec<EventRecord>', raw) as unknown as { event: EventLike }[];
      return records.map(({ event }) => ({
        name: `${pascal(event.section)}.${event.method}` as EventName,
        data: event.data.map(String),
      }));
    },
  };
}

interface EventLike {
  section: string;
  method: string;
  data: { toString(): string }[];
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
