// SCALE of the RFC's types, and the messages and hashes made of it.
//
// Spec: RFC-0031 § Overview, § Refine; D3 (every byte is consumed), D14 (what validators sign), D18, D36.
// Readers throw ScaleError on anything malformed or beyond its bound; the order of fields is normative.
import { blake2_256, readBits, Reader, ScaleError, writeBits, Writer } from '../bytes/index.js';
import { MAX_AUTH_PARAM_BYTES, MAX_WORK_ITEMS, MAX_WORK_OUTPUT_BYTES, MAX_WORK_PACKAGE_BYTES } from './types.js';
import type {
  Attestation,
  Authorization,
  Authorizer,
  Context,
  MultiSignature,
  SignedBitfield,
  WorkItem,
  WorkPackage,
  WorkReport,
  WorkResult,
} from './types.js';

/** The only version of a package there is. */
const PACKAGE_VERSION = 0;

const SCHEMES = ['ed25519', 'sr25519', 'ecdsa'] as const;
const ERRORS = ['timeout', 'panic'] as const;
/** More validators or cores than any chain has: a bound for bit strings and lists of them. */
const VALIDATORS_MAX = 65_535;

function encoded<T>(write: (writer: Writer, value: T) => void): (value: T) => Uint8Array {
  return (value) => {
    const writer = new Writer();
    write(writer, value);
    return writer.finish();
  };
}

function decoded<T>(read: (reader: Reader) => T): (bytes: Uint8Array) => T {
  return (bytes) => {
    const reader = new Reader(bytes);
    const value = read(reader);
    reader.end();
    return value;
  };
}

function hash32(reader: Reader): Uint8Array {
  return reader.raw(32);
}

/** The next byte as one of `names`. */
function variant<T>(reader: Reader, names: readonly T[], what: string): T {
  const at = reader.offset;
  const index = reader.u8();
  if (index >= names.length) throw new ScaleError(`${what} has no variant ${index}`, at);
  return names[index];
}

function writeMultiSignature(writer: Writer, { scheme, signature }: MultiSignature): void {
  writer.u8(SCHEMES.indexOf(scheme)).raw(signature);
}

function readMultiSignature(reader: Reader): MultiSignature {
  const scheme = variant(reader, SCHEMES, 'a signature');
  return { scheme, signature: reader.raw(scheme === 'ecdsa' ? 65 : 64) };
}

export function writeAuthorization(writer: Writer, authorization: Authorization): void {
  if (authorization.kind === 'bulk') {
    writer.u8(1).bytes(authorization.evidence);
  } else {
    writeMultiSignature(writer.u8(0).raw(authorization.account), authorization.signature);
  }
}

function readAuthorization(reader: Reader): Authorization {
  const kind = variant(reader, ['instantaneous', 'bulk'] as const, 'an authorization');
  if (kind === 'bulk') return { kind, evidence: reader.bytes() };
  return { kind, account: hash32(reader), signature: readMultiSignature(reader) };
}

export function writeContext(writer: Writer, { headerHash, prerequisite }: Context): void {
  writer.raw(headerHash).option(prerequisite, (into, hash) => into.raw(hash));
}

function readContext(reader: Reader): Context {
  return { headerHash: hash32(reader), prerequisite: reader.option(hash32) };
}

function writeItem(writer: Writer, item: WorkItem): void {
  writer.u32(item.class).bytes(item.payload);
}

function readItem(reader: Reader): WorkItem {
  return { class: reader.u32(), payload: reader.bytes() };
}

export function writePackage(writer: Writer, { authorization, context, items }: WorkPackage): void {
  writeAuthorization(writer, authorization);
  writeContext(writer, context);
  writer.vec(items, writeItem);
}

function readPackage(reader: Reader): WorkPackage {
  return {
    authorization: readAuthorization(reader),
    context: readContext(reader),
    items: reader.vec(readItem, MAX_WORK_ITEMS),
  };
}

/** SCALE(EncodedWorkPackage) of a package: what is submitted, hashed, made into shards and recovered. */
export function encodePackage(workPackage: WorkPackage): Uint8Array {
  return new Writer().u32(PACKAGE_VERSION).bytes(encoded(writePackage)(workPackage)).finish();
}

/** The package in SCALE(EncodedWorkPackage). Throws ScaleError. */
export function decodePackage(bytes: Uint8Array): WorkPackage {
  const outer = new Reader(bytes);
  const version = outer.u32();
  if (version !== PACKAGE_VERSION) throw new ScaleError(`package version ${version} is unknown; the only one is 0`, 0);
  const inner = outer.bytes(MAX_WORK_PACKAGE_BYTES);
  outer.end();
  return decoded(readPackage)(inner);
}

