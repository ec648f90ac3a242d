// @polkadot/types with the types of the runtime's metadata, for comparison with the contract's codecs.
//
// Types that no call, event, storage item or runtime API uses are not in the metadata and are declared here: those that
// are bytes on-chain (packages), and those that only guests receive (their results).
import type { Codec } from '@polkadot/types/types';
import type { RuntimeApiMetadataLatest } from '@polkadot/types/interfaces';
import { Stage } from '../../../host/contract/index.js';
import { clientOf } from '../compiler/fixture.js';
import { Blob } from '../compiler/host.js';
import { compileRuntime } from './runtime.js';

const { wasm } = await compileRuntime();
export const { registry, metadata } = clientOf(new Blob(wasm), 15);

registry.register({
  WorkItem: { class: 'u32', payload: 'Bytes' },
  WorkPackage: {
    authorization: 'CorejamPrimitivesAuthorization',
    context: 'CorejamPrimitivesContext',
    items: 'Vec<WorkItem>',
  },
  EncodedWorkPackage: { version: 'u32', encoded: 'Bytes' },
  ItemResult: { itemHash: 'H256', result: 'CorejamPrimitivesWorkResult' },
  PackageResults: { authorization: 'CorejamPrimitivesAuthorization', items: 'Vec<ItemResult>' },
});

/** The encoding of a value of @polkadot/types. */
export function oracle(type: string, value: unknown): Uint8Array {
  return Uint8Array.from(registry.createType<Codec>(type, value).toU8a());
}

/** CoreJamApi in the metadata. */
export const api: RuntimeApiMetadataLatest = metadata.asLatest.apis.find(({ name }) => name.eq('CoreJamApi'))!;

/** A value of the contract as a value of @polkadot/types. */
export function theirs(value: unknown): unknown {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return typeof value[0] === 'boolean' ? bits(value as boolean[]) : value.map(theirs);
  if (typeof value !== 'object' || value === null) return value;
  if ('ok' in value) return 'value' in value ? { Ok: theirs(value.value) } : 'error' in value && { Err: value.error };
  if ('kind' in value) {
    const { kind, ...fields } = value;
    // A variant's only field without a name is `value` in the contract.
    return { [kind as string]: 'value' in fields ? theirs(fields.value) : theirs(fields) };
  }
  return Object.fromEntries(
    // Stages are numbers in the metadata.
    Object.entries(value).map(([name, field]) => [
      name,
      name === 'stage' ? Stage.indexOf(field as Stage) : theirs(field),
    ]),
  );
}

/** @polkadot/types takes BitVec encoded: a compact length, here of one byte, then bits, least significant first. */
function bits(list: readonly boolean[]): Uint8Array {
  if (list.length >= 64) throw new RangeError('at most 63 bits, for a length of one byte');
  const packed = new Uint8Array(Math.ceil(list.length / 8));
  for (const [at, bit] of list.entries()) if (bit) packed[at >> 3]! |= 1 << (at & 7);
  return Uint8Array.of(list.length << 2, ...packed);
}
