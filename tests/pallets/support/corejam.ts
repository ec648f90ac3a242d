// Helpers for tests of the CoreJam pallets: a chain with validators, a class and an assigned core; reports, signatures
// and inherents. Types, codecs and callers of CoreJamApi are those of host/contract, which tests/unit/contract compares
// with @polkadot/types.
import type { KeyringPair } from '@polkadot/keyring/types';
import { blake2_128, blake2_256, concat, ok, toHex, utf8 } from '../../../host/bytes/index.js';
import {
  type Attestation,
  type CallRuntime,
  coreJamApi,
  ERRORS,
  FIRST_AUTH_ID,
  type JoinAnswer,
  type JoinTerms,
  type Progress,
  type PruneRun,
  type RunRecord,
  type SignedBitfield,
  type WorkReport,
  type WorkResult,
} from '../../../host/contract/index.js';
import { type Runtime, RuntimeTrap } from '../../../host/executor/index.js';
import {
  attestationMessage,
  bitfieldMessage,
  encodeAttestations,
  encodeBitfields,
} from '../../../host/incore/index.js';
import { pair, type ReportingError, root, signed, TestChain } from '../../harness/index.js';
import { stub } from './guests.js';

/** sr25519 keys of the development validators, in order. */
export const VALIDATORS: KeyringPair[] = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'].map(pair);
export const RICH = VALIDATORS[0]!.publicKey;

/** Settings of a test's genesis. */
export interface Setting {
  /** Default: the test runtime. */
  runtime?: Runtime;
  /** Number of development validators. */
  validators?: number;
  /** Other validators. */
  keys?: { publicKey: Uint8Array }[];
  cores?: number;
  groupRotationFrequency?: number;
  minimumAttestations?: number;
  /** Null for the default of the runtime. */
  timeOut?: number | null;
  registrationPolicy?: 'Root' | 'Signed';
  /** Blocks; the default is 14,400. */
  expungeDelay?: number;
}

/** A chain in its first block: by default 6 validators in 3 groups that do not rotate. */
export function startChain(setting: Setting = {}): Promise<TestChain> {
  const { validators = 6, cores = 3, groupRotationFrequency = 0, minimumAttestations = 2, timeOut = 10 } = setting;
  const keys = setting.keys ?? VALIDATORS.slice(0, validators);
  const genesis = {
    balances: { balances: VALIDATORS.map(({ publicKey }) => [toHex(publicKey), '1000000000000000000']) },
    sudo: { key: toHex(RICH) },
    validators: { keys: keys.map(({ publicKey }) => toHex(publicKey)), groupRotationFrequency },
    coretime: { cores },
    workClasses: { registrationPolicy: setting.registrationPolicy ?? 'Root' },
    reporting: { minimumAttestations },
    ...(timeOut === null ? {} : { availability: { timeOut } }),
    ...(setting.expungeDelay === undefined ? {} : { storage: { expungeDelay: setting.expungeDelay } }),
  };
  return TestChain.start(genesis, setting.runtime);
}

function must(outcome: { error: string | undefined }): void {
  if (outcome.error !== undefined) throw new Error(`the scene could not be set: ${outcome.error}`);
}

/** Stores code, unless it is stored. Returns its hash. */
export function storeCode(chain: TestChain, code: Uint8Array): Uint8Array {
  const hash = blake2_256(code);
  if (chain.query('Storage.Lengths', hash) === undefined)
    must(chain.dispatch(signed(RICH), 'Storage.store', toHex(code)));
  return hash;
}

/** Stores a guest and registers it as a class. Returns its id (ids are sequential). */
export function registerClass(chain: TestChain, code: Uint8Array, prune: bigint, accumulate: bigint): number {
  const hash = storeCode(chain, code);
  must(chain.dispatch(root, 'WorkClasses.register', hash, { prune, accumulate }));
  return Number(chain.integer('WorkClasses.Count'));
}

/** A class whose code can't run, as only a runtime that did not check it could register. Returns its id. */
export function registerUnchecked(chain: TestChain, code: Uint8Array, prune: bigint, accumulate: bigint): number {
  const classId = registerClass(chain, stub(), prune, accumulate);
  chain.poke('WorkClasses.ClassCodeHash', [classId], storeCode(chain, code));
  return classId;
}

