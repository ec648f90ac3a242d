// GenesisBuilder: states from documents, and errors.
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ALICE, BOB, TestChain } from '../harness/index.js';
import { xxhashAsU8a } from '@polkadot/util-crypto';
import { concat, toHex, Reader, Writer } from '../../host/bytes/index.js';
import { bitfieldsThatFit, greatest, reportsFit } from './support/space.js';

const account = toHex(ALICE);

describe('genesis', () => {
  test('the development preset endows six accounts and names Alice sudo', async () => {
    const chain = await TestChain.start();
    expect(chain.account(BOB).free).toBe(10n ** 18n);
    expect(chain.query('Sudo.Key')!.toHex()).toBe(account);
    expect(chain.json('System.LastRuntimeUpgrade')).toEqual({ specVersion: 1, specName: 'corejam' });
  });

  test('each pallet has its storage version, as tools and migrations look for it', async () => {
    const chain = await TestChain.start({});
    expect(chain.names.pallets.size).toBeGreaterThan(12);
    for (const name of chain.names.pallets.values()) {
      const key = concat(xxhashAsU8a(name, 128), xxhashAsU8a(':__STORAGE_VERSION__:', 128));
      expect([name, chain.overlay.get(key)]).toEqual([name, Uint8Array.of(0, 0)]);
    }
  });

  test('presets are listed, and found by name', async () => {
    const chain = await TestChain.start();
    const listed = new Reader(chain.call('GenesisBuilder_preset_names', new Uint8Array())).vec((r) => r.str());
    expect(listed).toEqual(['development', 'local_testnet']);
    const preset = (name: string | undefined): string | undefined => {
      const args = new Writer().option(name, (w, text) => w.str(text)).finish();
      return new Reader(chain.call('GenesisBuilder_get_preset', args)).option((r) => r.str());
    };
    expect(JSON.parse(preset('development')!)).toMatchObject({ sudo: { key: account }, coretime: { cores: 3 } });
    expect(preset(undefined)).toBe('{}');
    expect(preset('nonsense')).toBeUndefined();
  });

  test.each<[string, object | string, string]>([
    ['a document that is not JSON', 'hello', 'expected an object (line 1, column 1)'],
    [
      'an unknown pallet',
      { nonsense: {} },
      'nonsense: no pallet has this name, or it has nothing to set (line 1, column 13)',
    ],
    [
      'a short account',
      { balances: { balances: [['0x00', 5]] } },
      'balances.balances[0][0]: expected 32 bytes in hexadecimal, not 1 (line 1, column 33)',
    ],
    [
      'a balance below the existential deposit',
      { balances: { balances: [[account, '999999999']] } },
      'balances.balances[0][1]: less than the existential deposit of 1000000000 (line 1, column 107)',
    ],
    [
      'an account twice',
      {
        balances: {
          balances: [
            [account, '1000000000'],
            [account, '1000000000'],
          ],
        },
      },
      'balances.balances[1][1]: this account occurs twice (line 1, column 192)',
    ],
    [
      'balances that exceed 2^128 - 1 together',
      {
        balances: {
          balances: [
            [account, '1000000000'],
            [toHex(BOB), String(2n ** 128n - 1n)],
          ],
        },
      },
      'balances.balances[1][1]: all balances together exceed 2^128 - 1 (line 1, column 221)',
    ],
    [
      'a malformed amount',
      { balances: { balances: [[account, '1.5']] } },
      'balances.balances[0][1]: expected an integer from 0 to 2^128 - 1, in digits (line 1, column 101)',
    ],
    [
      'a validator key that occurs twice',
      { validators: { keys: [account, toHex(BOB), account] } },
      `validators.keys: ${account} occurs twice, at positions 0 and 2`,
    ],
    ['an unknown member', { sudo: { keys: account } }, 'sudo.keys: unknown; expected "key" (line 1, column 17)'],
    ['bytes after the document', '{} x', 'expected the end of the document (line 1, column 4)'],
  ])('refuses %s, with key and position', async (_name, genesis, sentence) => {
    expect(await TestChain.refusal(typeof genesis === 'string' ? genesis : JSON.stringify(genesis))).toBe(sentence);
  });
});

describe('a report with the least number of signatures fits a block, whatever it has and however many validators there are', () => {
  // The longest report: 68 of its package, 65 of its context, 2 of its core, 1 + 4 × (4 + 32 + 1 + 2 + 4,096 + 8) of its
  // results, 4,096 of its Authorization, 5 of its AuthId. Then a bit for each of 1,024 validators, and the signatures.
  const REPORT = 68 + 65 + 2 + 1 + 4 * 4_143 + 4_096 + 5;
  const bytes = (signatures: number): number => REPORT + 2 + 128 + 2 + 64 * signatures;
  const MOST = greatest(5_000, (signatures) =>
    reportsFit(2_000_000_000_000n, 512, { reports: 1, signatures, items: 4, bytes: bytes(signatures) }),
  );
  const refusal = (minimumAttestations: number): Promise<string | undefined> =>
    TestChain.refusal(JSON.stringify({ reporting: { minimumAttestations } }));

  test('both sides', async () => {
    expect(await refusal(MOST)).toBeUndefined();
    const room = `a block has room for ${MOST} signatures of the longest report`;
    const sentence = (given: number): string =>
      `reporting.minimumAttestations: ${room}, so it must be at most that, not ${given}`;
    expect(await refusal(MOST + 1)).toBe(sentence(MOST + 1));
    expect(await refusal(0xffff_ffff)).toBe(sentence(0xffff_ffff));
  });
});

describe('the availability time-out suits the validators: at least twice the turns of all', () => {
  // ⌈n / m⌉ turns of n validators, of whose bitfields m fit a block.
  const FIT = bitfieldsThatFit(2_000_000_000_000n, 512);
  const TURNS = Math.ceil(1_023 / FIT);
  const LEAST = 2 * TURNS;
  const scale = JSON.parse(
    readFileSync(new URL('../../chain-spec/presets/scale.json', import.meta.url), 'utf8'),
  ) as object;
  const TOO_SHORT = `availability.timeOut: of 1023 validators' bitfields ${FIT} fit a block, so the time-out must be at least ${LEAST} blocks, not ${LEAST - 1}`;

  test('a shorter one is refused, with the numbers', async () => {
    const refusal = (timeOut: number): Promise<string | undefined> =>
      TestChain.refusal(JSON.stringify({ ...scale, availability: { timeOut } }));
    expect(await refusal(LEAST - 1)).toBe(TOO_SHORT);
    expect(await refusal(LEAST)).toBeUndefined();
  });

  test('a withheld report blocks its core for ever: one of more than a day is refused', async () => {
    const refusal = (timeOut: number): Promise<string | undefined> =>
      TestChain.refusal(JSON.stringify({ availability: { timeOut } }));
    expect(await refusal(14_400)).toBeUndefined();
    for (const timeOut of [14_401, 0xffff_ffff, 0])
      expect(await refusal(timeOut)).toContain('availability.timeOut: must be from 1 to 14400 blocks');
  });

  test('by default it has four turns of the validators, and at least ten blocks', async () => {
    const timeOut = (await TestChain.start(scale)).integer('Availability.TimeOut');
    expect(timeOut).toBe(BigInt(Math.max(10, 4 * TURNS)));
    expect((await TestChain.start()).integer('Availability.TimeOut')).toBe(10n);
  });
});
