// In-core guests in child processes, on a chain on disk: lookups, equal results, and packages whose guest is killed.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blake2_256, concat, err, ok, toHex, utf8, Writer } from '../../host/bytes/index.js';
import type { WorkItem } from '../../host/contract/index.js';
import { runGuest } from '../../host/executor/index.js';
import {
  authorize,
  buildPackage,
  chainOver,
  ChildRunner,
  collect,
  elementsItem,
  refine,
  signPackage,
} from '../../host/incore/index.js';
import type { Authorized, GuestRunner, Refined, SignedPackage } from '../../host/incore/index.js';
import type { StageEvent } from '../../host/validators/index.js';
import { bundle } from '../unit/bundle.js';
import { wat } from '../unit/executor/fixtures.js';
import { valueOf } from '../unit/results.js';
import { deployOrdering, signerOf, startChain, type TestChain } from './chain.js';

/**
 * Payload: the hash of a preimage of 31 bytes, and a height. Output: the preimage, then the state root of that height.
 */
const LOOKING = wat(`(module
  (import "env" "ext_corejam_lookup_version_1" (func $lookup (param i32) (result i64)))
  (import "env" "ext_corejam_state_root_version_1" (func $root (param i32) (result i64)))
  (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 4096))
  (func (export "refine") (param $p i32) (param $n i32) (result i64)
    (i32.store8 (i32.const 0) (i32.const ${63 << 2}))
    (memory.copy (i32.const 1) (i32.wrap_i64 (call $lookup (i32.add (local.get $p) (i32.const 1)))) (i32.const 31))
    (memory.copy (i32.const 32) (i32.wrap_i64 (call $root (i32.load offset=33 (local.get $p)))) (i32.const 32))
    (i64.const ${64n << 32n}))
  (func (export "prune") (export "accumulate") (param i32 i32) (result i64) unreachable))`);
const PREIMAGE = utf8('a preimage of thirty-one bytes.');

let chain: TestChain;
let children: ChildRunner;
/** The base path of the chain, and the folder of its children. */
let [base, own] = ['', ''];
let [ordering, looking] = [0, 0];

beforeAll(async () => {
  bundle('host/incore/worker.ts', 'incore-worker');
  base = mkdtempSync(join(tmpdir(), 'corejam-incore-'));
  own = mkdtempSync(join(tmpdir(), 'corejam-incore-'));
  children = new ChildRunner({
    size: 2,
    wallClockMs: 5_000,
    job: new URL('../unit/incore/children-job.mjs', import.meta.url),
    database: join(base, 'corejam', 'db'),
    modules: { folder: join(own, 'modules'), bytesMax: 2 ** 26 },
    scratch: join(own, 'scratch'),
  });
  chain = await startChain({ runGuest: children.run }, base);
  ordering = deployOrdering(chain, [0, 1]);
  chain.send('storage', 'store', [toHex(LOOKING)]);
  chain.send('storage', 'store', [toHex(PREIMAGE)]);
  const registered = chain.sudo('workClasses', 'register', [
    blake2_256(LOOKING),
    { prune: 2_000_000_000n, accumulate: 2_000_000_000n },
  ]);
  looking = Number(registered.find(({ name }) => name === 'WorkClasses.Registered')!.data[0]);
});

afterAll(async () => {
  await children.close();
  await chain.close();
  for (const folder of [base, own]) rmSync(folder, { recursive: true, force: true });
});

const packageOf = (items: WorkItem[]): SignedPackage =>
  signPackage(buildPackage(items, chain.node.best().hash), signerOf('Bob'));
const item = (key: string, data: string): WorkItem =>
  elementsItem(ordering, [{ namespace: utf8('ns'), key: utf8(key), data: utf8(data) }]);
const lookingFor = (hash: Uint8Array, height: number): WorkItem => ({
  class: looking,
  payload: concat(hash, new Writer().u32(height).finish()),
});

/** Authorized and refined by this runner. */
async function refinedBy(
  runner: GuestRunner,
  { encoded }: SignedPackage,
): Promise<{ authorized: Omit<Authorized, 'view'>; message: Uint8Array; refined: Refined }> {
  const view = chainOver(chain.node);
  const answer = valueOf(await authorize(view, runner, valueOf(collect(encoded)), 1));
  const { view: ofPackage, ...authorized } = answer;
  return { authorized, message: ofPackage.message(), refined: valueOf(await refine(view, runner, answer)) };
}