function writeResult(writer: Writer, { class: id, itemHash, result, weight }: WorkResult): void {
  writer.u32(id).raw(itemHash);
  if ('output' in result) writer.u8(0).bytes(result.output);
  else writer.u8(1).u8(ERRORS.indexOf(result.error));
  writer.u64(weight);
}

function readResult(reader: Reader): WorkResult {
  return {
    class: reader.u32(),
    itemHash: hash32(reader),
    result:
      variant(reader, ['output', 'error'] as const, 'a result') === 'output'
        ? { output: reader.bytes(MAX_WORK_OUTPUT_BYTES) }
        : { error: variant(reader, ERRORS, 'a work error') },
    weight: reader.u64(),
  };
}

export function writeReport(writer: Writer, report: WorkReport): void {
  writer.raw(report.packageSpec.hash).raw(report.packageSpec.root).u32(report.packageSpec.len);
  writeContext(writer, report.context);
  writer.u16(report.coreIndex).vec(report.results, writeResult);
  writeAuthorization(writer, report.authorization);
  writer.option(report.authId, (into, id) => into.u32(id));
}

export function readReport(reader: Reader): WorkReport {
  return {
    packageSpec: { hash: hash32(reader), root: hash32(reader), len: reader.u32() },
    context: readContext(reader),
    coreIndex: reader.u16(),
    results: reader.vec(readResult, MAX_WORK_ITEMS),
    authorization: readAuthorization(reader),
    authId: reader.option((from) => from.u32()),
  };
}

function writeAttestation(writer: Writer, { report, validators, attestations }: Attestation): void {
  writeReport(writer, report);
  writeBits(writer, validators).vec(attestations, (into, signature) => into.raw(signature));
}

function readAttestation(reader: Reader): Attestation {
  return {
    report: readReport(reader),
    validators: readBits(reader, VALIDATORS_MAX),
    attestations: reader.vec((from) => from.raw(64), VALIDATORS_MAX),
  };
}

function writeBitfield(writer: Writer, { validator, bits, signature }: SignedBitfield): void {
  writeBits(writer.u32(validator), bits).raw(signature);
}

function readBitfield(reader: Reader): SignedBitfield {
  return { validator: reader.u32(), bits: readBits(reader, VALIDATORS_MAX), signature: reader.raw(64) };
}

export function readAuthorizer(reader: Reader): Authorizer {
  return { codeHash: hash32(reader), param: reader.bytes(MAX_AUTH_PARAM_BYTES) };
}

export const encodeAuthorization = encoded(writeAuthorization);
export const encodeReport = encoded(writeReport);
export const decodeReport = decoded(readReport);
export const encodeAttestations = encoded(
  (writer: Writer, all: readonly Attestation[]) => void writer.vec(all, writeAttestation),
);
export const decodeAttestations = decoded((reader) => reader.vec(readAttestation, VALIDATORS_MAX));
export const encodeBitfields = encoded(
  (writer: Writer, all: readonly SignedBitfield[]) => void writer.vec(all, writeBitfield),
);
export const decodeBitfields = decoded((reader) => reader.vec(readBitfield, VALIDATORS_MAX));

/** D36: the name of a package, over SCALE(EncodedWorkPackage). */
export function packageHash(encodedPackage: Uint8Array): Uint8Array {
  return blake2_256(encodedPackage);
}

/** D36. */
export function itemHash(item: WorkItem): Uint8Array {
  return blake2_256(encoded(writeItem)(item));
}

/** D18: what the builder of a package signs for an Authorizer: all of it but the authorization. */
export function packageMessage({ context, items }: Pick<WorkPackage, 'context' | 'items'>): Uint8Array {
  const writer = new Writer().str('CJ-PKG').u32(PACKAGE_VERSION);
  writeContext(writer, context);
  return blake2_256(writer.vec(items, writeItem).finish());
}

/** D14: what a member of the group signs. */
export function attestationMessage(report: WorkReport): Uint8Array {
  return blake2_256(encodeReport(report));
}

/** D14: what a validator signs about the shards it holds, for a block on `parentHash`. */
export function bitfieldMessage(parentHash: Uint8Array, bits: readonly boolean[]): Uint8Array {
  return writeBits(new Writer().str('CJ-BITS').raw(parentHash), bits).finish();
}
