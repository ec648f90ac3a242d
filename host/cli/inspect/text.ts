// The report of `corejam inspect` as text for a width.
import { printable } from '../../bytes/index.js';
import { columns, grouped, wrap } from '../layout.js';
import { bold, dim, green, red, size, weight, yellow } from '../terminal.js';
import type {
  AcceptedGuest,
  Fitness,
  GuestReport,
  ImportUse,
  LimitUse,
  Refusal,
  Report,
  RuntimeReport,
  SetupPrice,
} from './report.js';
import { ENTRY_POINTS } from './report.js';

const LABEL = 18;
/** A limit is coloured from this percentage on. */
const NEAR_PERCENT = 80;

/** A label and its value, whose further lines are indented. */
function row(label: string, value: string, width: number): string {
  const indent = ' '.repeat(2 + LABEL);
  return `  ${label.padEnd(LABEL)}${wrap(value.split(' '), width, indent)}`;
}

/** The report on `file`. */
export function reportText(file: string, report: Report, width: number): string {
  const { runtime, guest } = report;
  const what = runtime !== undefined ? 'a runtime' : 'a guest';
  const good = runtime !== undefined ? runtime.accepted : guest.accepted;
  const lines = [
    `${bold(printable(file))}: ${what}, ${good ? green('accepted') : red('refused')}`,
    row(
      'size',
      `${size(report.bytes)} (${grouped(report.bytes)} bytes${report.compressed ? ', compressed' : ''})`,
      width,
    ),
    row('blake2-256', report.blake2_256, width),
    ...(runtime === undefined
      ? guestRows(guest, width)
      : [...runtimeRows(runtime, width), row('as a guest', asGuest(guest), width)]),
    ...exportLines(guest, runtime !== undefined, width),
    ...importLines(guest.imports, runtime !== undefined, width),
  ];
  if (runtime === undefined && guest.measured !== undefined) lines.push(...limitLines(guest.measured.limits));
  return lines.join('\n');
}

function runtimeRows(runtime: RuntimeReport, width: number): string[] {
  if (!runtime.accepted) return [row('refused', printable(runtime.reason, 400), width)];
  const { name, specVersion, implementation, implVersion, transactionVersion, stateVersion } = runtime;
  return [
    row('name', `${printable(name)} ${specVersion} (${printable(implementation)} ${implVersion})`, width),
    row('transactions', `version ${transactionVersion}`, width),
    row('state', `version ${stateVersion}`, width),
  ];
}

function asGuest({ refusal }: GuestReport): string {
  return refusal === undefined ? 'accepted' : `refused: ${refusalText(refusal)}`;
}

/** The rule and the place: `… at byte 90 (0x5a), in the code section, byte 4 of function 3 "f"`. */
function refusalText({ rule, offset, offsetHex, section, function: inside }: Refusal): string {
  const parts = [`at byte ${offset} (${offsetHex})`];
  if (section !== undefined)
    parts.push(section.startsWith('custom') ? `in the ${printable(section)}` : `in the ${section} section`);
  if (inside !== undefined) {
    const name = inside.name === undefined ? '' : ` "${printable(inside.name)}"`;
    parts.push(`byte ${inside.at} of function ${inside.index}${name}`);
  }
  return `${printable(rule, 400)}, ${parts.join(', ')}`;
}

function guestRows(guest: GuestReport, width: number): string[] {
  const { refusal, measured } = guest;
  if (refusal !== undefined) return [row('refused', refusalText(refusal), width), ...uses(guest, width)];
  return [...(measured === undefined ? [] : measuredRows(measured, guest.hasStart, width)), ...uses(guest, width)];
}

