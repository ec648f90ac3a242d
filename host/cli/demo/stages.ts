// A package's stages as they arrive, one line each.
import type { ApiPromise } from '@polkadot/api';
import { printable } from '../../bytes/index.js';
import { isLast, type StageEvent } from '../../validators/index.js';
import { bold, cyan, dim, green, red, size, weight, yellow } from '../terminal.js';

/** The most characters of a reason: a guest may have chosen them. */
const DETAIL_MAX = 400;

/** One notification of corejam_subscribePackage. Weights are decimal strings of picoseconds. */
export interface Stage {
  stage: StageEvent['stage'];
  timeMs: number;
  block: number;
  core?: number | null;
  weightPs?: string;
  bytes?: number;
  items?: number | { class: number; weightPs: string }[];
  signatures?: number;
  groupSize?: number;
  classes?: { class: number; outcome: string; weightPs: string }[];
  reason?: string;
  message?: string;
}

/** The colour of each stage. */
const PAINT: Readonly<Record<Stage['stage'], (text: string) => string>> = {
  submitted: cyan,
  authorized: cyan,
  refined: cyan,
  attested: cyan,
  postponed: yellow,
  reported: cyan,
  available: cyan,
  accumulated: green,
  pruned: yellow,
  timedOut: red,
  discarded: red,
  refused: red,
};

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** The details of a stage, in words. */
function detail(stage: Stage): string {
  switch (stage.stage) {
    case 'submitted':
      return `${size(stage.bytes!)}, ${count(stage.items as number, 'item')}`;
    case 'refined':
      return `${count((stage.items as unknown[]).length, 'item')} in the metered VM`;
    case 'attested':
      return `${stage.signatures} of ${stage.groupSize} validators of the group signed`;
    case 'reported':
      return 'registered on-chain; shards are handed out';
    case 'available':
      return 'enough validators hold and checked their shard';
    case 'accumulated':
      return stage.classes!.map(({ class: id, outcome }) => `class ${id}: ${outcome}`).join(', ');
    case 'postponed':
    case 'pruned':
      return printable(stage.reason ?? '', DETAIL_MAX);
    case 'refused':
      return printable(stage.message ?? stage.reason ?? '', DETAIL_MAX);
    case 'authorized':
    case 'timedOut':
    case 'discarded':
      return '';
  }
}

/** The weight that a stage used, if any. */
function weightOf(stage: Stage): string {
  if (stage.stage === 'accumulated')
    return weight(stage.classes!.reduce((sum, { weightPs }) => sum + BigInt(weightPs), 0n));
  return stage.weightPs === undefined ? '' : weight(BigInt(stage.weightPs));
}

/** Prints the head of the table whose rows `printStage` prints. */
function printStagesHead(): void {
  console.log(
    dim(
      `  ${'stage'.padEnd(13)}${'block'.padStart(5)}  ${'core'.padStart(4)}  ${'weight'.padStart(10)}  ${'time'.padStart(8)}`,
    ),
  );
}

function printStage(stage: Stage, startedMs: number): void {
  const core = stage.core === undefined || stage.core === null ? '' : String(stage.core);
  const time = `${stage.timeMs - startedMs} ms`;
  console.log(
    `  ${PAINT[stage.stage](stage.stage.padEnd(13))}${String(stage.block).padStart(5)}  ${core.padStart(4)}  ` +
      `${weightOf(stage).padStart(10)}  ${time.padStart(8)}  ${dim(detail(stage))}`,
  );
}

/** Submits a package and prints its stages up to the last one, which it returns. */
export async function watchPackage(api: ApiPromise, encoded: string, title: string): Promise<Stage> {
  console.log(`\n${bold(title)}`);
  printStagesHead();
  const rpc = (api.rpc as unknown as Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>>).corejam!;
  const hash = String(await rpc.submitPackage!(encoded));
  let end: (() => void) | undefined;
  const last = await new Promise<Stage>((resolve, reject) => {
    let startedMs: number | undefined;
    rpc.subscribePackage!(hash, (notification: { toJSON(): unknown }) => {
      const stage = notification.toJSON() as Stage;
      startedMs ??= stage.timeMs;
      printStage(stage, startedMs);
      if (isLast(stage)) resolve(stage);
    }).then((unsubscribe) => {
      end = unsubscribe as () => void;
    }, reject);
  });
  end?.();
  return last;
}
