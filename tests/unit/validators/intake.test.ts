// Which packages a node accepts, before any work. Spec: D40.
import { describe, expect, test } from '@jest/globals';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { buildPackage, collect, packageHash, refuse, withEvidence } from '../../../host/incore/index.js';
import { errorOf } from '../results.js';
import { obliging } from './world.js';
import { gatedWorld } from './gated-world.js';

describe('refused at submission, before any work', () => {
  test('a package that is on its way here, at each stage', async () => {
    const { node, gate, submit, rest, validators } = gatedWorld();
    gate.hold('is_authorized');
    expect(submit('one', 0)).toBeUndefined();
    expect(submit('one', 0)).toBe('alreadyKnown'); // waits for authorization
    gate.hold('refine');
    gate.release('is_authorized');
    await rest();
    expect(submit('one', 1)).toBe('alreadyKnown'); // is refined
    gate.release('refine');
    await validators.settled();
    expect(submit('one')).toBe('alreadyKnown'); // is attested
    node.author();
    expect(submit('one', 0)).toBe('alreadyKnown'); // is Registered
    expect(gate.runs).toEqual(['is_authorized', 'refine']);
  });

  test('an accumulated package is not refined again, however often it is resubmitted, nor after a restart', async () => {
    const { node, gate, submit, stages, restart, validators } = gatedWorld();
    submit('one', 0);
    await validators.settled();
    node.author();
    node.author();
    expect(stages('one')).toMatch(/accumulated$/);
    const runs = gate.runs.length;
    for (let time = 0; time < 10; time++) expect(submit('one', 0)).toBe('alreadyRegistered');
    restart();
    expect([submit('one', 0), submit('one')]).toEqual(['alreadyRegistered', 'alreadyRegistered']);
    expect(gate.runs).toHaveLength(runs);
  });

  test('a package that timed out, with the advice to build it anew', async () => {
    const { node, gate, last, hashOf, submit, validators } = gatedWorld({ deliver: () => undefined });
    submit('one', 0);
    const encoded = withEvidence(buildPackage([{ class: 1, payload: utf8('one') }], node.best().hash), utf8('one'));
    await validators.settled();
    for (let block = 0; block < 11; block++) node.author();
    expect(last('one')).toMatchObject({ stage: 'timedOut', block: 11 });
    expect(toHex(encoded.hash)).toBe(toHex(hashOf('one')));
    expect(errorOf(validators.submit(encoded.encoded, 0))).toMatchObject({
      reason: 'alreadyRegistered',
      message: expect.stringMatching(/build it anew, with a newer context$/),
    });
    expect(gate.runs).toEqual(['is_authorized', 'refine']);
  });

  test('a package for a core that the chain does not have', () => {
    const { gate, submit } = gatedWorld();
    expect([submit('one', 3), submit('one', 2)]).toEqual(['unknownCore', undefined]);
    expect(gate.runs).toEqual([]);
  });
});

describe('a package whose story ended otherwise may come again', () => {
  test('refused by its Authorizer', async () => {
    let says = 0;
    const { submit, last, stages, validators } = gatedWorld({
      runGuest: (run) =>
        run.entry === 'is_authorized'
          ? { outcome: 'returned', output: Uint8Array.of(says), weightUsed: 1n }
          : obliging(run),
    });
    submit('one', 0);
    await validators.settled();
    expect(last('one')).toMatchObject({ stage: 'refused', reason: 'notAuthorized' });
    says = 1;
    expect(submit('one', 0)).toBeUndefined();
    await validators.settled();
    expect(stages('one')).toBe('submitted authorized refined attested');
  });

  test.each(['is_authorized', 'refine'])('hostFault in %s', async (entry) => {
    let fails = true;
    const { submit, last, stages, validators } = gatedWorld({
      runGuest: (run) => {
        if (fails && run.entry === entry) throw new Error('out of order');
        return obliging(run);
      },
    });
    submit('one', 0);
    await validators.settled();
    expect(last('one')).toMatchObject({ stage: 'refused', reason: 'hostFault' });
    fails = false;
    expect(submit('one', 0)).toBeUndefined();
    await validators.settled();
    expect(stages('one')).toBe('submitted authorized refined attested');
  });

  test('busy', async () => {
    const { node, submit, stages, validators } = gatedWorld({ bounds: { corePackagesMax: 1 } });
    submit('one', 0);
    await validators.settled();
    expect(submit('two', 0)).toBe('busy');
    node.author();
    node.author(); // "one" is accumulated
    expect(submit('two', 0)).toBeUndefined();
    await validators.settled();
    expect(stages('two')).toBe('submitted authorized refined attested');
  });

  test('pruned', async () => {
    const { node, submit, last, validators } = gatedWorld();
    submit('one', 0);
    await validators.settled();
    node.joinAnswer = () => ({ kind: 'indices', indices: [0] });
    node.author();
    expect(last('one')).toMatchObject({ stage: 'pruned' });
    expect(submit('one', 0)).toBeUndefined();
  });

  test('Registered on a fork that is abandoned', async () => {
    const { node, submit, last, stages, validators } = gatedWorld();
    submit('one', 0);
    await validators.settled();
    node.author();
    expect(stages('one')).toMatch(/reported$/);
    node.abandon(1);
    node.author();
    expect(last('one')).toMatchObject({ stage: 'refused', reason: 'abandonedFork', block: 1, core: 0 });
    expect(submit('one', 0)).toBeUndefined();
    await validators.settled();
    node.author();
    node.author();
    expect(stages('one')).toBe('submitted authorized refined attested reported available accumulated');
  });

  test('expired: it is not known any more, but its context is too old', async () => {
    const { node, submit, last, validators } = gatedWorld();
    submit('one', 0);
    await validators.settled();
    node.reportError = () => 'ShareExhausted';
    for (let block = 0; block < 15; block++) node.author();
    expect(last('one')).toMatchObject({ stage: 'refused', reason: 'expired' });
    expect(submit('one', 0)).toBe('contextNotRecent');
  });
});

test("a block with packages of other nodes takes this node's own further, and no other is taken for its own", async () => {
  const { node, submit, last, stages, hashOf, validators } = gatedWorld();
  expect(submit('own', 1)).toBeUndefined();
  await validators.settled();
  // It comes first in the block, and is still undecided when this node's own is accumulated.
  node.foreign.push({ packageHash: hashOf('foreign'), core: 0, stage: 'registered' });
  node.author();
  expect(stages('own')).toBe('submitted authorized refined attested reported');
  expect(last('own')).toMatchObject({ core: 1, block: 1 });
  for (const stage of ['available', 'accumulated'] as const) {
    node.foreign.push({ packageHash: hashOf('foreign'), core: 0, stage });
    node.author();
  }
  expect(stages('own')).toBe('submitted authorized refined attested reported available accumulated');
  expect(validators.tracker.story(hashOf('foreign'))).toBeUndefined();
});

test('a package that comes again is recognized by its hash, before it is decoded', () => {
  const known = refuse('alreadyKnown', 'it is known');
  const seen: Uint8Array[] = [];
  const junk = utf8('no package');
  const answer = collect(junk, (hash) => {
    seen.push(hash);
    return known;
  });
  expect(answer).toBe(known);
  expect(seen).toEqual([packageHash(junk)]);
  expect(errorOf(collect(junk)).reason).toBe('undecodable');
});
