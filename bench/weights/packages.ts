// Scenes of chains whose cores are busy: packages and their reports, written to storage as Reporting keeps them.
import { blake2_256, concat, ok, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { FIRST_AUTH_ID, type WorkReport, writeWorkReport } from '../../host/contract/index.js';
import { devKey, signDeterministically } from '../../host/node/index.js';
import { TestChain } from '../../tests/harness/chain.js';

/** Recent blocks, and the most items of a package. */
export const RECENT_BLOCKS = 16;
export const ITEMS_MAX = 4;
/** The first class id of these scenes. */
export const FIRST_CLASS = 1;

const digest = (text: string): Uint8Array => blake2_256(utf8(text));

let keys: ReturnType<typeof devKey>[] | undefined;
const VALIDATORS = 1_023;
const validatorKeys = (): ReturnType<typeof devKey>[] =>
  (keys ??= Array.from({ length: VALIDATORS }, (_, index) => devKey(`validator ${index}`)));

/** A validator's signature of a message. */
export const sign = (validator: number, message: Uint8Array): Uint8Array =>
  signDeterministically(validatorKeys()[validator]!, message);

/**
 * A chain of 1,023 validators and so many cores, each assigned to an Authorizer of its own, in the first block that has
 * as many Recent ones as there can be. Cores have as many uses as are kept.
 */
export async function busyChain(cores: number): Promise<TestChain> {
  const chain = await TestChain.start({
    validators: { keys: validatorKeys().map(({ publicKey }) => toHex(publicKey)), groupRotationFrequency: 0 },
    coretime: { cores },
    reporting: { minimumAttestations: 1 },
    availability: { timeOut: TIME_OUT },
  });
  chain.advanceTo(RECENT_BLOCKS + 1);
  for (let core = 0; core < cores; core++) {
    const authId = FIRST_AUTH_ID + core;
    chain.poke('Authorizations.Authorizers', [authId], new Writer().raw(digest('code')).compact(0).finish());
    chain.poke('Coretime.Assignments', [core], new Writer().compact(1).u32(0).u8(1).u32(authId).finish());
    const uses = new Writer().compact(RECENT_BLOCKS - 1);
    for (let number = 2; number <= RECENT_BLOCKS; number++) uses.u32(number).u32(FIRST_AUTH_ID + cores);
    chain.poke('Coretime.Uses', [core], uses.finish());
  }
  return chain;
}

/** Blocks after which packages of these scenes time out. */
export const TIME_OUT = 40;

/** Registers classes in storage that have no `prune`; `codeHash`: of code that is not stored, by default. */
export function pokeClasses(chain: TestChain, first: number, count: number, codeHash = digest('no code')): void {
  for (let id = first; id < first + count; id++) {
    chain.poke('WorkClasses.ClassCodeHash', [id], codeHash);
    chain.poke('WorkClasses.WeightRequirements', [id], new Writer().u64(0n).u64(1n).finish());
  }
}

/** A package that Reporting tracks. */
export interface Tracked {
  readonly core: number;
  readonly registeredAt: number;
  readonly order: number;
  /** The class of each item. */
  readonly classes: readonly number[];
  /** Length of each output. */
  readonly output?: number;
  /** Guaranteed weight of each item in `accumulate`, in picoseconds. */
  readonly accumulate?: bigint;
}

const hashOf = ({ order }: Tracked): Uint8Array => digest(`package ${order}`);

/** Writes a list of packages: those that await availability, or the cores' queues. */
export function pokeTracked(chain: TestChain, item: 'Pending' | 'Ready', list: readonly Tracked[]): void {
  const packages = new Writer().vec(list, (writer, tracked) => {
    writer.raw(hashOf(tracked)).u16(tracked.core).u32(tracked.registeredAt).u64(BigInt(tracked.order));
    writer.u64(0n).u32(AUTHORIZATION_BYTES).compact(tracked.classes.length);
    for (const id of tracked.classes)
      writer
        .u32(id)
        .u64(tracked.accumulate ?? 1n)
        .u64(1_000n)
        .u32(32 + 1 + 1 + OUTPUT_BYTES);
  });
  chain.poke(`Reporting.${item}`, [], packages.finish());
}

/** Length of outputs in stored reports if none is given, and of their encoded Authorizations. */
const OUTPUT_BYTES = 32;
const AUTHORIZATION_BYTES = 2 + 30;

/** The report of a tracked package. */
export function reportOf(chain: TestChain, tracked: Tracked): WorkReport {
  return {
    packageSpec: { hash: hashOf(tracked), root: digest('root'), len: 1_000 },
    context: { headerHash: chain.parentHash, prerequisite: undefined },
    coreIndex: tracked.core,
    results: tracked.classes.map((id) => ({
      class: id,
      itemHash: digest(`item ${id}`),
      result: ok(new Uint8Array(tracked.output ?? OUTPUT_BYTES).fill(7)),
      weight: 1_000n,
    })),
    authorization: { kind: 'bulk', evidence: new Uint8Array(AUTHORIZATION_BYTES - 2) },
    authId: FIRST_AUTH_ID + tracked.core,
  };
}

/** Stores the report of a tracked package. */
export function pokeReport(chain: TestChain, tracked: Tracked): void {
  chain.poke('Reporting.Reports', [tracked.order], writeWorkReport(new Writer(), reportOf(chain, tracked)).finish());
}

/** Writes votes of these validators for each of these cores, ascending. */
export function pokeVotes(chain: TestChain, cores: readonly number[], voters: (core: number) => number): void {
  const bytes = Math.ceil(VALIDATORS / 8);
  const votes = new Writer().vec(cores, (writer, core) => {
    const bits = new Uint8Array(bytes);
    for (let validator = 0; validator < voters(core); validator++) bits[validator >> 3]! |= 1 << (validator & 7);
    writer.u16(core).compact(VALIDATORS).raw(bits);
  });
  chain.poke('Availability.Votes', [], votes.finish());
}

/** Votes with which a package is available: 1,023 − ⌊1,022 / 3⌋ (D8). */
export const THRESHOLD = VALIDATORS - Math.floor((VALIDATORS - 1) / 3);

/** `count` hashes, ascending, encoded as a list. */
export function hashes(count: number): Uint8Array {
  const list = Array.from({ length: count }, (_, index) => toHex(digest(`registered ${index}`))).sort();
  return concat(
    new Writer().compact(count).finish(),
    ...list.map((each) => Uint8Array.from(Buffer.from(each.slice(2), 'hex'))),
  );
}
