// What tests of the CoreJam pallets share: a chain with validators, a class and an assigned core; reports, and the
// signatures and inherents that bring them on-chain. Encoding is host/incore's, which was written apart from the runtime.
import type { KeyringPair } from '@polkadot/keyring/types';
import { blake2_128, blake2_256, concat, Reader, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import {
  attestationMessage,
  bitfieldMessage,
  encodeAttestations,
  encodeBitfields,
  readReport,
  writeReport,
} from '../../../host/incore/codec.js';
import type { Attestation, SignedBitfield, WorkReport, WorkResult } from '../../../host/incore/types.js';
import { RuntimeTrap } from '../../../host/executor/index.js';
import { pair, root, signed, TestChain } from '../../harness/index.js';

/** sr25519 keys of the development validators, in their order. */
export const VALIDATORS: KeyringPair[] = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'].map(pair);
export const RICH = VALIDATORS[0]!.publicKey;

/** What the genesis of a test may say. */
export interface Setting {
  /** How many of the development validators there are. */
  validators?: number;
  /** Other validators than those. */
  keys?: { publicKey: Uint8Array }[];
  cores?: number;
  groupRotationFrequency?: number;
  minimumAttestations?: number;
  timeOut?: number;
  registrationPolicy?: 'Root' | 'Signed';
}

/** A chain in its first block: by default 6 validators in 3 groups that never move. */
export function startChain(setting: Setting = {}): Promise<TestChain> {
  const { validators = 6, cores = 3, groupRotationFrequency = 0, minimumAttestations = 2, timeOut = 10 } = setting;
  const keys = setting.keys ?? VALIDATORS.slice(0, validators);
  return TestChain.start({
    balances: { balances: VALIDATORS.map(({ publicKey }) => [toHex(publicKey), '1000000000000000000']) },
    validators: { keys: keys.map(({ publicKey }) => toHex(publicKey)), groupRotationFrequency },
    coretime: { cores },
    workClasses: { registrationPolicy: setting.registrationPolicy ?? 'Root' },
    reporting: { minimumAttestations },
    availability: { timeOut },
  });
}

function must(outcome: { error: string | undefined }): void {
  if (outcome.error !== undefined) throw new Error(`the scene could not be set: ${outcome.error}`);
}

/** Stores a guest and registers it as a class; answers its id (ids are sequential). */
export function registerClass(chain: TestChain, code: Uint8Array, prune: bigint, accumulate: bigint): number {
  const hash = blake2_256(code);
  if (chain.query('Storage.Lengths', hash) === undefined)
    must(chain.dispatch(signed(RICH), 'Storage.store', toHex(code)));
  must(chain.dispatch(root, 'WorkClasses.register', hash, { prune, accumulate }));
  return Number(chain.integer('WorkClasses.Count'));
}

/** Registers some Authorizer and assigns the cores to it; answers its id. */
export function assignCores(chain: TestChain, ...cores: number[]): number {
  must(
    chain.dispatch(signed(RICH), 'Authorizations.register', { codeHash: new Uint8Array(32).fill(7), param: '0x0102' }),
  );
  const id = 9_999 + Number(chain.integer('Authorizations.Count'));
  for (const core of cores) must(chain.dispatch(root, 'Coretime.assign', core, id));
  return id;
}

/** The account of a class (D24), by hand: "modl" "wrkclass" id, zero-padded. */
export function accountOf(classId: number): Uint8Array {
  return concat(utf8('modlwrkclass'), Uint8Array.of(classId, 0, 0, 0), new Uint8Array(16));
}

/** Gives a class what it may keep as deposits. */
export function fund(chain: TestChain, classId: number, amount: bigint): void {
  must(chain.dispatch(signed(RICH), 'Balances.transfer_keep_alive', accountOf(classId), amount));
}

/** The name of a class's child trie (D25). */
export function trieOf(classId: number): Uint8Array {
  return concat(utf8('corejam/class/'), Uint8Array.of(classId, 0, 0, 0));
}

/** What a class keeps at a key, which its hash precedes in the trie (D25). */
export function workStorage(chain: TestChain, classId: number, key: string): string | undefined {
  const value = chain.overlay.child(trieOf(classId)).get(concat(blake2_128(utf8(key)), utf8(key)));
  return value && toHex(value);
}

let nextPackage = 1;

/** A report of a package that nobody has seen before: one item of `classId` on core 0, by default. */
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
    authId: 10_000,
    ...rest,
  };
}