/** Registers an Authorizer and assigns the cores to it. Returns its AuthId. */
export function assignCores(chain: TestChain, ...cores: number[]): number {
  const codeHash = storeCode(chain, stub({ entries: ['is_authorized'] }));
  must(chain.dispatch(signed(RICH), 'Authorizations.register', { codeHash, param: '0x0102' }));
  const id = FIRST_AUTH_ID + Number(chain.integer('Authorizations.Count')) - 1;
  for (const core of cores) must(chain.dispatch(root, 'Coretime.assign', core, id));
  return id;
}

/** The account of a class (D24), computed independently: "modl" "wrkclass" id, zero-padded. */
export function accountOf(classId: number): Uint8Array {
  return concat(utf8('modlwrkclass'), Uint8Array.of(classId, 0, 0, 0), new Uint8Array(16));
}

/** Funds a class's account. */
export function fund(chain: TestChain, classId: number, amount: bigint): void {
  must(chain.dispatch(signed(RICH), 'Balances.transfer_keep_alive', accountOf(classId), amount));
}

/** The name of a class's child trie (D25). */
export function trieOf(classId: number): Uint8Array {
  return concat(utf8('corejam/class/'), Uint8Array.of(classId, 0, 0, 0));
}

/** A class's value at a key, which is preceded by its hash in the trie (D25). */
export function workStorage(chain: TestChain, classId: number, key: string): string | undefined {
  const value = chain.overlay.child(trieOf(classId)).get(concat(blake2_128(utf8(key)), utf8(key)));
  return value && toHex(value);
}

let nextPackage = 1;

/** A report of a new package, by default with one item of `classId` on core 0. */
export function reportOf(
  chain: TestChain,
  parts: Partial<WorkReport> & { outputs?: string[]; classId?: number },
): WorkReport {
  const { outputs = ['output'], classId = 1, ...rest } = parts;
  return {
    packageSpec: { hash: blake2_256(utf8(`package ${nextPackage++}`)), root: new Uint8Array(32).fill(9), len: 1_000 },
    context: { headerHash: chain.parentHash, prerequisite: undefined },
    coreIndex: 0,
    results: outputs.map((output) => resultOf(classId, output)),
    authorization: { kind: 'bulk', evidence: Uint8Array.of(1, 2, 3) },
    authId: FIRST_AUTH_ID,
    ...rest,
  };
}

/** A result with an output. */
export function resultOf(classId: number, output: string, weight = 1_000n): WorkResult {
  return { class: classId, itemHash: blake2_256(utf8(output)), result: ok(utf8(output)), weight };
}

/** The hash of a report's package, in hex. */
export const hashOf = ({ packageSpec }: WorkReport): string => toHex(packageSpec.hash);

/** The validators whose group a core has, for a report whose context is the last block. */
export const groupOf = (chain: TestChain, core: number): number[] =>
  coreJamApi.group((method, args) => chain.call(method, args, chain.onParent()), core);

/** The report with signatures of the members of `group` (validator indices) that are in `signers`. */
export function attest(report: WorkReport, group: number[], signers = group): Attestation {
  const message = attestationMessage(report);
  return {
    report,
    validators: group.map((index) => signers.includes(index)),
    attestations: group.filter((index) => signers.includes(index)).map((index) => VALIDATORS[index]!.sign(message)),
  };
}

/** A validator's bitfield for the open block. */
export function bitfield(chain: TestChain, validator: number, bits: boolean[]): SignedBitfield {
  return { validator, bits, signature: VALIDATORS[validator]!.sign(bitfieldMessage(chain.parentHash, bits)) };
}

/** The version byte of an unsigned extrinsic. */
const UNSIGNED = Uint8Array.of(4);

/** Applies an inherent to the open block: a call with one encoded argument. */
function inherent(chain: TestChain, call: 'Availability.bitfields' | 'Reporting.report', data: Uint8Array): void {
  const indices = chain.names.call(call, []).subarray(0, 2); // of the pallet and of the call
  const { invalid, error } = chain.submit(concat(UNSIGNED, indices, data));
  if (invalid !== undefined || error !== undefined) throw new Error(`the inherent was refused: ${invalid ?? error}`);
}

/** Applies bitfields to the open block. Throws RuntimeTrap if they make it invalid. */
export function makeAvailable(chain: TestChain, bitfields: SignedBitfield[]): void {
  inherent(chain, 'Availability.bitfields', encodeBitfields(bitfields));
}

/** Applies reports to the open block. Throws RuntimeTrap if they make it invalid. */
export function report(chain: TestChain, attestations: Attestation[]): void {
  inherent(chain, 'Reporting.report', encodeAttestations(attestations));
}

