// What the tests of the join share: reports of named packages, and classes whose `prune` is a function of the outputs
// that it is given. An output is its package's name.
import { blake2_256, err, ok, text, utf8 } from '../../../host/bytes/index.js';
import type { JoinAnswer, WorkReport } from '../../../host/contract/index.js';
import { type Join, join, type JoinOptions } from '../../../host/validators/join/join.js';
import { API_CALL_PS, API_CALLS_FREE, PruneCalls } from '../../../host/validators/join/prune-calls.js';
import { Random } from '../../random.js';

const hash = (name: string): Uint8Array => blake2_256(utf8(name));

/** A report with one output for each class; a negative class stands for an item that failed. */
export function report(name: string, classes: number[], prerequisite?: string): WorkReport {
  return {
    packageSpec: { hash: hash(name), root: hash('root'), len: 1 },
    context: { headerHash: hash('block'), prerequisite: prerequisite === undefined ? undefined : hash(prerequisite) },
    coreIndex: 0,
    results: classes.map((id) => ({
      class: Math.abs(id),
      itemHash: hash('item'),
      weight: 1n,
      result: id < 0 ? err('panic') : ok(utf8(name)),
    })),
    authorization: { kind: 'bulk', evidence: utf8(name) },
    authId: 10_000,
  };
}

export const nameOf = ({ authorization }: WorkReport): string =>
  authorization.kind === 'bulk' ? String.fromCharCode(...authorization.evidence) : '';
export const names = (reports: Iterable<WorkReport>): string => [...reports].map(nameOf).join('');

/** The report with these outputs instead, in the order of its results. */
export function withOutputs(one: WorkReport, ...outputs: string[]): WorkReport {
  return { ...one, results: one.results.map((result, at) => ({ ...result, result: ok(utf8(outputs[at]!)) })) };
}

/** What `prune` of a class returns for these outputs; undefined: nothing to object to. */
export type Script = (outputs: string[], id: number) => JoinAnswer | undefined;
export const indices = (...list: number[]): JoinAnswer => ({ kind: 'indices', indices: list });
export const trapped: JoinAnswer = { kind: 'trapped' };
export const overran: JoinAnswer = { kind: 'overran' };

/** An honest class: of outputs with the same first letter, the first is accepted. */
export const firstOfLetter: Script = (outputs) =>
  indices(...outputs.flatMap((output, at) => (outputs.findIndex((one) => one[0] === output[0]) < at ? [at] : [])));

/** Honest: outputs are key.number. Of each key, the first is accepted. */
export const firstOfKey: Script = (outputs) => {
  const keys = new Set<string>();
  return indices(
    ...outputs.flatMap((output, at) => {
      const key = output.split('.')[0]!;
      if (keys.has(key)) return [at];
      keys.add(key);
      return [];
    }),
  );
};

/** Honest: of each key, numbers are accepted in order, without gaps. */
export const gapless: Script = (outputs) => {
  const next = new Map<string, number>();
  return indices(
    ...outputs.flatMap((output, at) => {
      const [key, number] = output.split('.') as [string, string];
      const due = next.get(key) ?? 0;
      if (Number(number) !== due) return [at];
      next.set(key, due + 1);
      return [];
    }),
  );
};

export interface Call {
  id: number;
  outputs: string[];
  answer: JoinAnswer;
  givenPs: bigint;
}

export interface Terms {
  totalPs?: bigint;
  /** Weight of an output by class; 10⁹ for others. */
  perOutputPs?: Record<number, bigint>;
  /** What a call uses of what it is given, in per cent. Default 100. */
  usedPercent?: bigint;
}

export interface ScriptedCalls {
  calls: PruneCalls;
  /** Every call of a class, in order; each inner list is one call of the API. */
  log: Call[][];
  /** The weight that all calls used so far, with those of the API that are not free. */
  usedPs(): bigint;
}

export const GENEROUS_PS = 10n ** 15n;

/** Calls of the classes of `reports`, which answer by `script`. */
export function scripted(reports: readonly WorkReport[], script: Script, terms: Terms = {}): ScriptedCalls {
  const { totalPs = GENEROUS_PS, perOutputPs = {}, usedPercent = 100n } = terms;
  const classes = [...new Set(reports.flatMap(({ results }) => results.map((result) => result.class)))];
  const weightOf = (id: number): bigint => perOutputPs[id] ?? 1_000_000_000n;
  const log: Call[][] = [];
  const ask = (asked: readonly WorkReport[], ids: readonly number[]) => {
    const made = ids.map((id) => {
      const outputs = asked.flatMap((one) =>
        one.results.flatMap(({ class: of, result }) => (of === id && result.ok ? [text(result.value)] : [])),
      );
      const answer = script(outputs, id) ?? indices();
      return { id, outputs, answer, givenPs: weightOf(id) * BigInt(outputs.length) };
    });
    log.push(made);
    return made.map(({ id, answer, givenPs }) => ({
      classId: id,
      answer,
      weightGiven: givenPs,
      weightUsed: (givenPs * usedPercent) / 100n,
    }));
  };
  return {
    calls: new PruneCalls(ask, { total: totalPs, perOutput: classes.map(weightOf) }, classes),
    log,
    usedPs: () =>
      log
        .flat()
        .reduce(
          (sum, { givenPs }) => sum + (givenPs * usedPercent) / 100n,
          BigInt(Math.max(0, log.length - API_CALLS_FREE)) * API_CALL_PS,
        ),
  };
}

/** The join of these reports, none of which is on probation unless `options` say so. */
export function joinOf(reports: readonly WorkReport[], calls: PruneCalls, options: Partial<JoinOptions> = {}): Join {
  const random = new Random(1);
  const below = (limit: number): number => random.below(limit);
  return join(reports, calls, { content: new Set(), isOnProbation: () => false, leader: undefined, below, ...options });
}
