// RuntimeVersion: the identity of a runtime, from its custom sections or else from its `Core_version`.
//
// The section `runtime_version` has the SCALE encoding with an empty list of APIs; `runtime_apis` has the list, without
// a length: for each API an identifier of 8 bytes and a u32. Versions 3 and 4 of the Core API added one field each.
import { blake2_64, equal, Reader, ScaleError, utf8, Writer } from '../bytes/index.js';

/** The identity of a runtime. For a runtime older than these fields, `transactionVersion` is 1 and `stateVersion` 0. */
export interface RuntimeVersion {
  readonly specName: string;
  readonly implName: string;
  readonly authoringVersion: number;
  readonly specVersion: number;
  readonly implVersion: number;
  /** The runtime APIs that it implements: BLAKE2b-64 of the name, and the version. */
  readonly apis: readonly { readonly id: Uint8Array; readonly version: number }[];
  readonly transactionVersion: number;
  readonly stateVersion: number;
}

const CORE_ID = blake2_64(utf8('Core'));
const API_BYTES = 12;

/** Decodes the result of `Core_version`. Throws ScaleError. */
export function decodeVersion(bytes: Uint8Array): RuntimeVersion {
  return decode(bytes, undefined);
}

/** The version in the custom sections of a module, or undefined if it lacks one of them. Throws ScaleError. */
export function versionFromSections(module: WebAssembly.Module): RuntimeVersion | undefined {
  const [version] = WebAssembly.Module.customSections(module, 'runtime_version');
  const [apis] = WebAssembly.Module.customSections(module, 'runtime_apis');
  if (version === undefined || apis === undefined) return undefined;
  if (apis.byteLength % API_BYTES !== 0)
    throw new ScaleError('runtime_apis must be entries of 12 bytes', apis.byteLength);
  const reader = new Reader(new Uint8Array(apis));
  const list = Array.from({ length: apis.byteLength / API_BYTES }, () => readApi(reader));
  return decode(new Uint8Array(version), list);
}

/** The SCALE encoding, as `Core_version` returns it. */
export function encodeVersion(version: RuntimeVersion): Uint8Array {
  return new Writer()
    .str(version.specName)
    .str(version.implName)
    .u32(version.authoringVersion)
    .u32(version.specVersion)
    .u32(version.implVersion)
    .vec(version.apis, (writer, { id, version: apiVersion }) => writer.raw(id).u32(apiVersion))
    .u32(version.transactionVersion)
    .u8(version.stateVersion)
    .finish();
}

function readApi(reader: Reader): { id: Uint8Array; version: number } {
  return { id: reader.raw(8), version: reader.u32() };
}

/** `separateApis`: the list from its own section, which replaces the encoded one. */
function decode(bytes: Uint8Array, separateApis: RuntimeVersion['apis'] | undefined): RuntimeVersion {
  const reader = new Reader(bytes);
  const names = { specName: reader.str(), implName: reader.str() };
  const numbers = { authoringVersion: reader.u32(), specVersion: reader.u32(), implVersion: reader.u32() };
  const encodedApis = reader.vec(readApi);
  const apis = separateApis ?? encodedApis;
  const core = apis.find(({ id }) => equal(id, CORE_ID))?.version ?? 0;
  const transactionVersion = core >= 3 ? reader.u32() : 1;
  const stateVersion = core >= 4 ? reader.u8() : 0;
  reader.end();
  return { ...names, ...numbers, apis, transactionVersion, stateVersion };
}
