// Metadata in the blob: static data, split where the values of constants and defaults belong, which the blob encodes
// when it returns metadata. Data that the versions share, mainly the type registry, is stored once.
import { write } from '../codecs.js';
import type { StaticData } from '../static-data.js';
import type { Encoded } from './metadata.js';

/** `$generated_metadata`, `$generated_metadataVersions` and `$generated_metadataHash` of frame's Generated. */
export function metadataCode(encoded: Encoded, data: StaticData): string {
  const functions = [...encoded.versions].map(
    ([version, bytes]) => `function $metadata${version}(): StaticArray<u8> {
    const w = new Writer(${bytes.length + 1024});
    ${statements(bytes, encoded, data).join('\n')}
    return w.finish(); }`,
  );
  const versions = [...encoded.versions.keys()];
  const cases = versions.map((version) => `if (version == ${version}) return $metadata${version}();`);
  const { hash } = encoded;
  return `${functions.join('\n')}
    @global export function $generated_metadataHash(): StaticArray<u8> | null {
      return ${hash ? `bytesAt(${data.place(hash)}, ${hash.length})` : 'null'}; }
    @global export function $generated_metadata(version: u32): StaticArray<u8> | null { ${cases.join(' ')} return null; }
    @global export function $generated_metadataVersions(): Array<u32> {
      const versions = new Array<u32>(); ${versions.map((each) => `versions.push(${each});`).join(' ')} return versions; }`;
}

/** Statements that write one version: static bytes and encoded values, alternating. */
function statements(bytes: Uint8Array, encoded: Encoded, data: StaticData): string[] {
  const { lookup, markers } = encoded;
  const text: string[] = [];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const upTo = (end: number): void => {
    if (end > at) text.push(`w.memory(${data.place(bytes.subarray(at, end))}, ${end - at});`);
    at = end;
  };
  upTo(5);
  if (Buffer.compare(buffer.subarray(5, 5 + lookup.length), lookup) !== 0)
    throw new Error('metadata: the registries differ');
  upTo(5 + lookup.length);
  for (const marker of markers) {
    const found = buffer.indexOf(marker.bytes, at);
    if (found < 0) throw new Error('metadata: a value has no place');
    // The marker's compact length, one byte, is replaced too.
    upTo(found - 1);
    text.push(
      `{ const v = new Writer(); const x = ${marker.source}; ${write(marker.type, 'x', 'v')} w.vec(v.finish()); }`,
    );
    at = found + marker.bytes.length;
  }
  upTo(bytes.length);
  return text;
}
