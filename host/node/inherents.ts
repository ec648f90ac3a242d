// Inherent data: what the author puts into a block itself. Spec: Substrate's InherentData, a map from 8-byte
// identifiers to encoded values, sorted by identifier.
import { compare, equal, Reader, text, utf8, Writer } from '../bytes/index.js';
import { INHERENTS } from '../contract/index.js';
import type { InherentItem } from './types.js';

/** The identifier of the timestamp, u64 milliseconds. Every block has one. */
const TIMESTAMP = utf8(INHERENTS.Timestamp.set);

/** The timestamp's inherent item. */
export function timestampItem(timestampMs: bigint): InherentItem {
  return { identifier: TIMESTAMP, data: new Writer(8).u64(timestampMs).finish() };
}

/** InherentData as SCALE. */
export function encodeInherentData(items: readonly InherentItem[]): Uint8Array {
  const sorted = [...items].sort((a, b) => compare(a.identifier, b.identifier));
  return new Writer().vec(sorted, (writer, { identifier, data }) => writer.raw(identifier).bytes(data)).finish();
}

/** The result of check_inherents. */
export interface InherentsVerdict {
  ok: boolean;
  /** The identifiers of the refused inherents, each with the runtime's error, not decoded. */
  errors: { identifier: string; data: Uint8Array }[];
}

/** Decodes CheckInherentsResult: okay, fatal_error, errors. Throws ScaleError. */
export function decodeVerdict(bytes: Uint8Array): InherentsVerdict {
  const reader = new Reader(bytes);
  const ok = reader.bool();
  reader.bool();
  const errors = reader.vec((r) => ({ identifier: text(r.raw(8)), data: r.bytes() }));
  reader.end();
  return { ok, errors };
}

/** Whether `list` begins with exactly `head`. */
export function beginsWith(list: readonly Uint8Array[], head: readonly Uint8Array[]): boolean {
  return head.length <= list.length && head.every((item, index) => equal(item, list[index]!));
}
