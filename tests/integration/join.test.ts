// The author's join on a whole chain: a Work Class whose prune never returns, beside one that is honest.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import wabt from 'wabt';
import { blake2_256, toHex, utf8 } from '../../host/bytes/index.js';
import { buildPackage, elementsItem, signPackage } from '../../host/incore/index.js';
import type { SignedPackage } from '../../host/incore/index.js';
import { deployOrdering, signerOf, startChain, submitTo, type TestChain } from './chain.js';

/** `refine` returns the output "x", as a Vec<u8> at byte 8; `prune` never returns. */
const ENDLESS = `(module
  (memory (export "memory") 2) (global (export "__heap_base") i32 (i32.const 4096))
  (data (i32.const 8) "\\04x")
  (func (export "refine") (param i32 i32) (result i64) (i64.const 0x200000008))
  (func (export "prune") (param i32 i32) (result i64) (loop $l (br $l)) unreachable)
  (func (export "accumulate") (param i32 i32) (result i64) (i64.const 0)))`;
const REQUIREMENTS = { prune: 150_000_000_000n, accumulate: 20_000_000_000n };

let chain: TestChain;
let honestId: number;
let endlessId: number;

beforeAll(async () => {
  chain = await startChain();
  honestId = deployOrdering(chain, [0, 1, 2]);
  const code = new Uint8Array((await wabt()).parseWat('endless.wat', ENDLESS).toBinary({}).buffer);
  chain.send('storage', 'store', [toHex(code)]);
  const registered = chain.sudo('workClasses', 'register', [toHex(blake2_256(code)), REQUIREMENTS]);
  endlessId = Number(registered.find(({ name }) => name === 'WorkClasses.Registered')!.data[0]);
});

afterAll(async () => chain.close());

const sign = (item: ReturnType<typeof elementsItem>): SignedPackage =>
  signPackage(buildPackage([item], chain.node.best().hash), signerOf('Bob'));
const honest = (key: string): SignedPackage =>
  sign(elementsItem(honestId, [{ namespace: utf8('docs'), key: utf8(key), data: utf8(key) }]));
const endless = (payload: string): SignedPackage => sign({ class: endlessId, payload: utf8(payload) });
const story = ({ hash }: SignedPackage): string[] => chain.validators.tracker.story(hash)!.map(({ stage }) => stage);

test('one prune that never answers keeps no honest package out, and its builder learns why', async () => {
  const evil = [endless('one'), endless('two')];
  const [behind, beside] = [honest('behind'), honest('beside')];
  await submitTo(chain, evil[0]!, 0);
  await submitTo(chain, evil[1]!, 1);
  await submitTo(chain, behind, 0);
  await submitTo(chain, beside, 2);
  chain.block();
  expect(story(beside).at(-1)).toBe('reported');
  expect(story(behind).at(-1)).toBe('reported'); // it was behind a package of the class on its core
  chain.block();
  for (const one of [behind, beside]) expect(story(one).at(-1)).toBe('accumulated');
  for (let block = 0; block < 4; block++) {
    const next = honest(`block ${block}`);
    await submitTo(chain, next, 0);
    chain.block();
    expect(story(next).at(-1)).toBe('reported');
  }
  for (const one of evil) {
    expect(story(one)).not.toContain('reported');
    expect(chain.validators.tracker.story(one.hash)!.find(({ stage }) => stage === 'postponed')).toMatchObject({
      stage: 'postponed',
      reason: `Work Class ${endlessId} failed: its prune ran out of weight`,
    });
  }
  expect(chain.warnings).toEqual([]);
});
