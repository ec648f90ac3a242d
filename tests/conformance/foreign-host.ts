// Two hosts for one runtime blob: this project's, and smoldot's executor (an independent Wasm interpreter), as
// published in @acala-network/chopsticks-executor. The second uses no code of this project.
import * as smoldot from '@acala-network/chopsticks-executor';
import { Keyring } from '@polkadot/keyring';
import { expandMetadata, Metadata, TypeRegistry } from '@polkadot/types';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { fromHex, Reader, toHex } from '../../host/bytes/index.js';
import { MemoryDatabase } from '../../host/db/index.js';
import { Runtime } from '../../host/executor/index.js';
import { Overlay, StateStore } from '../../host/state/index.js';

type Hex = `0x${string}`;
const hex = (bytes: Uint8Array): Hex => toHex(bytes) as Hex;

/** This project's executor, on a state that is empty at first. */
export class OurHost {
  readonly overlay = new Overlay(new StateStore(new MemoryDatabase()).empty);
  readonly #runtime: Runtime;

  constructor(code: Uint8Array) {
    this.#runtime = Runtime.load(code);
  }

  call(method: string, args: Uint8Array): Uint8Array {
    return this.#runtime.call(method, args, this.overlay);
  }

  /** Every entry of the main trie, sorted by key. */
  entries(): [key: string, value: string][] {
    return this.overlay
      .changes()
      .flatMap(([key, value]): [string, string][] => (value === undefined ? [] : [[toHex(key), toHex(value)]]));
  }
}

/** A signed extrinsic of //Alice that calls Balances, encoded by @polkadot/types with the runtime's metadata. */
export async function signedByAlice(
  code: Uint8Array,
  call: string,
  args: readonly unknown[],
  genesisHash: Hex,
): Promise<Uint8Array> {
  await cryptoWaitReady();
  const registry = new TypeRegistry();
  const encoded = new Reader(new OurHost(code).call('Metadata_metadata', new Uint8Array(0))).bytes();
  const metadata = new Metadata(registry, hex(encoded));
  registry.setMetadata(metadata);
  const extrinsic = registry.createType(
    'Extrinsic',
    expandMetadata(registry, metadata).tx['balances']![call]!(...args),
  );
  const { specVersion, transactionVersion } = Runtime.load(code).version();
  extrinsic.sign(new Keyring({ type: 'sr25519' }).addFromUri('//Alice'), {
    blockHash: genesisHash,
    genesisHash,
    nonce: 0,
    tip: 0,
    runtimeVersion: { specVersion, transactionVersion } as never,
  });
  return extrinsic.toU8a();
}

interface TaskResponse {
  Call?: { result: Hex; storageDiff: [Hex, Hex | null | undefined][] };
  Error?: string;
}

/**
 * smoldot's executor, on an empty state or on the given entries.
 *
 * A task computes state roots only over its own writes, because chopsticks does not provide the rest of the state to
 * it. Therefore each call runs all earlier calls again, in one task: on an empty state, the roots are then complete.
 * With given entries they are not, and must not be compared.
 */
export class ForeignHost {
  readonly #wasm: Hex;
  readonly #given: ReadonlyMap<string, Hex>;
  #calls: [method: string, args: [Hex]][] = [];
  #entries: [key: string, value: string][] = [];

  constructor(code: Uint8Array, entries: readonly (readonly [Uint8Array, Uint8Array])[] = []) {
    this.#wasm = hex(code);
    this.#given = new Map(entries.map(([key, value]) => [hex(key), hex(value)]));
  }

  async call(method: string, args: Uint8Array): Promise<Uint8Array> {
    const calls: [string, [Hex]][] = [...this.#calls, [method, [hex(args)]]];
    // The machine is a host function of this project; a foreign host links a trap instead.
    const task = {
      id: 1,
      wasm: this.#wasm,
      calls,
      mockSignatureHost: 0,
      allowUnresolvedImports: true,
      runtimeLogLevel: 0,
      storageProofSize: 0,
    };
    const nothing = (): Promise<undefined> => Promise.resolve(undefined);
    const response = (await smoldot.run_task(
      task as never,
      {
        getStorage: (key: Hex) => Promise.resolve(this.#given.get(key)),
        getNextKey: (prefix: Hex, key: Hex) => Promise.resolve(this.#nextGiven(prefix, key)),
        offchainGetStorage: nothing,
        offchainTimestamp: () => Promise.resolve(0),
        offchainRandomSeed: () => Promise.resolve(`0x${'00'.repeat(32)}`),
        offchainSubmitTransaction: () => Promise.resolve(false),
      } as never,
    )) as TaskResponse;
    if (response.Call === undefined) throw new Error(`${method}: ${response.Error}`);
    this.#calls = calls;
    this.#entries = response.Call.storageDiff
      .flatMap(([key, value]): [string, string][] => (value === null || value === undefined ? [] : [[key, value]]))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return fromHex(response.Call.result);
  }

  /** The entries that the calls so far have written, sorted by key: on an empty state, all entries. */
  entries(): [key: string, value: string][] {
    return this.#entries;
  }

  /** The root of the state, computed by smoldot's trie. */
  root(stateVersion: 0 | 1): Promise<string> {
    return foreignRoot(this.#entries, stateVersion);
  }

  #nextGiven(prefix: string, key: string): string | undefined {
    return [...this.#given.keys()].filter((other) => other.startsWith(prefix) && other > key).sort()[0];
  }
}

/** The root of a trie with these entries, computed by smoldot. */
export function foreignRoot(entries: [key: string, value: string][], stateVersion: 0 | 1): Promise<string> {
  return smoldot.calculate_state_root(entries as [Hex, Hex][], stateVersion);
}

/** The version of a blob, as smoldot's executor reads it. */
export async function foreignVersion(code: Uint8Array): Promise<Record<string, unknown>> {
  return (await smoldot.get_runtime_version(hex(code))) as unknown as Record<string, unknown>;
}