/** Applies bitfields of all validators for those of these cores that have a pending report; without any, none. */
export function allAvailable(chain: TestChain, cores: number[], validators = VALIDATORS.length): void {
  const count = Number(chain.integer('Coretime.Cores'));
  const waiting = pending(chain).map(([core]) => core);
  const bits = Array.from({ length: count }, (_, core) => cores.includes(core) && waiting.includes(core));
  makeAvailable(
    chain,
    bits.includes(true) ? Array.from({ length: validators }, (_, index) => bitfield(chain, index, bits)) : [],
  );
}

/** Calls the runtime on the state of the open block. */
const on =
  (chain: TestChain): CallRuntime =>
  (method, args) =>
    chain.call(method, args);

/** What `CoreJamApi.validate_reports` returns, by name: undefined for a valid report. */
export function validate(chain: TestChain, attestations: Attestation[], taken = 0): (ReportingError | undefined)[] {
  return errorNames(coreJamApi.validateReports(on(chain), attestations, taken));
}

function errorNames(errors: (number | undefined)[]): (ReportingError | undefined)[] {
  return errors.map((index) => {
    if (index === undefined) return undefined;
    const error = ERRORS.Reporting.at(index);
    if (error === undefined) throw new RangeError(`Reporting has no error ${index}`);
    return error;
  });
}

/** What `CoreJamApi.join` returns for these classes, by default for all of the reports, in ascending order. */
export function join(chain: TestChain, reports: WorkReport[], classes?: number[]): [number, JoinAnswer][] {
  return joinRuns(chain, reports, classes).map((run) => [run.classId, run.answer]);
}

/** As `join`, with the weight that each call was given and used. */
export function joinRuns(chain: TestChain, reports: WorkReport[], classes?: number[]): PruneRun[] {
  const all = new Set(reports.flatMap(({ results }) => results.map((result) => result.class)));
  return coreJamApi.join(on(chain), reports, classes ?? [...all].sort((a, b) => a - b));
}

/** What `CoreJamApi.join_terms` returns. */
export function joinTerms(chain: TestChain, classes: number[]): JoinTerms {
  return coreJamApi.joinTerms(on(chain), classes);
}

/** What `CoreJamApi.last_registered` returns. */
export function lastRegistered(chain: TestChain, cores: number[]): (number | undefined)[] {
  return coreJamApi.lastRegistered(on(chain), cores);
}

/** What `CoreJamApi.minimum_attestations` returns. */
export function minimumAttestations(chain: TestChain, size: number): number {
  return coreJamApi.minimumAttestations(on(chain), size);
}

/** What `CoreJamApi.screen_reports` returns, by name: undefined for a report that passes. */
export function screen(chain: TestChain, reports: WorkReport[], { taken = 0 } = {}): (ReportingError | undefined)[] {
  return errorNames(coreJamApi.screenReports(on(chain), reports, taken));
}

/** The result of a class that prunes these outputs; without any, it accepts all. */
export function indices(...list: number[]): JoinAnswer {
  return { kind: 'indices', indices: list };
}

/** What `CoreJamApi.is_registered` returns. */
export function isRegistered(chain: TestChain, packageHash: Uint8Array): boolean {
  return coreJamApi.isRegistered(on(chain), packageHash);
}

/** What `CoreJamApi.shares_left` returns. */
export function sharesLeft(chain: TestChain, core: number, authIds: number[]): readonly number[] {
  return coreJamApi.sharesLeft(on(chain), core, authIds);
}

/** What `CoreJamApi.pending` returns: core, report, and the block that Registered it. */
export function pending(chain: TestChain): [number, WorkReport, number][] {
  return coreJamApi.pending(on(chain));
}

/** What `CoreJamApi.queued` returns: the number of packages that await accumulation. */
export function queued(chain: TestChain): number {
  return coreJamApi.queued(on(chain));
}

/** What `CoreJamApi.progress` returns: stages of packages, and the runs of classes. */
export function progress(chain: TestChain): { stages: Progress[]; runs: RunRecord[] } {
  const [stages, runs] = coreJamApi.progress(on(chain));
  return { stages, runs };
}

/** Runs an action that must make the block invalid, and returns the panic's message. The state is as before. */
export function trapOf(chain: TestChain, action: () => void): string {
  const { depth } = chain.overlay;
  try {
    action();
  } catch (error) {
    while (chain.overlay.depth > depth) chain.overlay.rollback();
    if (error instanceof RuntimeTrap) return error.message;
    throw error;
  }
  throw new Error('expected an invalid block');
}
