// A profile as text: a row for each function of the guest or the host, the most expensive first.
import type { GuestFailure, GuestResult } from '../../executor/index.js';
import { FUEL_PS, type Trace } from '../../vm/index.js';
import { printable } from '../../bytes/index.js';
import { columns, grouped } from '../layout.js';
import { bold, dim, green, red, weight } from '../terminal.js';

/** A row; all figures in fuel. */
export interface Share {
  readonly name: string;
  /** Absent for charges that are no function and occur once. */
  readonly calls?: bigint;
  readonly self: bigint;
  readonly total: bigint;
  /** The parts of a host function's price. */
  readonly note?: string;
}

/** All charges of a run, ordered by `self`, the largest first. Their sum is the weight used. */
export function sharesOf(result: GuestResult, trace: Trace): Share[] {
  const { setup, placing, functions, host } = trace;
  const once = (name: string, fuel: bigint): Share => ({ name, self: fuel, total: fuel });
  const traced = [
    ...functions.map(({ name, calls, self, total }) => ({ name, calls, self, total })),
    ...host.map(({ name, calls, fixed, bytes, further, total }) => {
      const note = `host: ${grouped(fixed)} fixed, ${grouped(bytes)} for bytes, ${grouped(further)} for other`;
      return { name, calls, self: total, total, note };
    }),
    once('setup: compiling and instantiating', setup),
    once('placing the arguments', placing),
  ];
  const sum = traced.reduce((fuel, { self }) => fuel + self, 0n);
  const used = result.weightUsed / FUEL_PS;
  return [...traced, once('taking the result', used - sum)]
    .filter(({ self, calls }) => self > 0n || (calls ?? 0n) > 0n)
    .sort((left, right) => (left.self < right.self ? 1 : left.self > right.self ? -1 : 0));
}

const percent = (part: bigint, whole: bigint): string =>
  whole === 0n ? '' : `${(Number((part * 1_000n) / whole) / 10).toFixed(1)} %`;

const FAILURES: Readonly<Record<GuestFailure, string>> = {
  trapped: 'trapped',
  outOfWeight: 'ran out of weight',
  stackExhausted: 'exhausted its stack',
  invalid: 'invalid',
  malformed: 'returned too much',
};

/** The outcome, and the first `rows` of a table. */
export function profileText(result: GuestResult, shares: readonly Share[], rows: number): string {
  const used = result.weightUsed / FUEL_PS;
  const outcome =
    result.outcome === 'returned'
      ? `${green('returned')} ${grouped(result.output.length)} bytes`
      : `${red(FAILURES[result.outcome])}: ${printable(result.reason, 400)}`;
  const table = shares
    .slice(0, rows)
    .map(({ name, calls, self, total, note }) => [
      grouped(self),
      percent(self, used),
      grouped(total),
      percent(total, used),
      calls === undefined ? '' : grouped(calls),
      note === undefined ? printable(name) : `${printable(name)} (${note})`,
    ]);
  const rest = shares.slice(rows);
  const [head, ...lines] = columns([['self', '', 'total', '', 'calls', 'function'], ...table], [0, 1, 2, 3, 4]);
  return [
    `${outcome}; ${weight(result.weightUsed)} of weight, ${grouped(used)} fuel of ${FUEL_PS} ps`,
    '',
    bold(head!),
    ...lines,
    ...(rest.length === 0
      ? []
      : [dim(`  and ${rest.length} more: ${grouped(rest.reduce((sum, { self }) => sum + self, 0n))} fuel`)]),
  ].join('\n');
}
