// Refinement: runs each item's Work Class on its payload, and makes the Work Report.
//
// Spec: RFC-0031 § Refine; D1, D17 (which failures are Timeout and which Panic), D18 (2 s of weight for all items in
// order), D20 (the erasure root), D36. The report is deterministic; signing it is left to host/validators.
import { err, ok, type Result, toHex, tryDecode, Writer } from '../bytes/index.js';
import {
  MAX_WORK_OUTPUT_SIZE,
  REFINE_WEIGHT_PS,
  type WorkError,
  type WorkItem,
  type WorkReport,
  type WorkResult,
  writeAuthorization,
  writeContext,
} from '../contract/index.js';
import { encode as makeShards, type Encoded } from '../erasure/index.js';
import type { GuestFailure } from '../executor/index.js';
import type { Authorized } from './authorize.js';
import type { InCoreChain } from './chain.js';
import { functionsOf, refineView } from './functions.js';
import { itemHash } from './messages.js';
import { refuse, type Refusal } from './refusal.js';
import { type GuestResult, type GuestRunner, type InCoreRun, runOrRefuse } from './runner.js';

/** A refined package: the report that its group signs, and the shards to distribute once it is Registered. */
export interface Refined {
  report: WorkReport;
  shards: Encoded;
  /** Validator indices of the core's group at the context block, in the order of an attestation's bits. */
  group: number[];
  /** For each item that failed, the reason as text. Not part of the report. */
  failures: (string | undefined)[];
}

/** Runs all items in order and makes the report. */
export async function refine(
  chain: InCoreChain,
  runGuest: GuestRunner,
  authorized: Authorized,
): Promise<Result<Refined, Refusal>> {
  const { workPackage, encoded, hash, core, authId, context } = authorized;
  const group = chain.group(context.hash, core);
  if (group.length === 0) return refuse('emptyGroup', `core ${core} has no validators at block ${context.number}`);
  // Not a failure under D17: the chain cannot register a report with an unknown class.
  const work: { item: WorkItem; codeHash: Uint8Array }[] = [];
  for (const [index, item] of workPackage.items.entries()) {
    const codeHash = chain.classCode(context.hash, item.class);
    if (codeHash === undefined) {
      return refuse(
        'unknownClass',
        `Work Class ${item.class} of item ${index} is not registered at block ${context.number}`,
      );
    }
    work.push({ item, codeHash });
  }
  const results: WorkResult[] = [];
  const failures: (string | undefined)[] = [];
  let left = REFINE_WEIGHT_PS;
  const view = refineView(authorized.view, chain, context);
  const functions = functionsOf(view);
  for (const [index, { item, codeHash }] of work.entries()) {
    const code = chain.lookup(context.hash, codeHash);
    const outcome =
      code === undefined
        ? ok(panic(`the code of class ${item.class} (${toHex(codeHash)}) is not in Storage at block ${context.number}`))
        : await run(
            runGuest,
            {
              code,
              codeHash,
              entry: 'refine',
              args: refineArguments(authorized, item),
              weight: left,
              outputBytesMax: OUTPUT_BYTES_MAX,
              functions,
              view,
            },
            `Work Class ${item.class} at item ${index}`,
          );
    if (!outcome.ok) return outcome;
    const { result, weight, failure } = outcome.value;
    left -= weight;
    results.push({ class: item.class, itemHash: itemHash(item), result, weight });
    failures.push(failure);
  }
  const shards = makeShards(encoded, chain.validators(context.hash).length);
  const report: WorkReport = {
    packageSpec: { hash, root: shards.root, len: encoded.length },
    context: workPackage.context,
    coreIndex: core,
    results,
    authorization: workPackage.authorization,
    authId,
  };
  return ok({ report, shards, group, failures });
}

/** SCALE of `(payload, authorization, auth_id, context, package_hash)`. */
function refineArguments({ workPackage, authId, hash }: Authorized, { payload }: WorkItem): Uint8Array {
  const writer = new Writer(payload.length + 256).bytes(payload);
  writeAuthorization(writer, workPackage.authorization);
  writer.option(authId, (into, id) => into.u32(id));
  writeContext(writer, workPackage.context);
  return writer.raw(hash).finish();
}

/** The result of one item; `failure` is the reason, as text, why it has no output. */
interface Outcome {
  result: WorkResult['result'];
  weight: bigint;
  failure?: string;
}

/** Runs one item. If it fails, `failure` includes the last line that it logged. */
async function run(
  runGuest: GuestRunner,
  request: Omit<InCoreRun, 'log'>,
  whose: string,
): Promise<Result<Outcome, Refusal>> {
  let lastWords: string | undefined;
  const log: InCoreRun['log'] = (_level, _target, message) => void (lastWords = message);
  const result = await runOrRefuse(runGuest, { ...request, log }, whose);
  if (!result.ok) return result;
  const outcome = outcomeOf(result.value);
  if (outcome.failure !== undefined && lastWords !== undefined) outcome.failure += `: ${lastWords}`;
  return ok(outcome);
}

/** The longest result of `refine`: a Work Output with its length, in two bytes. */
const OUTPUT_BYTES_MAX = 2 + MAX_WORK_OUTPUT_SIZE;

/** D17: the error of an item whose run failed. */
const ERRORS: Readonly<Record<GuestFailure, WorkError>> = {
  outOfWeight: 'timeout',
  trapped: 'panic',
  stackExhausted: 'panic',
  invalid: 'panic',
  malformed: 'panic',
};

function outcomeOf(result: GuestResult): Outcome {
  const weight = result.weightUsed;
  if (result.outcome !== 'returned') return { result: err(ERRORS[result.outcome]), weight, failure: result.reason };
  const output = tryDecode((reader) => reader.bytes(MAX_WORK_OUTPUT_SIZE), result.output);
  return output.ok
    ? { result: output, weight }
    : panic(`refine returned no Work Output: ${output.error.message}`, weight);
}

function panic(failure: string, weight = 0n): Outcome {
  return { result: err('panic'), weight, failure };
}