/** Resolves with the package's stage of this name, or the one that ends it. */
function stage(hash: Uint8Array, name: StageEvent['stage']): Promise<StageEvent> {
  return new Promise((resolve) => {
    chain.validators.tracker.subscribe(hash, (event) => {
      if (event.stage === name || event.stage === 'refused') resolve(event);
    });
  });
}

function submit(signed: SignedPackage, core: number): Uint8Array {
  return valueOf(chain.validators.submit(signed.encoded, core));
}

describe('a package refined in a child process', () => {
  test('gives the same as in this process: verdicts, outputs, weights, messages', async () => {
    const height = chain.node.best().number;
    const signed = packageOf([
      item('one', 'x'),
      lookingFor(blake2_256(PREIMAGE), height),
      lookingFor(blake2_256(utf8('nothing')), height),
      elementsItem(ordering, [
        { namespace: utf8('ns'), key: utf8('k'), data: utf8('a') },
        { namespace: utf8('ns'), key: utf8('k'), data: utf8('b') },
      ]),
    ]);
    const [there, here] = [await refinedBy(children.run, signed), await refinedBy(runGuest, signed)];
    expect(there).toEqual(here);
    const {
      report: { results },
    } = there.refined;
    expect(results[1]!.result).toEqual(ok(concat(PREIMAGE, chain.node.best().header.stateRoot)));
    expect(results[2]!.result).toEqual(err('panic'));
    expect(there.refined.failures[3]).toContain('has the place of an earlier one');
  });

  test('sees the state of its context block, not a newer one', async () => {
    const later = utf8('stored after the context block.');
    const signed = packageOf([lookingFor(blake2_256(later), 0)]);
    chain.send('storage', 'store', [toHex(later)]);
    expect((await refinedBy(children.run, signed)).refined.report.results[0]!.result).toEqual(err('panic'));
    const now = packageOf([lookingFor(blake2_256(later), 0)]);
    expect((await refinedBy(children.run, now)).refined.report.results[0]!.result.ok).toBe(true);
  });

  test('whose child has to be killed is refused, with no report; one on another core is not delayed', async () => {
    const stuck = submit(packageOf([item('stuck', 'host function that never returns')]), 0);
    const behind = submit(packageOf([item('behind', 'x')]), 0);
    const beside = submit(packageOf([item('beside', 'x')]), 1);
    await expect(stage(beside, 'attested')).resolves.toMatchObject({ stage: 'attested', core: 1 });
    // Authorized ahead of the core's refinements (D40), which are done one after another.
    await expect(stage(behind, 'authorized')).resolves.toMatchObject({ stage: 'authorized', core: 0 });
    for (const hash of [stuck, behind]) expect(chain.validators.tracker.story(hash)!.at(-1)!.stage).toBe('authorized');
    // A running guest does not block the node, which would wait for the 5 s after which it is stopped.
    const started = performance.now();
    expect(chain.node.runtimeCall(chain.node.best().hash, 'Core_version', new Uint8Array()).length).toBeGreaterThan(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(performance.now() - started).toBeLessThan(2_500);
    await chain.validators.settled();
    expect(chain.validators.tracker.story(stuck)!.at(-1)).toMatchObject({
      stage: 'refused',
      reason: 'hostFault',
      message:
        `Work Class ${ordering} at item 0 was stopped: it ran for more than 5 s on this node: ` +
        'this says nothing about the package, which may be submitted again',
    });
    expect(chain.validators.tracker.story(behind)!.at(-1)!.stage).toBe('attested');
    expect(chain.warnings).toEqual([]);
  });

  test('is attested even if its child is killed from outside', async () => {
    const hash = submit(packageOf([item('killed', 'x'.repeat(60_000))]), 0);
    for (const pid of children.pids) process.kill(pid, 'SIGKILL');
    await expect(stage(hash, 'attested')).resolves.toMatchObject({ stage: 'attested' });
  });
});
