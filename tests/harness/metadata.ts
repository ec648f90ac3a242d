// Encodes and decodes storage, calls, events and errors by name, through @polkadot/types and the runtime's metadata.
import { expandMetadata, Metadata, TypeRegistry } from '@polkadot/types';
import type { DecoratedMeta } from '@polkadot/types/metadata/decorate/types';
import type { StorageEntry } from '@polkadot/types/primitive/types';
import type { Vec } from '@polkadot/types';
import type { DispatchError, EventRecord } from '@polkadot/types/interfaces';
import type { Codec } from '@polkadot/types/types';
import { fromHex } from '../../host/bytes/index.js';
import type { EventName } from './names.js';

/** An argument of a call or a key of storage, as @polkadot/types accepts it. */
export type Argument = unknown;

/** A decoded event. */
export interface NamedEvent {
  name: EventName;
  /** Its fields as JSON-like values, by name, or by position if unnamed. */
  fields: Record<string, unknown>;
  /** `ApplyExtrinsic 0`, `Finalization` or `Initialization`. */
  phase: string;
}

/** The metadata of a runtime. */
export class RuntimeNames {
  readonly registry = new TypeRegistry();
  readonly metadata: Metadata;
  /** Names of the pallets by index. */
  readonly pallets: ReadonlyMap<number, string>;
  readonly #decorated: DecoratedMeta;

  /** `metadata`: encoded, version 14 or later. */
  constructor(metadata: Uint8Array) {
    const decoded = new Metadata(this.registry, `0x${Buffer.from(metadata).toString('hex')}`);
    this.metadata = decoded;
    this.registry.setMetadata(decoded);
    this.#decorated = expandMetadata(this.registry, decoded);
    this.pallets = new Map(decoded.asLatest.pallets.map(({ index, name }) => [index.toNumber(), name.toString()]));
  }

  /** An encoded call: `name` as in `Balances.transfer_allow_death`, and its arguments in order. */
  call(name: string, ...args: Argument[]): Uint8Array {
    const [pallet, method] = split(name);
    const make = this.#decorated.tx[camel(pallet)]?.[camel(method)];
    if (make === undefined) throw new RangeError(`there is no call ${name}`);
    return make(...args).toU8a();
  }

  /** All calls as the metadata has them: indices of pallet and call, names, names of the arguments, documentation. */
  calls(): { index: Uint8Array; pallet: string; call: string; arguments: string[]; docs: string }[] {
    return Object.values(this.#decorated.tx).flatMap((pallet) =>
      Object.values(pallet).map(({ callIndex, section, method, meta }) => ({
        index: callIndex,
        pallet: pascal(section),
        call: meta.name.toString() || method,
        arguments: meta.args.map(({ name }) => name.toString()),
        docs: meta.docs.map((line) => line.toString()).join('\n'),
      })),
    );
  }

  /** A storage key: `name` as in `System.Account`. */
  key(name: string, ...keys: Argument[]): Uint8Array {
    const entry = this.#entry(name);
    return fromHex(this.registry.createType('StorageKey', [entry, keys]).toHex());
  }

  /** Decodes a value of a storage item. Without bytes, returns its default, or undefined if it has none. */
  value(name: string, bytes: Uint8Array | undefined): Codec | undefined {
    const entry = this.#entry(name);
    if (bytes === undefined && entry.meta.modifier.isOptional) return undefined;
    const type = this.registry.createLookupType(
      entry.meta.type.isPlain ? entry.meta.type.asPlain : entry.meta.type.asMap.value,
    );
    return this.registry.createTypeUnsafe(type, [bytes ?? entry.meta.fallback.toU8a(true)]);
  }

  /** A constant: `Balances.ExistentialDeposit`. */
  constant(name: string): Codec {
    const [pallet, item] = split(name);
    const value = this.#decorated.consts[camel(pallet)]?.[camel(item)];
    if (value === undefined) throw new RangeError(`there is no constant ${name}`);
    return value;
  }

  /** The name of a dispatch error: `Storage.TooEarly`, `Token.Frozen`, `BadOrigin`. */
  error(encoded: Uint8Array): string {
    const error = this.registry.createTypeUnsafe<DispatchError>('SpRuntimeDispatchError', [encoded]);
    if (error.isModule) {
      const { section, name } = this.registry.findMetaError(error.asModule);
      return `${pascal(section)}.${name}`;
    }
    const inner = error.inner as unknown as { type?: string };
    return typeof inner?.type === 'string' && error.type !== 'Other' ? `${error.type}.${inner.type}` : error.type;
  }

  /** Decodes `System.Events`. */
  events(bytes: Uint8Array | undefined): NamedEvent[] {
    if (bytes === undefined) return [];
    const records = this.registry.createTypeUnsafe<Vec<EventRecord>>('Vec<FrameSystemEventRecord>', [bytes]);
    return [...records].map(({ phase, event }) => {
      const names = event.meta.fields.map((field, index) =>
        field.name.isSome ? field.name.unwrap().toString() : String(index),
      );
      return {
        name: `${pascal(event.section)}.${event.method}` as EventName,
        fields: Object.fromEntries(event.data.map((value, index) => [names[index]!, value.toJSON()])),
        phase: phase.isApplyExtrinsic ? `ApplyExtrinsic ${phase.asApplyExtrinsic.toString()}` : phase.type,
      };
    });
  }

  #entry(name: string): StorageEntry {
    const [pallet, item] = split(name);
    const entry = this.#decorated.query[camel(pallet)]?.[camel(item)];
    if (entry === undefined) throw new RangeError(`there is no storage item ${name}`);
    return entry;
  }
}

function split(name: string): [string, string] {
  const [first, second] = name.split('.');
  if (first === undefined || second === undefined) throw new RangeError(`${name} is not of the form Pallet.item`);
  return [first, second];
}

/** `TransactionPayment` and `transfer_all` as @polkadot/types spells them: `transactionPayment`, `transferAll`. */
function camel(name: string): string {
  const joined = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return /^[A-Z0-9]+$/.test(joined) ? joined : joined.charAt(0).toLowerCase() + joined.slice(1);
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