/** A result with an output. */
export function resultOf(classId: number, output: string, weight = 1_000n): WorkResult {
  return { class: classId, itemHash: blake2_256(utf8(output)), result: { output: utf8(output) }, weight };
}

/** The report with signatures of those members of `group` (validator indices) who stand in `signers`. */
export function attest(report: WorkReport, group: number[], signers = group): Attestation {
  const message = attestationMessage(report);
  return {
    report,
    validators: group.map((index) => signers.includes(index)),
    attestations: group.filter((index) => signers.includes(index)).map((index) => VALIDATORS[index]!.sign(message)),
  };
}

/** A validator's bits for the open block. */
export function bitfield(chain: TestChain, validator: number, bits: boolean[]): SignedBitfield {
  return { validator, bits, signature: VALIDATORS[validator]!.sign(bitfieldMessage(chain.parentHash, bits)) };
}

const [AVAILABILITY, REPORTING] = [Uint8Array.of(16, 0), Uint8Array.of(15, 0)];
const UNSIGNED = Uint8Array.of(4);

/** Puts bitfields into the open block. Throws RuntimeTrap where they make it invalid. */
export function makeAvailable(chain: TestChain, bitfields: SignedBitfield[]): void {
  accepted(chain.submit(concat(UNSIGNED, AVAILABILITY, encodeBitfields(bitfields))));
}

/** Puts reports into the open block. Throws RuntimeTrap where they make it invalid. */
export function report(chain: TestChain, attestations: Attestation[]): void {
  accepted(chain.submit(concat(UNSIGNED, REPORTING, encodeAttestations(attestations))));
}

function accepted({ invalid, error }: { invalid: string | undefined; error: string | undefined }): void {
  if (invalid !== undefined || error !== undefined) throw new Error(`the inherent was refused: ${invalid ?? error}`);
}

/** Every validator says that it has its shard on these cores. */
export function allAvailable(chain: TestChain, cores: number[], validators = VALIDATORS.length): void {
  const count = Number(chain.integer('Coretime.Cores'));
  const bits = Array.from({ length: count }, (_, core) => cores.includes(core));
  makeAvailable(
    chain,
    Array.from({ length: validators }, (_, index) => bitfield(chain, index, bits)),
  );
}

/** What `CoreJamApi.validate_reports` says: undefined for fine, else the index of the error. */
export function validate(chain: TestChain, attestations: Attestation[]): (number | undefined)[] {
  return new Reader(chain.call('CoreJamApi_validate_reports', encodeAttestations(attestations))).vec((reader) =>
    reader.option((r) => r.u8()),
  );
}

/** What `CoreJamApi.join` says, by class: indices, or the name of the complaint. */
export function join(chain: TestChain, reports: WorkReport[]): [number, number[] | string][] {
  const args = new Writer().vec(reports, writeReport).finish();
  return new Reader(chain.call('CoreJamApi_join', args)).vec((reader): [number, number[] | string] => {
    const id = reader.u32();
    const kind = reader.u8();
    return [id, kind === 0 ? reader.vec((r) => r.u32()) : ['', 'Trapped', 'Overran', 'Malformed'][kind]!];
  });
}

/** What `CoreJamApi.pending` says. */
export function pending(chain: TestChain): { core: number; report: WorkReport; reportedAt: number }[] {
  return new Reader(chain.call('CoreJamApi_pending', new Uint8Array())).vec((reader) => ({
    core: reader.u16(),
    report: readReport(reader),
    reportedAt: reader.u32(),
  }));
}

const STAGES = ['Registered', 'Available', 'TimedOut', 'Accumulated', 'Discarded'];

/** What `CoreJamApi.progress` says: stages of packages, and the outcomes of classes. */
export function progress(chain: TestChain): { stages: [string, number, string][]; runs: [number, number][] } {
  const reader = new Reader(chain.call('CoreJamApi_progress', new Uint8Array()));
  return {
    stages: reader.vec((r): [string, number, string] => [toHex(r.raw(32)), r.u16(), STAGES[r.u8()]!]),
    runs: reader.vec((r): [number, number] => {
      const run: [number, number] = [r.u32(), r.u8()];
      r.u64();
      return run;
    }),
  };
}

/** Does what must make the block invalid; answers the runtime's last words. The state is as before: that block never was. */
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
