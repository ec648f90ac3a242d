// What `corejam inspect` finds: plain data, which `--json` prints and text.ts formats.
import { blake2_256, err, ok, toHex, type Result } from '../../bytes/index.js';
import {
  GUEST_FUNCTIONS,
  InvalidRuntime,
  isCompressed,
  ON_CHAIN_LIMITS,
  ON_CHAIN_SCHEDULE,
  plainCode,
  Runtime,
} from '../../executor/index.js';
import { FUEL_PS, InvalidModule, LIMITS, locate, outline, prepare, signatureText } from '../../vm/index.js';
import type { Limits, Outline, OutlineItem, Place, PreparedModule, PrepareOptions } from '../../vm/index.js';

/**
 * The entry points that CoreJam calls, and what they do (docs/decisions/0001-specification.md). All have ENTRY_TYPE.
 */
export const ENTRY_POINTS = {
  is_authorized: 'an Authorizer decides whether a package may use the core, in-core',
  refine: 'a Work Class makes the output of an item, in-core',
  prune: 'a Work Class names the outputs that conflict, on-chain',
  accumulate: 'a Work Class adds its outputs to its state, on-chain',
} as const;
const ENTRY_TYPE = '(i32, i32) -> (i64)';
const HEAP_BASE = '__heap_base';

/** Why and where the metered VM refuses a module. An offset of 0 concerns the whole module. */
export interface Refusal extends Place {
  readonly rule: string;
  readonly offset: number;
  readonly offsetHex: string;
}

/** How much of a limit is used; `percent` is `used` of `allowed`. */
export interface LimitUse {
  readonly limit: string;
  readonly used: number;
  readonly allowed: number;
  readonly percent: number;
}

/** Whether a module can be used for a purpose, and the reasons against it. */
export interface Fitness {
  readonly fits: boolean;
  readonly problems: readonly string[];
}

/** Figures of an accepted guest. */
export interface AcceptedGuest {
  readonly limits: readonly LimitUse[];
  readonly instrumentedBytes: number;
  /** What the first call of an instance is charged before it starts, in-core and, if it is valid there, on-chain. */
  readonly setup: { readonly inCore: SetupPrice; readonly onChain?: SetupPrice };
  /** The maximum of its memory in pages of 64 KiB, in-core and on-chain. */
  readonly memoryPagesMax: { readonly inCore: number; readonly onChain: number };
}

export interface SetupPrice {
  readonly fuel: number;
  readonly weightPs: number;
}

/** An import and its price in fuel, which is absent if the host has no such function. */
export interface ImportUse {
  readonly module: string;
  readonly name: string;
  readonly kind: string;
  readonly type?: string;
  readonly price?: { readonly fixed: number; readonly perByte: number };
  /** It is not implemented yet: a call traps. */
  readonly later?: true;
  /** Why it can't be linked. */
  readonly problem?: string;
}

/** A module as a guest. */
export interface GuestReport {
  readonly accepted: boolean;
  readonly refusal?: Refusal;
  /** Present if only the on-chain limits are exceeded. */
  readonly refusalOnChain?: Refusal;
  readonly exports: readonly OutlineItem[];
  readonly imports: readonly ImportUse[];
  readonly hasStart: boolean;
  readonly authorizer: Fitness;
  readonly workClass: Fitness;
  /** Present if it is accepted. */
  readonly measured?: AcceptedGuest;
}

/** A module as a runtime blob. */
export type RuntimeReport =
  | { readonly accepted: false; readonly reason: string }
  | {
      readonly accepted: true;
      readonly name: string;
      readonly specVersion: number;
      readonly implementation: string;
      readonly implVersion: number;
      readonly transactionVersion: number;
      readonly stateVersion: number;
    };

/** The whole report. `runtime` is present if the module exports `Core_version`. */
export interface Report {
  readonly bytes: number;
  readonly blake2_256: string;
  readonly compressed: boolean;
  readonly runtime?: RuntimeReport;
  readonly guest: GuestReport;
}

/** Examines a module, plain or compressed. Throws InvalidRuntime if it can't be decompressed. */
export function examine(given: Uint8Array): Report {
  const code = plainCode(given);
  const shape = outline(code);
  const isRuntime = shape.exports.some(({ name }) => name === 'Core_version');
  return {
    bytes: given.length,
    blake2_256: toHex(blake2_256(given)),
    compressed: isCompressed(given),
    ...(isRuntime ? { runtime: runtimeReport(given) } : {}),
    // A guest is never compressed: the VM would receive these bytes.
    guest: guestReport(given, shape),
  };
}

function runtimeReport(code: Uint8Array): RuntimeReport {
  try {
    const version = Runtime.load(code).version();
    return {
      accepted: true,
      name: version.specName,
      specVersion: version.specVersion,
      implementation: version.implName,
      implVersion: version.implVersion,
      transactionVersion: version.transactionVersion,
      stateVersion: version.stateVersion,
    };
  } catch (error) {
    if (error instanceof InvalidRuntime) return { accepted: false, reason: error.message };
    throw error;
  }
}

