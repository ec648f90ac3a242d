// The benchmarks of calling the entry points of a class: reading its code, an instance, the arguments, and what the end of a
// block does for a call of `accumulate` (a transaction, a record, an event).
import { blake2_256, concat, toHex, Writer } from '../../../host/bytes/index.js';
import { coreJamApi } from '../../../host/contract/index.js';
import { attestationMessage, encodeAttestations } from '../../../host/incore/index.js';
import { ALICE } from '../../../tests/harness/accounts.js';
import { none, root, signed, type TestChain } from '../../../tests/harness/chain.js';
import { guest } from '../../../tests/pallets/support/guests.js';
import type { Benchmark, Subject } from '../benchmark.js';
import {
  busyChain,
  FIRST_CLASS,
  ITEMS_MAX,
  pokeClasses,
  pokeReport,
  pokeTracked,
  reportOf,
  sign,
} from '../packages.js';
import { must, noise, once } from '../scenes.js';

const KIB = 1_024;

/** A guest that returns at once, with a custom section up to a length. */
function codeOf(length: number): Uint8Array {
  const code = guest({});
  const content = length - code.length - 6;
  const header = [0, content | 0x80, (content >> 7) | 0x80, (content >> 14) | 0x80, (content >> 21) | 0x80, 0];
  return concat(code, Uint8Array.from(header), Uint8Array.of(3, 0x70, 0x61, 0x64), noise(content - 4));
}

const scene = once(() => busyChain(1));

/** Classes of a chain by the length of their code, made as they are needed. */
const classesOf = new WeakMap<TestChain, Map<number, number>>();

function classOf(chain: TestChain, length: number): number {
  const classes = classesOf.get(chain) ?? new Map<number, number>();
  classesOf.set(chain, classes);
  const known = classes.get(length);
  if (known !== undefined) return known;
  const id = FIRST_CLASS + classes.size;
  const code = codeOf(length);
  const hash = blake2_256(code);
  must(chain.dispatch(root, 'Storage.request', hash, code.length));
  must(chain.dispatch(signed(ALICE), 'Storage.provide', toHex(code)));
  pokeClasses(chain, id, 1, hash);
  classes.set(length, id);
  return id;
}

/** The length of the outputs of a package, at most. */
const PACKAGE_BYTES = 16 * KIB;

/** Packages whose items are of these classes, with outputs of so many bytes together, and no other work. */
function accumulate(chain: TestChain, ofItems: readonly number[], bytes: number): Subject {
  const count = Math.max(1, Math.ceil(bytes / PACKAGE_BYTES));
  const packages = Array.from({ length: count }, (_, order) => ({
    core: 0,
    registeredAt: chain.number - 2,
    order,
    classes: ofItems,
    accumulate: 10_000_000_000n,
    output: Math.floor(bytes / count / ITEMS_MAX),
  }));
  pokeTracked(chain, 'Ready', packages);
  for (const each of packages) pokeReport(chain, each);
  return { hook: 'Accumulation.accumulate' };
}

const pruning = once(() => busyChain(1));

/** Weight of `prune` for an output: enough for any number of them, and little beside a core's. */
const PRUNE_PS = 2_000_000_000n;

/** The inherent with one report, whose items are all of this class, with outputs of so many bytes together. */
function report(chain: TestChain, classId: number, bytes: number, prune: bigint): Subject {
  chain.poke('WorkClasses.WeightRequirements', [classId], new Writer().u64(prune).u64(1n).finish());
  const classes = new Array<number>(ITEMS_MAX).fill(classId);
  const output = Math.floor(bytes / ITEMS_MAX);
  const work = reportOf(chain, { core: 0, registeredAt: chain.number, order: 0, classes, output });
  const group = coreJamApi.group((method, args) => chain.call(method, args), 0);
  const attestation = {
    report: work,
    validators: group.map((_member, index) => index === 0),
    attestations: [sign(group[0]!, attestationMessage(work))],
  };
  const indices = chain.names.call('Reporting.report', []).subarray(0, 2);
  return { origin: none, call: concat(indices, encodeAttestations([attestation])) };
}

export const INVOCATION: readonly Benchmark[] = [
  {
    pallet: 'WorkClasses',
    name: 'invokePrune',
    worst: 'A call of prune, of a class whose code was not read before in the block; a guest that returns at once.',
    components: {
      bytes: { unit: 'bytes of arguments', min: 0, max: PACKAGE_BYTES },
      code: { unit: 'bytes of the code', min: 4 * KIB, max: 128 * KIB },
    },
    isPart: true,
    scene: pruning,
    subject: (chain, { bytes = 0, code = 0 }) => report(chain, classOf(chain, code), bytes, PRUNE_PS),
    // The same reports, of a class without prune: it is not called.
    baseline: (chain, { bytes = 0, code = 0 }) => report(chain, classOf(chain, code), bytes, 0n),
  },
  {
    pallet: 'WorkClasses',
    name: 'invoke',
    worst:
      'A call of accumulate, of a class whose code was not read before in the block; a guest that returns at once.',
    components: {
      bytes: { unit: 'bytes of arguments', min: 0, max: 7 * PACKAGE_BYTES },
      code: { unit: 'bytes of the code', min: 4 * KIB, max: 128 * KIB },
    },
    isPart: true,
    scene,
    subject: (chain, { bytes = 0, code = 0 }) => {
      const classId = classOf(chain, code);
      return accumulate(chain, new Array<number>(ITEMS_MAX).fill(classId), bytes);
    },
    // The same packages without items: they are taken, and no class is called.
    baseline: (chain, { bytes = 0 }) => accumulate(chain, [], bytes),
  },
];
