// Collecting and authorizing packages: each refusal with its reason, and both sides of each limit.
import { describe, expect, test } from '@jest/globals';
import { toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { AUTHORIZE_WEIGHT_PS } from '../../../host/contract/index.js';
import {
  authorize,
  buildPackage,
  collect,
  encodePackage,
  ensureRecent,
  withEvidence,
} from '../../../host/incore/index.js';
import type { GuestResult } from '../../../host/incore/index.js';
import { errorOf, valueOf } from '../results.js';
import { blockHash, collected, FakeChain, FakeRunner, returned } from './fixtures.js';

const YES = Uint8Array.of(1);
const NO = Uint8Array.of(0);
const item = { class: 1, payload: utf8('work') };

function chainWithAuthorizer(): FakeChain {
  const chain = new FakeChain();
  chain.authorizers.set(1, { id: 10_003, authorizer: { codeHash: chain.provide(utf8('code')), param: utf8('param') } });
  return chain;
}

describe('collecting', () => {
  test('bytes that are no package are refused, with the offset of the error', () => {
    expect(errorOf(collect(Uint8Array.of(0, 0, 0, 0, 8)))).toMatchObject({
      reason: 'undecodable',
      message: expect.stringContaining('at byte 4'),
    });
  });

  test('a package above 5 MiB is refused', () => {
    const bytes = new Writer(6_000_000)
      .u32(0)
      .bytes(new Uint8Array(5 * 1024 * 1024 + 5))
      .finish();
    expect(errorOf(collect(bytes))).toMatchObject({ reason: 'tooLarge' });
  });

  test('an authorization of 4,096 encoded bytes is accepted, one of 4,097 is refused (D1)', () => {
    // Variant 1, a compact length of 2 bytes, and the evidence.
    const withLength = (length: number): Uint8Array =>
      withEvidence(buildPackage([item], blockHash(5)), new Uint8Array(length)).encoded;
    expect(collect(withLength(4_093)).ok).toBe(true);
    expect(errorOf(collect(withLength(4_094)))).toMatchObject({ reason: 'authorizationTooLarge' });
  });

  test('an Instantaneous authorization is refused: it is not implemented', () => {
    const encoded = encodePackage({
      ...buildPackage([item], blockHash(5)),
      authorization: {
        kind: 'instantaneous',
        account: new Uint8Array(32),
        signature: { kind: 'sr25519', value: new Uint8Array(64) },
      },
    });
    expect(errorOf(collect(encoded))).toMatchObject({ reason: 'instantaneousUnsupported' });
  });
});

describe('the context', () => {
  test('is recent while the next block is less than 16 blocks after it (D11)', () => {
    const chain = new FakeChain();
    chain.bestNumber = 19; // the next block is 20
    expect(valueOf(ensureRecent(chain, collected([item], 5).workPackage))).toMatchObject({ number: 5 });
    expect(errorOf(ensureRecent(chain, collected([item], 4).workPackage))).toMatchObject({
      reason: 'contextNotRecent',
    });
  });

  test('must be a block of this chain', () => {
    expect(errorOf(ensureRecent(new FakeChain(), collected([item], 6).workPackage))).toMatchObject({
      reason: 'unknownContext',
    });
  });
});

describe('authorizing', () => {
  test('runs is_authorized on parameter, package and core, within 10 ms of weight', async () => {
    const [chain, runner] = [chainWithAuthorizer(), new FakeRunner()];
    runner.results = [returned(YES, 4_000n)];
    const package_ = collected([item]);
    expect(valueOf(await authorize(chain, runner.run, package_, 1))).toMatchObject({
      core: 1,
      authId: 10_003,
      weight: 4_000n,
    });
    const [run] = runner.runs;
    expect(run).toMatchObject({ entry: 'is_authorized', weight: AUTHORIZE_WEIGHT_PS });
    expect(AUTHORIZE_WEIGHT_PS).toBe(10n ** 10n);
    const workPackage = package_.encoded.subarray(5); // after the version and the length, here of one byte
    const core = Uint8Array.of(1, 0);
    expect(toHex(run!.args)).toBe(toHex(new Writer().bytes(utf8('param')).raw(workPackage).raw(core).finish()));
    expect(Object.keys(run!.functions)).toEqual(['ext_corejam_package_message_version_1']);
  });

  test.each<[string, GuestResult, string]>([
    ['false', returned(NO), 'notAuthorized'],
    ['no bool', returned(Uint8Array.of(2)), 'authorizerFailed'],
    ['nothing', returned(new Uint8Array()), 'authorizerFailed'],
    ['too much', returned(Uint8Array.of(1, 0)), 'authorizerFailed'],
    ['a trap', { outcome: 'trapped', reason: 'unreachable', weightUsed: 1n }, 'authorizerFailed'],
    [
      'an overrun',
      { outcome: 'outOfWeight', reason: 'the weight is used up', weightUsed: 10n ** 10n },
      'authorizerFailed',
    ],
    ['invalid code', { outcome: 'invalid', reason: 'not Wasm', weightUsed: 0n }, 'authorizerFailed'],
  ])('an answer of %s refuses the package', async (_name, result, reason) => {
    const [chain, runner] = [chainWithAuthorizer(), new FakeRunner()];
    runner.results = [result];
    expect(errorOf(await authorize(chain, runner.run, collected([item]), 1))).toMatchObject({ reason });
  });

  test('the last line that the Authorizer logged is in the refusal', async () => {
    const chain = chainWithAuthorizer();
    const refusal = await authorize(
      chain,
      ({ log }) => {
        log?.(2, 'guest', 'first');
        log?.(2, 'guest', 'the signature is bad');
        return returned(NO);
      },
      collected([item]),
      1,
    );
    expect(errorOf(refusal)).toMatchObject({
      message: 'Authorizer 10003 of core 1 refused the package: the signature is bad',
    });
  });

  test('a core without an Authorizer, a core that does not exist and missing code are refused', async () => {
    const [chain, runner] = [chainWithAuthorizer(), new FakeRunner()];
    const reasonFor = async (core: number): Promise<string> =>
      errorOf(await authorize(chain, runner.run, collected([item]), core)).reason;
    expect(await reasonFor(0)).toBe('coreUnassigned');
    expect(await reasonFor(3)).toBe('unknownCore');
    chain.preimages.clear();
    expect(await reasonFor(1)).toBe('authorizerCodeMissing');
    expect(runner.runs).toEqual([]);
  });

  test('an exception of the runner is not a refusal: it passes through', async () => {
    const failing = (): never => {
      throw new Error('out of memory');
    };
    await expect(authorize(chainWithAuthorizer(), failing, collected([item]), 1)).rejects.toThrow('out of memory');
  });
});