function guestReport(code: Uint8Array, shape: Outline): GuestReport {
  const inCore = attempt(code, { limits: LIMITS });
  const onChain = inCore.ok ? attempt(code, { limits: ON_CHAIN_LIMITS, schedule: ON_CHAIN_SCHEDULE }) : undefined;
  const general = inCore.ok ? heapProblems(shape) : ['the metered VM refuses the module'];
  const refusalOnChain = onChain === undefined || onChain.ok ? undefined : onChain.error;
  const chainProblem =
    refusalOnChain === undefined ? [] : [`on-chain the metered VM refuses it: ${refusalOnChain.rule}`];
  return {
    accepted: inCore.ok,
    ...(inCore.ok ? {} : { refusal: inCore.error }),
    ...(refusalOnChain === undefined ? {} : { refusalOnChain }),
    exports: shape.exports,
    imports: shape.imports.map(importUse),
    hasStart: shape.hasStart,
    authorizer: fitness([...general, ...entryProblems(shape, 'is_authorized')]),
    workClass: fitness([
      ...general,
      ...chainProblem,
      // `prune` is called only if the class has weight for it (D5).
      ...entryProblems(shape, 'refine'),
      ...entryProblems(shape, 'prune', true),
      ...entryProblems(shape, 'accumulate'),
    ]),
    ...(inCore.ok ? { measured: measured(inCore.value, onChain?.ok === true ? onChain.value : undefined) } : {}),
  };
}

/** Prepares the module as the chain does, with the host's functions. */
function attempt(code: Uint8Array, terms: PrepareOptions): Result<PreparedModule, Refusal> {
  try {
    return ok(prepare(code, { ...terms, imports: { functions: GUEST_FUNCTIONS } }));
  } catch (error) {
    if (!(error instanceof InvalidModule)) throw error;
    const { reason, offset } = error;
    return err({ rule: reason, offset, offsetHex: `0x${offset.toString(16)}`, ...locate(code, offset) });
  }
}

const fitness = (problems: readonly string[]): Fitness => ({ fits: problems.length === 0, problems });

/** What host/executor requires of every guest besides the entry point. */
function heapProblems({ exports, hasMemory }: Outline): string[] {
  const base = exports.find(({ name }) => name === HEAP_BASE);
  const problems = hasMemory ? [] : ['it has no memory'];
  if (base === undefined) problems.push(`it exports no ${HEAP_BASE}`);
  else if (base.kind !== 'global' || base.type?.replace('mut ', '') !== 'i32')
    problems.push(`its ${HEAP_BASE} is not an i32 global`);
  return problems;
}

function entryProblems({ exports }: Outline, name: keyof typeof ENTRY_POINTS, optional = false): string[] {
  const found = exports.find((item) => item.name === name);
  if (found === undefined) return optional ? [] : [`${name} is missing`];
  if (found.kind !== 'function') return [`${name} is a ${found.kind}, not a function`];
  return found.type === ENTRY_TYPE ? [] : [`${name} is ${found.type}, not ${ENTRY_TYPE}`];
}

function importUse({ module, name, kind, type }: Outline['imports'][number]): ImportUse {
  const base = { module, name, kind, ...(type === undefined ? {} : { type }) };
  if (kind !== 'function') return { ...base, problem: `a ${kind}: guests import functions only` };
  if (module !== 'env') return { ...base, problem: 'guests import from env only' };
  const known = Object.hasOwn(GUEST_FUNCTIONS, name) ? GUEST_FUNCTIONS[name] : undefined;
  if (known === undefined) return { ...base, problem: 'there is no such function' };
  const { fixed, perByte } = known.price;
  const later = known.server === 'later' ? { later: true as const } : {};
  const priced = { ...base, price: { fixed: Number(fixed), perByte: Number(perByte) }, ...later };
  return signatureText(known) === type ? priced : { ...priced, problem: `it is ${signatureText(known)}` };
}

/** Two limits that bound the instrumented module together: shown as one, in bytes. */
const TOGETHER: readonly (keyof Limits)[] = ['instrumentedRatio', 'instrumentedSlackBytes'];

const setupPrice = ({ setupFuel }: PreparedModule['facts']): SetupPrice => ({
  fuel: setupFuel,
  weightPs: setupFuel * Number(FUEL_PS),
});

function measured(module: PreparedModule, onChain: PreparedModule | undefined): AcceptedGuest {
  const { measures, limits, instrumented, facts } = module;
  const use = (limit: string, used: number, allowed: number): LimitUse => ({
    limit,
    used,
    allowed,
    percent: Math.round((used / allowed) * 1000) / 10,
  });
  const names = (Object.keys(limits) as (keyof Limits)[]).filter((name) => !TOGETHER.includes(name));
  const bound = measures.moduleBytes * limits.instrumentedRatio + limits.instrumentedSlackBytes;
  return {
    limits: [
      ...names.map((name) => use(name, measures[name], limits[name])),
      use('instrumentedBytes', instrumented.length, bound),
    ],
    instrumentedBytes: instrumented.length,
    setup: { inCore: setupPrice(facts), ...(onChain === undefined ? {} : { onChain: setupPrice(onChain.facts) }) },
    memoryPagesMax: { inCore: module.memoryPagesMax, onChain: onChain?.memoryPagesMax ?? 0 },
  };
}