function measuredRows(measured: AcceptedGuest, hasStart: boolean, width: number): string[] {
  const { instrumentedBytes, setup, memoryPagesMax, limits } = measured;
  const before = limits.find(({ limit }) => limit === 'moduleBytes')!.used;
  const instrumented = `${size(instrumentedBytes)} (${grouped(instrumentedBytes)} bytes, × ${(instrumentedBytes / before).toFixed(2)})`;
  const start = hasStart ? '; the start function comes on top' : '';
  const price = ({ fuel, weightPs }: SetupPrice): string => `${grouped(fuel)} fuel (${weight(BigInt(weightPs))})`;
  const prices = [
    `${price(setup.inCore)} in-core`,
    ...(setup.onChain === undefined ? [] : [`${price(setup.onChain)} on-chain`]),
  ];
  const first = `${prices.join(', ')}, with the first call${start}`;
  const { inCore, onChain } = memoryPagesMax;
  const memory = inCore === 0 ? 'none' : `grows to ${grouped(inCore)} pages in-core, to ${grouped(onChain)} on-chain`;
  return [row('instrumented', instrumented, width), row('setup', first, width), row('memory', memory, width)];
}

function uses({ authorizer, workClass }: GuestReport, width: number): string[] {
  const verdict = ({ fits, problems }: Fitness): string =>
    fits ? 'yes' : `no: ${problems.map((problem) => printable(problem, 400)).join('; ')}`;
  return [row('as an Authorizer', verdict(authorizer), width), row('as a Work Class', verdict(workClass), width)];
}

function exportLines({ exports }: GuestReport, isRuntime: boolean, width: number): string[] {
  if (exports.length === 0) return ['', bold('Exports'), dim('  none')];
  const lines: string[] = [];
  const entries = isRuntime
    ? []
    : exports.filter(({ name, kind }) => kind === 'function' && Object.hasOwn(ENTRY_POINTS, name));
  if (entries.length > 0) {
    lines.push('', bold('Entry points'));
    lines.push(
      ...columns(entries.map(({ name, type }) => [name, type ?? '', ENTRY_POINTS[name as keyof typeof ENTRY_POINTS]])),
    );
  }
  const byType = new Map<string, string[]>();
  for (const item of exports.filter((candidate) => !entries.includes(candidate))) {
    const label =
      item.kind === 'function' || item.type === undefined ? (item.type ?? item.kind) : `${item.kind} ${item.type}`;
    byType.set(label, [...(byType.get(label) ?? []), printable(item.name)]);
  }
  if (byType.size > 0) lines.push('', bold(entries.length > 0 ? 'Other exports' : 'Exports'));
  for (const [type, names] of byType) lines.push(`  ${type}`, `    ${wrap(names, width, '    ')}`);
  return lines;
}

function importLines(imports: readonly ImportUse[], isRuntime: boolean, width: number): string[] {
  if (imports.length === 0) return ['', bold('Imports'), dim('  none')];
  const label = ({ module, name }: ImportUse): string => `${printable(module)}.${printable(name)}`;
  if (isRuntime) return ['', bold('Imports'), `    ${wrap(imports.map(label), width, '    ')}`];
  const rows = imports.map((item) => [
    label(item),
    item.type ?? item.kind,
    item.problem === undefined ? priceText(item) : '',
  ]);
  const problems = imports.filter(({ problem }) => problem !== undefined);
  return [
    '',
    bold('Imports'),
    ...columns(rows),
    ...problems.map((item) => `  ${yellow(`${label(item)}: ${printable(item.problem!, 400)}`)}`),
  ];
}

function priceText({ price, later }: ImportUse): string {
  if (price === undefined) return '';
  if (later === true) return 'not implemented yet: a call traps';
  return `${grouped(price.fixed)} fuel${price.perByte > 0 ? ` + ${price.perByte} a byte` : ''}`;
}

/** `mergesOfModule` as `merges of module`. */
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function limitLines(limits: readonly LimitUse[]): string[] {
  const rows = limits.map(({ limit, used, allowed, percent }) => [
    words(limit),
    grouped(used),
    `of ${grouped(allowed)}`,
    `${percent.toFixed(1)} %`,
  ]);
  const lines = columns(rows, [1, 2, 3]);
  return ['', bold('Limits'), ...lines.map((line, at) => (limits[at]!.percent >= NEAR_PERCENT ? yellow(line) : line))];
}
