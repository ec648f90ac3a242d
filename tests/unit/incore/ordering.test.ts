// The built Authorizer "signature" and Work Class "ordering" in the metered VM, with a map as storage.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildGuests } from '../../../compiler/build.js';
import { blake2_256, err, ok, Reader, text, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import {
  type Authorization,
  type WorkItem,
  type WorkResult,
  writePackageResults,
} from '../../../host/contract/index.js';
import { giveToGuest, guestFunction, NONE, readFat, runGuest } from '../../../host/executor/index.js';
import {
  authorize,
  buildPackage,
  classKey,
  classTrie,
  collect,
  countKey,
  decodeElement,
  decodePlacements,
  elementKey,
  elementsItem,
  elementsPayload,
  packElements,
  refine,
  sequenceKey,
  signPackage,
  sovereignAccount,
  withEvidence,
} from '../../../host/incore/index.js';
import type { Element, GuestResult, Refined, Refusal, SignedPackage } from '../../../host/incore/index.js';
import type { HostFunction } from '../../../host/vm/index.js';
import { errorOf, valueOf } from '../results.js';
import { blockHash, FakeChain, signerOf } from './fixtures.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const chain = new FakeChain();
const alice = signerOf('Alice');
let orderingCode: Uint8Array;

beforeAll(async () => {
  await buildGuests(root, null);
  const code = (name: string): Uint8Array => new Uint8Array(readFileSync(join(root, 'build/guests', `${name}.wasm`)));
  orderingCode = code('ordering');
  chain.classes.set(1, chain.provide(orderingCode));
  chain.authorizers.set(0, {
    id: 10_000,
    authorizer: { codeHash: chain.provide(code('signature')), param: alice.publicKey },
  });
});

const element = (key: string, data = `data of ${key}`, namespace = 'docs'): Element => ({
  namespace: utf8(namespace),
  key: utf8(key),
  data: utf8(data),
});

/** Runs the Authorizer of core 0. */
function authorizing({ encoded }: SignedPackage): ReturnType<typeof authorize> {
  return authorize(chain, runGuest, valueOf(collect(encoded)), 0);
}

async function refined(items: WorkItem[]): Promise<Refined> {
  const authorized = valueOf(await authorizing(signPackage(buildPackage(items, blockHash(5)), alice)));
  return valueOf(await refine(chain, runGuest, authorized));
}

async function outputOf(elements: Element[]): Promise<Uint8Array> {
  const { report, failures } = await refined([elementsItem(1, elements)]);
  const { result } = report.results[0]!;
  if (!result.ok) throw new Error(failures[0]);
  return result.value;
}

/** Runs prune or accumulate with a map as storage; only the first `writesLeft` writes find a deposit. */
function onChain(
  entry: string,
  args: Uint8Array,
  storage: Map<string, Uint8Array>,
  writesLeft = Infinity,
): GuestResult {
  let lasting = new Map(storage);
  const serve = (short: string, call: HostFunction['call']): [string, HostFunction] => {
    const name = `ext_corejam_${short}_version_1`;
    return [name, guestFunction(name, call)];
  };
  const result = runGuest({
    code: orderingCode,
    codeHash: blake2_256(orderingCode),
    entry,
    args,
    weight: 10n ** 11n,
    functions: Object.fromEntries([
      serve('get_work_storage', (guest, key) => {
        const value = storage.get(toHex(readFat(guest, key)));
        return value === undefined ? NONE : giveToGuest(guest, value);
      }),
      serve('get_work_storage_len', (guest, key) => BigInt(storage.get(toHex(readFat(guest, key)))?.length ?? NONE)),
      serve('set_work_storage', (guest, key, value) => {
        if (writesLeft-- <= 0) return 1;
        storage.set(toHex(readFat(guest, key)), readFat(guest, value));
        return 0;
      }),
      serve('checkpoint', () => {
        lasting = new Map(storage);
        return 1n;
      }),
    ]),
  });
  if (result.outcome !== 'returned') {
    storage.clear();
    for (const [key, value] of lasting) storage.set(key, value);
  }
  return result;
}

function prune(outputs: Uint8Array[], storage = new Map<string, Uint8Array>()): number[] {
  const result = onChain(
    'prune',
    new Writer().vec(outputs, (writer, output) => writer.bytes(output)).finish(),
    storage,
  );
  if (result.outcome !== 'returned') throw new Error(result.reason);
  return new Reader(result.output).vec((reader) => reader.u32());
}

/** Accumulates one package for each output; an undefined one is an item that panicked. */
function accumulate(
  outputs: (Uint8Array | undefined)[],
  storage: Map<string, Uint8Array>,
  writesLeft?: number,
): GuestResult {
  const itemHash = blake2_256(utf8('item'));
  const args = new Writer().vec(outputs, (writer, output) => {
    const result: WorkResult = {
      class: 1,
      itemHash,
      result: output === undefined ? err('panic') : ok(output),
      weight: 7n,
    };
    const authorization: Authorization = { kind: 'bulk', evidence: utf8('evidence') };
    writePackageResults(writer, { authorization, items: [{ itemHash, result }] });
  });
  return onChain('accumulate', args.finish(), storage, writesLeft);
}

describe('signature', () => {
  const unsigned = buildPackage([{ class: 1, payload: utf8('anything') }], blockHash(5));
  const refusalOf = async (evidence: Uint8Array): Promise<Refusal> =>
    errorOf(await authorizing(withEvidence(unsigned, evidence)));

  test('accepts a package signed by the key in its parameter', async () => {
    expect(valueOf(await authorizing(signPackage(unsigned, alice)))).toMatchObject({ authId: 10_000 });
  });

  test('refuses a signature by another key, one of another package, and malformed evidence, each with its reason', async () => {
    const bad = {
      reason: 'notAuthorized',
      message: expect.stringContaining("not that of the core's key over this package"),
    };
    expect(errorOf(await authorizing(signPackage(unsigned, signerOf('Bob'))))).toMatchObject(bad);
    expect(await refusalOf(alice.sign(utf8('another message')))).toMatchObject(bad);
    expect(await refusalOf(new Uint8Array(63))).toMatchObject({
      message: expect.stringContaining('an sr25519 signature of 64 bytes'),
    });
  });

  test('reads a package of 5 MiB within its 10 ms of weight', async () => {
    const large = buildPackage(
      [0, 1, 2, 3].map(() => ({ class: 1, payload: new Uint8Array(1_310_000) })),
      blockHash(5),
    );
    expect(valueOf(await authorizing(signPackage(large, alice)))).toMatchObject({ authId: 10_000 });
  });
});

describe('ordering: refine', () => {
  test('places each element with the hash and the length of its data', async () => {
    const elements = [element('a'), element('b', ''), element('a', 'same key', 'other')];
    expect(decodePlacements(await outputOf(elements))).toEqual(
      elements.map(({ namespace, key, data }) => ({ namespace, key, hash: blake2_256(data), length: data.length })),
    );
  });

  test('four items of 64 KiB are within the limits', async () => {
    const file = (index: number): Element => ({
      ...element(`file ${index}`),
      data: new Uint8Array(64 * 1024).fill(index),
    });
    const items = [0, 1, 2, 3].map((index) => elementsItem(1, [file(index)]));
    const { report } = await refined(items);
    expect(report.results.map(({ result }) => result.ok)).toEqual([true, true, true, true]);
  });

  test('an output of the most elements that fit is returned; with one more, refine panics with the reason', async () => {
    // 1 + 4 for the namespace, 1 + 3 for the key, 32 and 4: 45 bytes each after a length of 2 bytes; (4096 - 2) / 45 =
    // 90.9
    const many = (count: number): Element[] =>
      Array.from({ length: count }, (_, index) => element(String(100 + index), ''));
    expect(decodePlacements(await outputOf(many(90)))).toHaveLength(90);
    await expect(outputOf(many(91))).rejects.toThrow('too many elements: the output has 4097 bytes');
  });

  test.each<[string, Uint8Array, string]>([
    ['trailing bytes', Uint8Array.from([...elementsPayload([element('a')]), 0]), 'bytes after its last element'],
    ['a truncated element', elementsPayload([element('a')]).subarray(0, 9), 'element 0 does not decode'],
    ['an empty namespace', Uint8Array.of(4, 0, 4, 65, 0), 'namespace or key is empty'],
    ['an empty key', Uint8Array.of(4, 4, 65, 0, 0), 'namespace or key is empty'],
    [
      'a key of 129 bytes',
      new Writer().compact(1).bytes(utf8('n')).bytes(new Uint8Array(129)).bytes(utf8('')).finish(),
      'too long',
    ],
    [
      'one place twice',
      elementsPayload([element('a'), element('b'), element('a', 'other')]),
      'element 2 has the place of an earlier one',
    ],
  ])('%s: the item panics and says why', async (_name, payload, reason) => {
    const { report, failures } = await refined([{ class: 1, payload }]);
    expect(report.results[0]!.result).toEqual(err('panic'));
    expect(failures[0]).toContain(reason);
  });
});

describe('ordering: prune', () => {
  test('names no output whose keys are all free', async () => {
    expect(prune([await outputOf([element('a'), element('b')]), await outputOf([element('c')])])).toEqual([]);
  });

  test('names an output that collides with an earlier one, but not one that collides only with a pruned one', async () => {
    const first = await outputOf([element('a')]);
    const outputs = [first, await outputOf([element('a', 'x'), element('b')]), await outputOf([element('b', 'y')])];
    expect(prune(outputs)).toEqual([1]);
  });

  test('names an output that collides with a stored element; the same key in another namespace does not collide', async () => {
    const storage = new Map<string, Uint8Array>();
    accumulate([await outputOf([element('a')])], storage);
    expect(prune([await outputOf([element('a', 'x')]), await outputOf([element('a', 'x', 'other')])], storage)).toEqual(
      [0],
    );
  });
});

describe('ordering: keys chosen to share a slot of a hash table', () => {
  /** FNV-1a of a key's place, with its upper bits mixed into the lower: the hash of a table that `prune` once had. */
  const slotOf = (key: string, slots: number): number => {
    let hash = 2166136261;
    for (const char of `${String.fromCharCode(4 << 2)}docs${String.fromCharCode(key.length << 2)}${key}`)
      hash = Math.imul(hash ^ char.charCodeAt(0), 16777619);
    return (hash ^ (hash >>> 15)) & (slots - 1);
  };
  const keys = (count: number, filter: (key: string) => boolean): string[] => {
    const found: string[] = [];
    for (let i = 100_000; found.length < count; i++) if (filter(`key ${i}`)) found.push(`key ${i}`);
    return found;
  };

  test('cost prune as much as others do', async () => {
    const weightOf = async (chosen: string[]): Promise<bigint> => {
      const outputs: Uint8Array[] = [];
      for (let i = 0; i < chosen.length; i += 70)
        outputs.push(await outputOf(chosen.slice(i, i + 70).map((key) => element(key, ''))));
      const args = new Writer().vec(outputs, (writer, output) => writer.bytes(output)).finish();
      const result = onChain('prune', args, new Map());
      expect(result).toMatchObject({ outcome: 'returned', output: Uint8Array.of(0) });
      return result.weightUsed;
    };
    const usual = await weightOf(keys(500, () => true));
    const chosen = await weightOf(keys(500, (key) => slotOf(key, 1024) === 0));
    expect(Number(chosen) / Number(usual)).toBeLessThan(1.1);
  });
});

describe('ordering: accumulate', () => {
  test('stores elements in order, each under the next number of its namespace', async () => {
    const storage = new Map<string, Uint8Array>();
    const first = await outputOf([element('b'), element('a')]);
    const outputs = [first, undefined, await outputOf([element('c'), element('a', 'x', 'other')])];
    expect(accumulate(outputs, storage)).toMatchObject({ outcome: 'returned', output: new Uint8Array() });
    const stored = (namespace: string, key: string): unknown =>
      decodeElement(storage.get(toHex(elementKey(utf8(namespace), utf8(key))))!);
    expect(stored('docs', 'b')).toEqual({ sequence: 0n, hash: blake2_256(utf8('data of b')), length: 9 });
    expect(stored('docs', 'a')).toMatchObject({ sequence: 1n });
    expect(stored('docs', 'c')).toMatchObject({ sequence: 2n });
    expect(stored('other', 'a')).toEqual({ sequence: 0n, hash: blake2_256(utf8('x')), length: 1 });
    const keysFrom = (sequence: bigint): string[] =>
      new Reader(storage.get(toHex(sequenceKey(utf8('docs'), sequence)))!).vec((reader) => text(reader.bytes()));
    expect([keysFrom(0n), keysFrom(2n)]).toEqual([['b', 'a'], ['c']]);
    expect(storage.get(toHex(countKey(utf8('docs'))))).toEqual(new Writer().u64(3n).finish());
    // Four elements; the keys of two outputs in "docs" and one in "other"; a count for each namespace.
    expect(storage.size).toBe(4 + 3 + 2);
  });

  test('an output with a key that is taken meanwhile is skipped as a whole, and the next is stored', async () => {
    const storage = new Map<string, Uint8Array>();
    accumulate([await outputOf([element('a')])], storage);
    accumulate([await outputOf([element('b'), element('a', 'late')]), await outputOf([element('c')])], storage);
    const at = (key: string): Uint8Array | undefined => storage.get(toHex(elementKey(utf8('docs'), utf8(key))));
    expect(decodeElement(at('a')!)).toMatchObject({ sequence: 0n, length: 9 });
    expect(at('b')).toBeUndefined();
    expect(decodeElement(at('c')!)).toMatchObject({ sequence: 1n });
  });

  test('without a deposit it traps, and what was stored up to the last checkpoint is kept', async () => {
    const storage = new Map<string, Uint8Array>();
    const outputs = [await outputOf([element('a')]), await outputOf([element('b')])];
    expect(accumulate(outputs, storage, 4)).toMatchObject({ outcome: 'trapped' }); // three writes for each element
    expect([...storage.keys()].sort()).toEqual(
      [
        toHex(elementKey(utf8('docs'), utf8('a'))),
        toHex(sequenceKey(utf8('docs'), 0n)),
        toHex(countKey(utf8('docs'))),
      ].sort(),
    );
  });
});

describe('ordering: host side', () => {
  test("the class's account and trie (D24, D25), against values by hand", () => {
    expect(toHex(sovereignAccount(1))).toBe('0x' + '6d6f646c' + '77726b636c617373' + '01000000' + '00'.repeat(16));
    expect(toHex(classTrie(258))).toBe('0x' + Buffer.from('corejam/class/').toString('hex') + '02010000');
    expect(toHex(classKey(utf8('abc')))).toBe('0xcf4ab791c62b8d2b2109c90275287816' + '616263'); // BLAKE2b-128, key
  });

  test('elements are packed in order into items whose outputs fit, four items to a package', async () => {
    const many = Array.from({ length: 400 }, (_, index) => element(String(1_000 + index), ''));
    const packages = packElements(1, many);
    expect(packages.map((items) => items.length)).toEqual([4, 1]);
    const keys: string[] = [];
    for (const items of packages) {
      const { report } = await refined(items);
      for (const { result } of report.results) {
        keys.push(...decodePlacements(valueOf(result)).map(({ key }) => toHex(key)));
      }
    }
    expect(keys).toEqual(many.map(({ key }) => toHex(key)));
  });

  test('two elements of 2 MiB fit into a package; an element that fits into none is refused', () => {
    const large = (size: number): Element => ({ ...element(String(size)), data: new Uint8Array(size) });
    const packages = packElements(1, [large(2 << 20), large((2 << 20) + 1), large((2 << 20) + 2)]);
    expect(packages.map((items) => items.map((item) => item.payload.length > 2 << 20))).toEqual([[true], [true]]);
    expect(() => packElements(1, [large(5 << 20)])).toThrow('does not fit into a package of 5 MiB');
  });
});
