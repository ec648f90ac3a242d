// Work packages from submission to accumulation: real blob, real guests, six validators on three cores, every block
// executed twice.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { blake2_256, concat, toHex, utf8 } from '../../host/bytes/index.js';
import {
  buildPackage,
  classKey,
  classTrie,
  countKey,
  decodeElement,
  elementKey,
  elementsItem,
  sequenceKey,
  signPackage,
} from '../../host/incore/index.js';
import type { Element, SignedPackage } from '../../host/incore/index.js';
import type { StageEvent } from '../../host/validators/index.js';
import { valueOf } from '../unit/results.js';
import { deployOrdering, signerOf, startChain, submitTo, type TestChain } from './chain.js';

const CORE = 1;
let chain: TestChain;
let classId: number;

beforeAll(async () => {
  chain = await startChain();
  classId = deployOrdering(chain, [CORE]);
});

afterAll(async () => chain.close());

const element = (key: string, data: Uint8Array | string): Element => ({
  namespace: utf8('docs'),
  key: utf8(key),
  data: typeof data === 'string' ? utf8(data) : data,
});

function packageOf(items: Element[][], by = 'Bob'): SignedPackage {
  return signPackage(
    buildPackage(
      items.map((elements) => elementsItem(classId, elements)),
      chain.node.best().hash,
    ),
    signerOf(by),
  );
}

const submit = (signed: SignedPackage, core?: number): Promise<StageEvent[]> => submitTo(chain, signed, core);
const story = ({ hash }: SignedPackage): readonly StageEvent[] => chain.validators.tracker.story(hash)!;
const stored = (key: Uint8Array): Uint8Array | undefined =>
  chain.node.stateAt(chain.node.best().hash).child(classTrie(classId))?.get(classKey(key));
const storedElement = (key: string): ReturnType<typeof decodeElement> =>
  decodeElement(stored(elementKey(utf8('docs'), utf8(key)))!);

describe('a package', () => {
  test("goes from submission to the class's trie in two blocks", async () => {
    const data = [0, 1, 2, 3].map((index) => new Uint8Array(64 * 1024).fill(index));
    const signed = packageOf(data.map((bytes, index) => [element(`file ${index}`, bytes)]));
    await submit(signed);
    const [first, second] = [chain.block(), chain.block()].map((events) => events.map(({ name }) => name));
    expect(first).toContain('Reporting.Registered');
    expect(second).toEqual(expect.arrayContaining(['Availability.Available', 'Accumulation.Accumulated']));
    const height = chain.node.best().number;
    expect(story(signed).map(({ stage, block, core }) => [stage, block, core])).toEqual([
      ['submitted', height - 2, undefined],
      ['authorized', height - 2, CORE],
      ['refined', height - 2, CORE],
      ['attested', height - 2, CORE],
      ['reported', height - 1, CORE],
      ['available', height, CORE],
      ['accumulated', height, CORE],
    ]);
    expect(story(signed).at(-1)).toMatchObject({ classes: [{ class: classId, outcome: 'returned' }] });
    data.forEach((bytes, index) =>
      expect(storedElement(`file ${index}`)).toEqual({
        sequence: BigInt(index),
        hash: blake2_256(bytes),
        length: bytes.length,
      }),
    );
    // Vec<key>, of the elements of one item: one of 6 bytes.
    expect(stored(sequenceKey(utf8('docs'), 2n))).toEqual(concat(Uint8Array.of(1 << 2, 6 << 2), utf8('file 2')));
    expect(stored(countKey(utf8('docs')))![0]).toBe(4);
    // D40: it is not refined again, because the chain's state says that it was Registered.
    const again = chain.validators.submit(signed.encoded, CORE);
    expect(again).toMatchObject({ ok: false, error: { reason: 'alreadyRegistered' } });
    expect(story(signed)).toHaveLength(7);
  });

  test('that collides with what is stored is pruned, and changes nothing', async () => {
    const signed = packageOf([[element('new', 'x'), element('file 1', 'again')]]);
    await submit(signed, CORE);
    expect(chain.block().map(({ name }) => name)).not.toContain('Reporting.Registered');
    expect(story(signed).at(-1)).toMatchObject({ stage: 'pruned', class: classId, core: CORE });
    expect(stored(elementKey(utf8('docs'), utf8('new')))).toBeUndefined();
    expect(storedElement('file 1')).toMatchObject({ length: 64 * 1024 });
  });

  test("signed by another account is refused, with the Authorizer's reason", async () => {
    const signed = packageOf([[element('forged', 'x')]], 'Eve');
    expect((await submit(signed)).at(-1)).toMatchObject({
      stage: 'refused',
      reason: 'notAuthorized',
      message: expect.stringContaining("the signature is not that of the core's key"),
    });
    expect(chain.block().map(({ name }) => name)).not.toContain('Reporting.Registered');
  });

  test('for a core without an Authorizer is refused', async () => {
    const stages = await submit(packageOf([[element('elsewhere', 'x')]]), 0);
    expect(stages.at(-1)).toMatchObject({ stage: 'refused', reason: 'coreUnassigned' });
  });

  test('whose item panics is still reported and accumulated: the class receives the failure', async () => {
    const twice = element('twice', 'x');
    const signed = packageOf([[twice, twice], [element('beside', 'y')]]);
    await submit(signed);
    chain.block();
    chain.block();
    expect(story(signed).find(({ stage }) => stage === 'refined')).toMatchObject({
      items: [
        { result: { error: 'panic', reason: expect.stringContaining('has the place of an earlier one') } },
        { result: { outputBytes: 49 } }, // a count of 1, then 1 + 4 for the namespace, 1 + 6 for the key, 32 and 4
      ],
    });
    expect(story(signed).at(-1)).toMatchObject({ stage: 'accumulated' });
    expect(storedElement('beside')).toMatchObject({ sequence: 4n });
  });

  test('with a prerequisite waits for it, and is reported one block after it', async () => {
    const first = packageOf([[element('first', 'x')]]);
    const second = signPackage(
      buildPackage([elementsItem(classId, [element('second', 'y')])], chain.node.best().hash, first.hash),
      signerOf('Bob'),
    );
    await submit(second);
    chain.block();
    expect(story(second).at(-1)).toMatchObject({ stage: 'attested' });
    await submit(first);
    for (let i = 0; i < 4; i++) chain.block();
    const reportedAt = (one: SignedPackage): number => story(one).find(({ stage }) => stage === 'reported')!.block;
    expect(reportedAt(second)).toBe(reportedAt(first) + 1); // one core takes one report at a time
    expect(story(second).at(-1)).toMatchObject({ stage: 'accumulated' });
  });

  test('is recovered from any k of its shards', async () => {
    const signed = packageOf([[element('recovered', new Uint8Array(30_000).fill(7))]]);
    await submit(signed);
    chain.block();
    const { encoded, hash } = signed;
    const spec = { hash, len: encoded.length, root: rootOf(hash) };
    for (const pair of [
      [0, 1],
      [2, 5],
      [3, 4],
    ]) {
      const recovered = valueOf(chain.validators.recover(spec, pair));
      expect(toHex(blake2_256(recovered.package))).toBe(toHex(hash));
    }
    expect(chain.validators.recover(spec, [2]).ok).toBe(false);
    chain.block();
  });
});

/** The erasure root that the chain has for a pending package. */
function rootOf(hash: Uint8Array): Uint8Array {
  const pending = chain.validators.pending().find(({ report }) => toHex(report.packageSpec.hash) === toHex(hash));
  if (pending === undefined) throw new Error('the package is not pending');
  return pending.report.packageSpec.root;
}
