// corejam_* over a connection without a transport, with validators on a fake node.
import { describe, expect, test } from '@jest/globals';
import { toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { buildPackage, withEvidence } from '../../../host/incore/index.js';
import { Validators, type ValidatorsOptions } from '../../../host/validators/index.js';
import { corejam } from '../../../host/rpc/corejam.js';
import { Connection, DEFAULT_CONNECTION_LIMITS } from '../../../host/rpc/index.js';
import { signerOf } from '../incore/fixtures.js';
import { FakeNode } from '../validators/fake-node.js';

interface Answer {
  result?: unknown;
  error?: { code: number; message: string; data?: string };
}

function setUp(bounds: ValidatorsOptions['bounds'] = {}): {
  node: FakeNode;
  validators: Validators;
  ask(method: string, ...params: unknown[]): Promise<Answer>;
  /** As `ask`, over a connection of its own. */
  connect(): (method: string, ...params: unknown[]) => Promise<Answer>;
  pushed: unknown[];
} {
  const node = new FakeNode();
  const signers = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'].map(signerOf);
  node.validatorKeys = signers.map((signer) => signer.publicKey);
  const codeHash = node.provide(utf8('code'));
  node.assigned.set(1, { id: 10_000, codeHash, param: new Uint8Array() });
  node.classes.set(1, codeHash);
  const validators = new Validators({
    chain: node,
    signers,
    nowMs: () => 5,
    warn: () => undefined,
    verify: () => true,
    bounds,
    runGuest: ({ entry }) => ({
      outcome: 'returned',
      weightUsed: 2n ** 60n,
      output: entry === 'is_authorized' ? Uint8Array.of(1) : new Writer().bytes(utf8('out')).finish(),
    }),
  });
  const { methods, subscriptions } = corejam(validators);
  const registry = {
    methods: new Map(Object.entries(methods)),
    subscriptions: new Map(Object.entries(subscriptions)),
    unsafe: new Set<string>(),
  };
  const pushed: unknown[] = [];
  const connect = (): ((method: string, ...params: unknown[]) => Promise<Answer>) => {
    const connection = new Connection(
      registry,
      DEFAULT_CONNECTION_LIMITS,
      (_method, error) => {
        throw error;
      },
      { outlet: { push: (message) => void pushed.push(JSON.parse(String(message))), overflow: () => undefined } },
    );
    return (method, ...params) =>
      new Promise((resolve) =>
        connection.handle(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), (text) =>
          resolve(JSON.parse(String(text)) as Answer),
        ),
      );
  };
  return { node, validators, ask: connect(), connect, pushed };
}

const packageOn = (node: FakeNode, name = 'x'): { encoded: Uint8Array; hash: Uint8Array } =>
  withEvidence(buildPackage([{ class: 1, payload: utf8(name) }], node.best().hash), utf8('evidence'));

describe('corejam_*', () => {
  test('a package is submitted, and its stages are sent up to the last; weights are decimal strings', async () => {
    const { node, validators, ask, pushed } = setUp();
    const { encoded, hash } = packageOn(node);
    expect(await ask('corejam_submitPackage', toHex(encoded), 1)).toMatchObject({ result: toHex(hash) });
    const { result: subscription } = await ask('corejam_subscribePackage', toHex(hash));
    await validators.settled();
    node.author();
    node.author();
    const stages = pushed.map((one) => (one as { params: { subscription: string; result: { stage: string } } }).params);
    expect(stages.every((one) => one.subscription === subscription)).toBe(true);
    expect(stages.map(({ result }) => result.stage)).toEqual([
      'submitted',
      'authorized',
      'refined',
      'attested',
      'reported',
      'available',
      'accumulated',
    ]);
    expect(stages[2]!.result).toEqual({
      stage: 'refined',
      package: toHex(hash),
      timeMs: 5,
      block: 0,
      core: 1,
      weightPs: '1152921504606846976',
      items: [{ class: 1, weightPs: '1152921504606846976', result: { outputBytes: 3 } }],
    });
    expect((await ask('corejam_packageStatus', toHex(hash))).result).toEqual(stages.map(({ result }) => result));
    expect(await ask('corejam_unsubscribePackage', subscription)).toMatchObject({ result: false }); // it has ended already
  });

  test('a connection that fills the queue of a core does not keep another connection out', async () => {
    const { node, validators, connect } = setUp({ queuePackagesMax: 4 });
    const [greedy, modest] = [connect(), connect()];
    const submit = async (ask: typeof greedy, name: string): Promise<unknown> =>
      (await ask('corejam_submitPackage', toHex(packageOn(node, name).encoded), 1)).error?.data;
    // All of them in one turn of the event loop, before any is authorized.
    const [first, second] = [
      ['a', 'b', 'c', 'd', 'e'],
      ['f', 'g', 'h'],
    ].map((names, index) => names.map((name) => submit([greedy, modest][index]!, name)));
    expect(await Promise.all(first!)).toEqual([...Array<undefined>(4).fill(undefined), 'busy']);
    expect(await Promise.all(second!)).toEqual([undefined, undefined, 'busy']);
    await validators.settled();
    const lastOf = async (name: string): Promise<unknown> => {
      const { result } = await greedy('corejam_packageStatus', toHex(packageOn(node, name).hash));
      return (result as { stage: string }[]).at(-1)!.stage;
    };
    expect(await Promise.all(['a', 'b', 'c', 'd', 'f', 'g'].map(lastOf))).toEqual([
      'attested',
      'attested',
      'refused',
      'refused',
      'attested',
      'attested',
    ]);
  });

  test('a package that is on its way is refused with what to do', async () => {
    const { node, ask } = setUp();
    const { encoded, hash } = packageOn(node);
    await ask('corejam_submitPackage', toHex(encoded), 1);
    expect((await ask('corejam_submitPackage', toHex(encoded), 1)).error).toEqual({
      code: 7001,
      message: `Package refused: the package ${toHex(hash)} is on its way already: corejam_subscribePackage follows its stages`,
      data: 'alreadyKnown',
    });
  });

  test('an unknown package has no status', async () => {
    expect(await setUp().ask('corejam_packageStatus', toHex(new Uint8Array(32)))).toMatchObject({ result: null });
  });

  test("bytes that are not a package are refused with a sentence and the reason's name", async () => {
    const message = "Package refused: the package can't be decoded: 4 bytes are needed, 1 are left (at byte 0)";
    expect((await setUp().ask('corejam_submitPackage', '0x00')).error).toEqual({
      code: 7001,
      message,
      data: 'undecodable',
    });
  });

  test.each<[string, unknown[]]>([
    ['corejam_submitPackage', []],
    ['corejam_submitPackage', ['xyz']],
    ['corejam_submitPackage', ['0x00', -1]],
    ['corejam_packageStatus', ['0x00']],
    ['corejam_subscribePackage', [7]],
  ])('%s with the parameters %j is refused as invalid', async (method, params) => {
    expect((await setUp().ask(method, ...params)).error).toMatchObject({ code: -32602 });
  });
});
