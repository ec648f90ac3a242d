// The six validators of a dev chain, on a fake node.
import { utf8, Writer } from '../../../host/bytes/index.js';
import type { Database } from '../../../host/db/index.js';
import { verifySignature } from '../../../host/executor/index.js';
import { buildPackage, withEvidence } from '../../../host/incore/index.js';
import type { GuestResult, GuestRun } from '../../../host/incore/index.js';
import { Validators } from '../../../host/validators/index.js';
import type { ValidatorsOptions } from '../../../host/validators/index.js';
import { signerOf } from '../incore/fixtures.js';
import { valueOf } from '../results.js';
import { FakeNode } from './fake-node.js';

export const SIGNERS = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'].map(signerOf);

/** Authorizes every package, and returns an item's payload as its output. */
export function obliging({ entry, args }: GuestRun): GuestResult {
  if (entry === 'is_authorized') return { outcome: 'returned', output: Uint8Array.of(1), weightUsed: 10n };
  const length = args[0]! >> 2; // payloads here are short
  return { outcome: 'returned', output: new Writer().bytes(args.subarray(1, 1 + length)).finish(), weightUsed: 20n };
}

/** A fake node with these validators, an Authorizer for each of three cores, and a class. */
export function newNode(database?: Database): FakeNode {
  const node = new FakeNode(database);
  node.validatorKeys = SIGNERS.map((signer) => signer.publicKey);
  const codeHash = node.provide(utf8('code'));
  for (const core of [0, 1, 2]) node.assigned.set(core, { id: 10_000 + core, codeHash, param: utf8('param') });
  node.classes.set(1, codeHash);
  return node;
}

/** The validators of a node, whose guests are obliging and whose clock stands still. */
export function validatorsOf(node: FakeNode, change: Partial<ValidatorsOptions> = {}): Validators {
  return new Validators({
    chain: node,
    signers: SIGNERS,
    runGuest: obliging,
    nowMs: () => 0,
    warn: () => undefined,
    verify: (key, message, signature) => verifySignature('sr25519', key, message, signature),
    ...change,
  });
}

/** A node whose packages are worked on as soon as they are submitted. */
export interface World {
  node: FakeNode;
  validators: Validators;
  warnings: string[];
  submit(name: string, core?: number, prerequisite?: Uint8Array, classId?: number): Promise<Uint8Array>;
  stages(hash: Uint8Array): string;
}

export function world(change: Partial<ValidatorsOptions> = {}): World {
  const node = newNode();
  const warnings: string[] = [];
  let time = 1_000;
  const validators = validatorsOf(node, {
    nowMs: () => time++,
    warn: (message) => void warnings.push(message),
    ...change,
  });
  return {
    node,
    validators,
    warnings,
    submit: async (name, core, prerequisite, classId) => {
      const hash = valueOf(validators.submit(packageOf(node, name, prerequisite, classId), core));
      await validators.settled();
      return hash;
    },
    stages: (hash) => (validators.tracker.story(hash) ?? []).map(({ stage }) => stage).join(' '),
  };
}

/** A package with one item and the evidence of an Authorizer, both of which are its name. */
export function packageOf(
  node: Pick<FakeNode, 'best'>,
  name: string,
  prerequisite?: Uint8Array,
  classId = 1,
): Uint8Array {
  const built = buildPackage([{ class: classId, payload: utf8(name) }], node.best().hash, prerequisite);
  return withEvidence(built, utf8(name)).encoded;
}
